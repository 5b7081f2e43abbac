// Headers of a capture, and what their values are made of. No DOM.

import { joined, latin1, latin1Bytes } from "./bytes.js";
import { decoded, labelled } from "./charset.js";

/** One parameter: its name, then a quoted string or all up to the next semicolon. */
const PARAMETER = /;\s*([^\s=;"]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"?|([^;]*))/gs;

/** All values of a header of a capture, in order. */
export function headerValues(capture, name) {
  return (capture.headers ?? []).filter(([other]) => other.toLowerCase() === name).map(([, value]) => value);
}

/** "text/plain; charset=utf-8" as `{type, parameters}`, names in lower case. The first of two alike counts. */
export function mediaType(value) {
  const text = value ?? "";
  const parameters = {};
  for (const [, name, quoted, plain] of text.matchAll(PARAMETER)) {
    // Browsers write a backslash of a path as it is: only what has to be escaped was.
    parameters[name.toLowerCase()] ??= quoted === undefined ? plain.trim() : quoted.replace(/\\(["\\])/g, "$1");
  }
  for (const name of Object.keys(parameters).filter((one) => /^[^*]+\*$/.test(one))) {
    const extended = extendedValue(parameters[name]);
    if (extended !== undefined) parameters[name.slice(0, -1)] = extended;
  }
  for (const name of Object.keys(parameters).filter((one) => /\*0\*?$/.test(one))) {
    const joined = joinedValue(parameters, name.replace(/\*0\*?$/, ""));
    if (joined !== undefined) parameters[name.replace(/\*0\*?$/, "")] = joined;
  }
  // A boundary may look like one, and is none.
  for (const name of ["name", "filename"]) if (Object.hasOwn(parameters, name)) parameters[name] = encodedWords(parameters[name]);
  return { type: text.split(";", 1)[0].trim().toLowerCase(), parameters };
}

/** "UTF-8''na%C3%AFve.txt" (RFC 8187), or undefined for what is none. */
function extendedValue(value) {
  const [, charset, escaped] = /^([\w.:-]+)'[^']*'(.*)$/s.exec(value) ?? [];
  const known = charset && labelled(charset);
  return known && decoded(latin1Bytes(bytesOf(escaped)), known);
}

/** A value in pieces, `name*0`, `name*1*` and so on (RFC 2231), or undefined for what is none. */
function joinedValue(parameters, name) {
  let charset;
  let all = "";
  for (let index = 0; ; index += 1) {
    const extended = parameters[`${name}*${index}*`];
    const piece = extended ?? parameters[`${name}*${index}`];
    if (piece === undefined) break;
    const [, named, rest] = (index === 0 && extended !== undefined && /^([\w.:-]*)'[^']*'(.*)$/s.exec(extended)) || [];
    charset ??= named;
    all += extended === undefined ? latin1(new TextEncoder().encode(piece)) : bytesOf(rest ?? extended);
  }
  return decoded(latin1Bytes(all), labelled(charset ?? "") ?? "utf-8");
}

/** With escapes as the bytes that they stand for, one character each. */
function bytesOf(escaped) {
  return latin1(new TextEncoder().encode(escaped)).replace(/%([0-9a-fA-F]{2})/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 16)));
}

const WORD = String.raw`=\?[\w.:-]{1,40}(?:\*[\w-]{0,40})?\?[bqBQ]\?[^?\s]*\?=`;
const WORDS = new RegExp(`${WORD}(?:\\s+${WORD})*`, "g");

/** A text with the encoded words of mail (RFC 2047) as what they stand for: "=?utf-8?Q?Gr=C3=BC=C3=9Fe?=". */
export function encodedWords(text) {
  return text.includes("=?") ? text.replace(WORDS, (words) => decodedWords(words.split(/\s+/)) ?? words) : text;
}

/** Undefined where one of them is none. A letter may be cut in two by the end of a word. */
function decodedWords(words) {
  const runs = [];
  for (const word of words) {
    const [, name, coding, content] = /^=\?([\w.:-]+)(?:\*[\w-]*)?\?([bq])\?([^?]*)\?=$/i.exec(word);
    const charset = labelled(name);
    const bytes = coding.toLowerCase() === "q" ? quotedBytes(content.replaceAll("_", " ")) : base64Bytes(content);
    if (!charset || bytes === undefined) return undefined;
    if (runs.at(-1)?.charset === charset) runs.at(-1).pieces.push(bytes);
    else runs.push({ charset, pieces: [bytes] });
  }
  const texts = runs.map(({ charset, pieces }) => decoded(joined(pieces), charset));
  return texts.includes(undefined) ? undefined : texts.join("");
}

/** Quoted-printable as bytes; what is no escape stays. */
export function quotedBytes(text) {
  return latin1Bytes(text.replace(/=[ \t]*\r?\n/g, "").replace(/=([0-9A-Fa-f]{2})/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 16))));
}

/** Base64 as bytes, lines and all; undefined of what is none. */
export function base64Bytes(text) {
  try {
    return latin1Bytes(atob(text.replace(/\s+/g, "")));
  } catch {
    return undefined;
  }
}

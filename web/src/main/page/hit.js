// Where in a capture a word stands, with the letters around it. No DOM.

import { textOf } from "./charset.js";
import { readPairs } from "./form.js";
import { headerValues, mediaType } from "./headers.js";
import { inlineBytes } from "./inline.js";
import { wordPattern } from "./match.js";
import { readableHead, readableHeaders } from "./readable.js";
import { secretPlace } from "./verification.js";

/** Few: a row is short, and the word is to be seen. */
const BEFORE = 12;
const AFTER = 90;

const BACKSLASH = 0x5c;
const LETTER_U = 0x75;
/** By the code of the letter behind a backslash, what it stands for: most stand for themselves. */
const ESCAPES = Uint8Array.from({ length: 128 }, (_, code) => ({ 0x6e: 0x0a, 0x72: 0x0d, 0x74: 0x09 })[code] ?? code);
const PIECE = 32_768;
const PERCENT = 0x25;
const PLUS = 0x2b;
const SPACE = 0x20;
/** By the code of a hexadecimal digit, what it counts. */
const DIGITS = new Map([..."0123456789abcdefABCDEF"].map((digit) => [digit.charCodeAt(0), Number.parseInt(digit, 16)]));

/**
 * `{place, name, before, word, after}` of a capture that came with headers and body. `place` is `path`, `query`,
 * `headers` or `body`, and undefined where this page does not find the word; `name` is a header's. Only `place` is there
 * where the letters are not at hand, or would show a secret.
 */
export function hitOf(capture, word) {
  const pattern = wordPattern(word, "iu");
  for (const place of ["path", "query"]) {
    const written = capture[place] ?? "";
    const found = [readableHead(capture)[place] ?? "", written, unescaped(written)].map((text) => around(text, pattern)).find(Boolean);
    if (found) return { place, ...found };
  }
  const secret = secretPlace(capture, inlineBytes(capture.body));
  for (const [name, value] of [...readableHeaders(capture), ...(capture.cookies ?? []).map((cookie) => ["cookie", cookie])]) {
    const found = around(value, pattern);
    if (found) return secret === "headers" ? { place: "headers" } : { place: "headers", name, ...found };
  }
  return secret === undefined ? inBody(capture, pattern) : { place: "body" };
}

/**
 * The same of a body that was packed, of which these are the `texts`. It is looked at in steps, between which `pause` lets
 * the page do other work.
 */
export async function packedHitOf({ capture, texts }, word, pause) {
  const pattern = wordPattern(word, "iu");
  const look = async (text) => {
    const found = around(text, pattern);
    await pause();
    return found;
  };
  for (const text of texts) {
    const found = (await look(text)) ?? (text.includes("\\") ? await look(escapesOfJsonUndone(text)) : undefined);
    if (found) return secretPlace(capture, new TextEncoder().encode(texts[0])) === undefined ? { place: "body", ...found } : { place: "body" };
  }
  return {};
}

/** With its escapes undone, in which a plus may be a space. */
function unescaped(text, charset) {
  return readPairs(text, charset).pairs.map((pair) => pair.join("=")).join("&");
}

function inBody(capture, pattern) {
  const bytes = inlineBytes(capture.body);
  const { type, parameters } = mediaType(headerValues(capture, "content-type")[0]);
  const { text } = bytes ? textOf(bytes, parameters.charset) : {};
  if (text === undefined) return { place: "body" };
  const plain = type === "application/x-www-form-urlencoded" ? unescaped(text, parameters.charset) : text;
  const found = [text, plain, escapesOfJsonUndone(plain)].map((one) => around(one, pattern)).find(Boolean);
  return found ? { place: "body", ...found } : {};
}

/** With the escapes that strings of JSON have undone. Letter by letter: a call for each escape takes a hundred times as long. */
function escapesOfJsonUndone(text) {
  const codes = new Uint16Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    let code = text.charCodeAt(at);
    if (code === BACKSLASH && at + 1 < text.length) {
      at += 1;
      const unit = text.charCodeAt(at) === LETTER_U ? unitAt(text, at + 1) : -1;
      code = unit < 0 ? (ESCAPES[text.charCodeAt(at)] ?? text.charCodeAt(at)) : unit;
      if (unit >= 0) at += 4;
    }
    codes[length] = code;
    length += 1;
  }
  let undone = "";
  for (let at = 0; at < length; at += PIECE) undone += String.fromCharCode.apply(undefined, codes.subarray(at, Math.min(length, at + PIECE)));
  return undone;
}

/** Four hexadecimal digits as a number; -1 where others stand there. */
function unitAt(text, from) {
  let unit = 0;
  for (let at = from; at < from + 4; at += 1) {
    const digit = DIGITS.get(text.charCodeAt(at));
    if (digit === undefined) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

/** The bytes that a form's escapes stand for, a plus being a space. */
export function escapesOfFormUndone(bytes) {
  const undone = new Uint8Array(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const isEscape = bytes[at] === PERCENT;
    const high = isEscape ? DIGITS.get(bytes[at + 1]) : undefined;
    const low = isEscape ? DIGITS.get(bytes[at + 2]) : undefined;
    undone[length] = bytes[at] === PLUS ? SPACE : bytes[at];
    if (high !== undefined && low !== undefined) {
      undone[length] = high * 16 + low;
      at += 2;
    }
    length += 1;
  }
  return undone.subarray(0, length);
}

function around(text, pattern) {
  const found = pattern.exec(text);
  if (!found) return undefined;
  const start = Math.max(0, found.index - BEFORE);
  const end = found.index + found[0].length;
  return {
    before: `${start > 0 ? "…" : ""}${oneLine(text.slice(start, found.index)).trimStart()}`,
    word: oneLine(found[0]),
    after: oneLine(text.slice(end, end + AFTER)).trimEnd(),
  };
}

function oneLine(text) {
  return text.replace(/\s+/g, " ");
}

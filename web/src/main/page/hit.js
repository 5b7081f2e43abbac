// Where in a capture a word stands, with the letters around it. No DOM.

import { base64 } from "./bytes.js";
import { textOf } from "./charset.js";
import { readPairs } from "./form.js";
import { headerValues, mediaType } from "./headers.js";
import { inlineBytes } from "./inline.js";
import { wordPattern } from "./match.js";
import { readableHead, readableHeaders } from "./readable.js";
import { unpacked } from "./unpack.js";
import { secretPlace } from "./verification.js";

/** Few: a row is short, and the word is to be seen. */
const BEFORE = 12;
const AFTER = 90;

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
 * The same of the body alone, with what its sender packed unpacked; undefined where nothing was packed, or not all of it
 * is text.
 */
export async function packedHitOf(capture, word) {
  const bytes = inlineBytes(capture.body);
  if (!bytes) return undefined;
  const { bytes: content, remarks } = await unpacked(bytes, headerValues(capture, "content-encoding").join(",").toLowerCase());
  const { charset } = mediaType(headerValues(capture, "content-type")[0]).parameters;
  if (content === bytes || remarks.some(({ tone }) => tone === "warn") || textOf(content, charset).text === undefined) return undefined;
  const inside = { ...capture, body: { size: content.length, encoding: "base64", data: base64(content) } };
  return inBody(inside, wordPattern(word, "iu")).place ? hitOf(inside, word) : {};
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
  const found = [text, plain, unescapedJson(plain)].map((one) => around(one, pattern)).find(Boolean);
  return found ? { place: "body", ...found } : {};
}

/** With the escapes that strings of JSON have undone. */
function unescapedJson(text) {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/gs, (_, digits, char) => (digits ? String.fromCharCode(Number.parseInt(digits, 16)) : ({ n: "\n", r: "\r", t: "\t" }[char] ?? char)));
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

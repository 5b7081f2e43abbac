// Where in a capture a word stands, with the letters around it. No DOM.

import { textOf } from "./charset.js";
import { headerValues, mediaType } from "./headers.js";
import { inlineBytes } from "./inline.js";
import { wordPattern } from "./match.js";
import { readableHead, readableHeaders } from "./readable.js";
import { secretPlace } from "./verification.js";

/** Few: a row is short, and the word is to be seen. */
const BEFORE = 12;
const AFTER = 90;

/**
 * `{place, name, before, word, after}` of a capture that came with headers and body. `place` is `query`, `headers` or
 * `body`, `name` a header's. Only `place` is there where the letters are not at hand, or would show a secret.
 */
export function hitOf(capture, word) {
  const pattern = wordPattern(word, "iu");
  const query = around(readableHead(capture).query ?? "", pattern) ?? around(capture.query ?? "", pattern);
  if (query) return { place: "query", ...query };
  const secret = secretPlace(capture, inlineBytes(capture.body));
  for (const [name, value] of [...readableHeaders(capture), ...(capture.cookies ?? []).map((cookie) => ["cookie", cookie])]) {
    const found = around(value, pattern);
    if (found) return secret === "headers" ? { place: "headers" } : { place: "headers", name, ...found };
  }
  return { place: "body", ...(secret === undefined ? inBody(capture, pattern) : undefined) };
}

function inBody(capture, pattern) {
  const bytes = inlineBytes(capture.body);
  const { text } = bytes ? textOf(bytes, mediaType(headerValues(capture, "content-type")[0]).parameters.charset) : {};
  return text === undefined ? undefined : around(text, pattern);
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

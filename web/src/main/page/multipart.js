// The parts of a multipart body. No DOM.

import { latin1, utf8Of } from "./bytes.js";
import { mediaType } from "./headers.js";

/** No more parts are looked for. */
const MOST_PARTS = 1_000;
/** RFC 2046, 5.1.1. A search for a longer one could take long. */
const MOST_BOUNDARY = 70;
/** What stands above a part's bytes. */
const MOST_HEAD = 16_384;
const MOST_HEADERS = 100;
const MOST_TEXT = 4_096;

/**
 * The first parts of a multipart body: `{headers, name, filename, type, bytes}` each, and whether there are `more`;
 * undefined when it has none.
 */
export function multipart(bytes, boundary) {
  if (!boundary || boundary.length > MOST_BOUNDARY) return undefined;
  const text = latin1(bytes);
  const delimiter = `--${boundary}`;
  const parts = [];
  let at = text.startsWith(delimiter) ? 0 : text.indexOf(`\r\n${delimiter}`) + 2;
  if (at < 2 && !text.startsWith(delimiter)) return undefined;
  for (;;) {
    at += delimiter.length;
    if (text.startsWith("--", at)) return { parts, more: false };
    if (parts.length === MOST_PARTS) return { parts, more: true };
    const lineEnd = text.indexOf("\r\n", at);
    if (lineEnd < 0) return undefined;
    const next = text.indexOf(`\r\n${delimiter}`, lineEnd);
    if (next < 0) return undefined;
    parts.push(part(text, bytes, lineEnd, next));
    at = next + 2;
  }
}

/** The part between the end of its boundary's line and the next boundary. */
function part(text, bytes, lineEnd, next) {
  const head = text.slice(lineEnd, Math.min(next + 2, lineEnd + MOST_HEAD));
  const headEnd = head.indexOf("\r\n\r\n");
  const bodyStart = headEnd < 0 ? lineEnd + 2 : lineEnd + headEnd + 4;
  const headers = head
    .slice(2, Math.max(2, headEnd))
    .split("\r\n", MOST_HEADERS)
    .filter(Boolean)
    .map((line) => {
      const colon = line.indexOf(":");
      const value = line.slice(colon + 1).trim();
      // UTF-8 in practice, whatever the standard says.
      return [line.slice(0, colon).toLowerCase(), utf8Of(value) ?? value];
    });
  const header = (name) => headers.find(([other]) => other === name)?.[1];
  const disposition = mediaType(header("content-disposition")).parameters;
  return {
    headers,
    name: disposition.name ?? "",
    filename: disposition.filename,
    type: header("content-type"),
    bytes: bytes.subarray(bodyStart, Math.max(bodyStart, next)),
  };
}

/** Text of a small part, or undefined when it is not text. */
export function partText({ bytes }) {
  if (bytes.length > MOST_TEXT) return undefined;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return /[\u0000-\u0008]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

// The parts of a multipart body. No DOM.

import { latin1, utf8Of } from "./bytes.js";
import { labelled } from "./charset.js";
import { charsetsOf } from "./form.js";
import { base64Bytes, mediaType, quotedBytes } from "./headers.js";

/** No more parts of one body are looked for, those of its parts with them. */
export const MOST_PARTS = 1_000;
/** RFC 2046, 5.1.1. A search for a longer one could take long. */
const MOST_BOUNDARY = 70;
/** What stands above a part's bytes. */
const MOST_HEAD = 16_384;
const MOST_HEADERS = 100;
/** A list of charsets, as inbound mail has it, is short. */
const MOST_CHARSETS = 4_096;

/**
 * The first `most` parts of a multipart body: `{headers, name, filename, type, charset, coding, sent, bytes}` each, `bytes` being
 * those of `sent` without the part's own `coding`; whether there are `more`, and whether the last one is `closed`. Lines
 * may end with LF alone. A `problem` in words where it has none.
 */
export function multipart(bytes, boundary, most = MOST_PARTS) {
  if (boundary.length > MOST_BOUNDARY) return { problem: `its boundary is longer than ${MOST_BOUNDARY} letters, which no boundary may be.` };
  const text = latin1(bytes);
  const delimiter = `--${boundary}`;
  const parts = [];
  let at = text.startsWith(delimiter) ? 0 : nextDelimiter(text, delimiter, 0)?.at;
  if (at === undefined) return { problem: text.includes(delimiter) ? "its boundary never stands at the beginning of a line." : "the boundary that the request names is nowhere in its body." };
  for (;;) {
    at += delimiter.length;
    if (text.startsWith("--", at)) return done(parts, { more: false, closed: true });
    if (parts.length === most) return done(parts, { more: true, closed: true });
    const lineEnd = text.indexOf("\n", at);
    if (lineEnd < 0) return parts.length > 0 ? done(parts, { more: false, closed: false }) : { problem: "its boundary stands in no line of its own." };
    const next = nextDelimiter(text, delimiter, lineEnd);
    parts.push(part(text, bytes, lineEnd + 1, next?.end ?? text.length));
    if (next === undefined) return done(parts, { more: false, closed: false });
    at = next.at;
  }
}

/** The boundary that a body begins with, for a request that names none. */
export function boundaryOf(bytes) {
  return /^(?:\r?\n)?--([^\r\n]{1,70}?)[ \t]*\r?\n/.exec(latin1(bytes.subarray(0, 80)))?.[1];
}

/** Whether a body begins as a form in parts does, whatever it is called. */
export function looksLikeParts(bytes) {
  return /^--[^\r\n]{1,70}\r?\ncontent-disposition:[ \t]*form-data;/i.test(latin1(bytes.subarray(0, 120)));
}

/** A mail: what stands before its first empty line is its head. */
export function mail(bytes) {
  return { parts: [part(latin1(bytes), bytes, 0, bytes.length)], more: false, closed: true };
}

/** Where the next delimiter stands in a line of its own, `at`, and the `end` of what is before it. */
function nextDelimiter(text, delimiter, from) {
  for (let at = text.indexOf(`\n${delimiter}`, from); at >= 0; at = text.indexOf(`\n${delimiter}`, at + 1)) {
    const after = text[at + 1 + delimiter.length];
    // Not the beginning of a longer one.
    if (after !== undefined && !"\r\n- \t".includes(after)) continue;
    return { at: at + 1, end: at > 0 && text[at - 1] === "\r" ? at - 1 : at };
  }
  return undefined;
}

/** The part between the line of its boundary and the next boundary. */
function part(text, bytes, start, end) {
  const head = text.slice(start, Math.min(end, start + MOST_HEAD));
  const blank = /^\r?\n|\r?\n\r?\n/.exec(head);
  const bodyStart = blank ? start + blank.index + blank[0].length : start;
  const headers = (blank ? head.slice(0, blank.index) : "")
    .split(/\r?\n(?![ \t])/, MOST_HEADERS)
    .filter(Boolean)
    .map((line) => {
      const colon = line.indexOf(":");
      const value = line.slice(colon + 1).replace(/\r?\n[ \t]+/g, " ").trim();
      // UTF-8 in practice, whatever the standard says.
      return [line.slice(0, colon).toLowerCase(), utf8Of(value) ?? value];
    });
  const header = (name) => headers.find(([other]) => other === name)?.[1];
  const disposition = mediaType(header("content-disposition")).parameters;
  const coding = (header("content-transfer-encoding") ?? "").trim().toLowerCase();
  const sent = bytes.subarray(bodyStart, Math.max(bodyStart, end));
  const decoded = uncoded(sent, coding);
  return {
    headers,
    name: disposition.name ?? "",
    filename: disposition.filename,
    type: header("content-type"),
    charset: mediaType(header("content-type")).parameters.charset,
    coding: decoded ? coding : undefined,
    broken: decoded === undefined && CODINGS.has(coding) ? coding : undefined,
    sent,
    bytes: decoded ?? sent,
  };
}

const CODINGS = new Map([
  ["base64", base64Bytes],
  ["quoted-printable", quotedBytes],
]);

/** The bytes behind a content-transfer-encoding, or undefined where there is none, or not the one that is named. */
function uncoded(sent, coding) {
  return CODINGS.get(coding)?.(latin1(sent));
}

/** A part may say the charset of all: `charset`. Inbound mail says each in one of them: `charsets`, by the parts' names. */
function done(parts, { more, closed }) {
  const said = (name) => parts.find((one) => one.name.toLowerCase() === name && one.bytes.length <= MOST_CHARSETS);
  const textOf = (one) => one && latin1(one.bytes);
  const charsets = charsetsOf(textOf(said("charsets")));
  const charset = [said("charset"), said("_charset_")].map(textOf).find((name) => name && labelled(name));
  for (const one of parts) one.charset ??= Object.hasOwn(charsets, one.name) && typeof charsets[one.name] === "string" ? charsets[one.name] : charset;
  return { parts, more, closed };
}

// What a captured body is, and how to show it as text: decoding, unpacking, pairs, hex. What takes long is not begun:
// every reading goes once through the bytes and stops at a limit. No DOM.

import { base64 } from "./bytes.js";
import { escapedText } from "./captured-text.js";
import { headerValues, mediaType } from "./headers.js";
import { prettyJson } from "./json.js";
import { multipart } from "./multipart.js";
import { prettyXml } from "./xml.js";

/** Nothing larger is unpacked or re-indented on its own. */
export const MOST_UNPACKED = 8 * 1024 * 1024;
const MOST_PRETTY = 2 * 1024 * 1024;
/** No more pairs of a form or query are read. */
export const MOST_PAIRS = 2_000;

const CONTROL = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/;

const UNPACKED = { gzip: "gzip", "x-gzip": "gzip", deflate: "deflate" };

/** The bytes that a capture carries, or undefined when they have to be fetched. */
export function inlineBytes({ size, encoding, data }) {
  if (size === 0) return new Uint8Array();
  if (data === undefined || data === null) return undefined;
  return encoding === "base64" ? Uint8Array.from(atob(data), (char) => char.charCodeAt(0)) : new TextEncoder().encode(data);
}

/**
 * Bytes for the clipboard, which only takes text: `{text, as}`, `as` naming the form when it is not the text itself. What
 * a terminal would act on and nobody sees is escaped.
 */
export function copyable(bytes) {
  try {
    const sent = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const text = escapedText(sent);
    return text === sent ? { text } : { text, as: "with escapes for characters that are not seen. The download is exact" };
  } catch {
    return { text: base64(bytes), as: "as base64, since it is not UTF-8 text" };
  }
}

/**
 * Reads `bytes` by what the request said of them. `views` lists the ways to show them, the best first; each has a
 * `name` and a `text` with `marks`, or `pairs`, or `parts`. `remarks` are sentences about what was found.
 */
export async function readBody(capture, bytes) {
  const remarks = [];
  let content = bytes;
  const coding = headerValues(capture, "content-encoding").join(",").trim().toLowerCase();
  if (bytes.length > 0 && UNPACKED[coding]) {
    const { bytes: unpacked, problem } = await unpack(bytes, UNPACKED[coding]);
    if (unpacked) {
      content = unpacked;
      remarks.push({ tone: "info", text: `Unpacked here from ${coding}. Size, SHA-256, hex and download are of the bytes as sent.` });
    } else {
      remarks.push({ tone: "warn", text: `Could not be unpacked from ${coding}: ${problem}` });
      return { views: [hexView(bytes)], remarks };
    }
  } else if (bytes.length > 0 && coding && coding !== "identity") {
    remarks.push({ tone: "info", text: `Sent with content-encoding ${coding}, which is not unpacked here.` });
  }

  const { type, parameters } = mediaType(headerValues(capture, "content-type")[0]);
  if (type === "multipart/form-data" || type.startsWith("multipart/")) {
    const found = multipart(content, parameters.boundary);
    if (found) {
      const { parts, more } = found;
      if (more) remarks.push({ tone: "warn", text: `There are more than ${parts.length} parts. The download has them all.` });
      return { views: [{ name: "Parts", parts }, textView(content, parameters.charset)].concat(hexView(bytes)), remarks };
    }
    remarks.push({ tone: "warn", text: "The parts could not be told apart: the boundary is missing or never closes." });
  }

  const decoded = decode(content, parameters.charset, remarks);
  if (decoded === undefined) return { views: [hexView(bytes), textView(content, "latin1", "Latin-1")], remarks };
  // Control characters are what binary formats have and text has not, unless it is said to be text.
  if (!parameters.charset && !/^text\/|json|xml/.test(type) && CONTROL.test(decoded.slice(0, 4096))) {
    return { views: [hexView(bytes), { name: "As sent", text: decoded }], remarks };
  }

  const views = [];
  if (type === "application/x-www-form-urlencoded") {
    views.push({ name: "Form", pairs: formPairs(decoded, MOST_PAIRS), count: countPairs(decoded) });
  } else if (/[/+]json$/.test(type) || (/^\s*[{[]/.test(decoded) && !/xml|html/.test(type))) {
    views.push(...jsonViews(decoded, remarks, /[/+]json$/.test(type)));
  } else if (/[/+]xml$/.test(type)) {
    const text = decoded.length <= MOST_PRETTY ? prettyXml(decoded) : undefined;
    if (text !== undefined) views.push({ name: "Pretty", text });
  }
  views.push({ name: "As sent", text: decoded });
  return { views: [...views, hexView(bytes)], remarks };
}

function jsonViews(text, remarks, claimed) {
  const pretty = text.length > MOST_PRETTY ? { tooLarge: true } : prettyJson(text);
  if (pretty.tooLarge) {
    remarks.push({ tone: "info", text: "Too large to be re-indented here." });
    return [];
  }
  if (pretty.error) {
    if (!claimed) return [];
    remarks.push({
      tone: "warn",
      text: `Not valid JSON, line ${pretty.error.line}, column ${pretty.error.column}: ${pretty.error.message}`,
    });
    return [{ name: "Marked", text: pretty.text, marks: pretty.marks }];
  }
  for (const { message, line, column } of pretty.duplicates.slice(0, 5)) {
    remarks.push({ tone: "warn", text: `${message} Line ${line}, column ${column} as sent. Most readers keep only the last one.` });
  }
  if (pretty.repeated > 5) remarks.push({ tone: "warn", text: `${pretty.repeated} keys are repeated in all.` });
  return [{ name: "Pretty", text: pretty.text, marks: pretty.marks }];
}

/** Text by the charset that was named, else UTF-8; undefined when the bytes are no text. */
function decode(bytes, charset, remarks) {
  let label = charset || "utf-8";
  let decoder;
  try {
    decoder = new TextDecoder(label, { fatal: true, ignoreBOM: true });
  } catch {
    remarks.push({ tone: "warn", text: `The charset “${charset}” is unknown here; read as UTF-8.` });
    label = "utf-8";
    decoder = new TextDecoder(label, { fatal: true, ignoreBOM: true });
  }
  try {
    const text = decoder.decode(bytes);
    if (charset && decoder.encoding !== "utf-8") remarks.push({ tone: "info", text: `Read as ${charset}, as the request says.` });
    return text;
  } catch {
    remarks.push({ tone: "info", text: `Not valid ${label.toUpperCase()}, so it is shown byte by byte.` });
    return undefined;
  }
}

function textView(bytes, charset, name = "As sent") {
  let decoder;
  try {
    decoder = new TextDecoder(charset || "utf-8");
  } catch {
    decoder = new TextDecoder();
  }
  return { name, text: decoder.decode(bytes) };
}

function hexView(bytes) {
  return { name: "Hex", bytes };
}

/** Rows of sixteen bytes: offset, hex, and what is printable. */
export function hex(bytes, from = 0, to = bytes.length) {
  const rows = [];
  for (let offset = from; offset < Math.min(to, bytes.length); offset += 16) {
    const row = Array.from(bytes.subarray(offset, Math.min(offset + 16, to)));
    const digits = row.map((byte, at) => byte.toString(16).padStart(2, "0") + (at === 7 ? " " : "")).join(" ");
    const printable = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·")).join("");
    rows.push(`${offset.toString(16).padStart(8, "0")}  ${digits.padEnd(48)}  ${printable}`);
  }
  return rows.join("\n");
}

async function unpack(bytes, format) {
  const parts = [];
  let total = 0;
  try {
    const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(format)).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      total += value.length;
      if (total > MOST_UNPACKED) {
        await reader.cancel();
        return { problem: "it grows beyond 8 MiB." };
      }
      parts.push(value);
    }
  } catch {
    return { problem: "the packed data is damaged." };
  }
  const unpacked = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    unpacked.set(part, at);
    at += part.length;
  }
  return { bytes: unpacked };
}

/** The first pairs of a query string or form, in order, repeats and all; what cannot be decoded stays as it is. */
export function formPairs(text, most = MOST_PAIRS) {
  const pairs = [];
  for (const pair of eachPair(text)) {
    if (pairs.length === most) break;
    const at = pair.indexOf("=");
    pairs.push(at < 0 ? [unescape(pair), ""] : [unescape(pair.slice(0, at)), unescape(pair.slice(at + 1))]);
  }
  return pairs;
}

/** How many pairs there are in all. */
export function countPairs(text) {
  let count = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] !== "&" && (at === 0 || text[at - 1] === "&")) count += 1;
  }
  return count;
}

function* eachPair(text) {
  for (let at = 0; at < text.length; ) {
    const next = text.indexOf("&", at);
    const end = next < 0 ? text.length : next;
    if (end > at) yield text.slice(at, end);
    at = end + 1;
  }
}

function unescape(text) {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}

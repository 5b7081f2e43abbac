// What a captured body is, and how to show it as text. The bytes are believed first, then what was said of them. What
// takes long is not begun: every reading goes once through the bytes and stops at a limit. No DOM.

import { textOf } from "./charset.js";
import { csvRows } from "./csv.js";
import { countPairs, readPairs } from "./form.js";
import { headerValues, mediaType } from "./headers.js";
import { imageOf } from "./image.js";
import { jsonRows } from "./json-rows.js";
import { insideOf, stringsOf, unescapedJson } from "./layers.js";
import { textRows } from "./lines.js";
import { boundaryOf, multipart } from "./multipart.js";
import { unpacked } from "./unpack.js";
import { prettyXml } from "./xml.js";

const MOST_PRETTY_XML = 2 * 1024 * 1024;
/** Parts of parts of parts are shown as they were sent. */
const MOST_NESTED = 3;

/** What binary formats have and text has not. */
const CONTROL = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/;
/** Types whose bytes are text even where they are not UTF-8. */
const TEXT = /^$|^text\/|json|xml|urlencoded/;

/**
 * Reads `bytes` by what they are and by what the request said of them. `views` lists the ways to show them, the best
 * first, each with a `name`: rows of a `source` (`json` or `rows`, with `marks`), or `pairs`, `parts`, a `table`, an
 * `image`, or `hex`.
 * `remarks` are sentences about what was found. All of it can be sent from a worker.
 */
export async function readBody(capture, bytes, depth = 0) {
  const remarks = [];
  const hex = { name: "Hex", hex: true };
  const packed = await unpacked(bytes, headerValues(capture, "content-encoding").join(",").trim().toLowerCase());
  if (packed) remarks.push(packed.remark);
  if (packed?.failed) return { views: [hex], remarks };
  const content = packed?.bytes ?? bytes;
  const { type, parameters } = mediaType(headerValues(capture, "content-type")[0]);
  if (type.startsWith("multipart/") && depth < MOST_NESTED) {
    const parts = await partsOf(content, parameters.boundary, remarks, depth);
    if (parts) return { views: [{ name: "Parts", parts }, latinView(content, "As sent", parameters.charset), hex], remarks };
  }
  const image = imageOf(content);
  if (image) return { views: [{ name: "Picture", image: { ...image, bytes: content } }, hex], remarks };
  const { text, charset, remark } = textOf(content, parameters.charset);
  if (remark) remarks.push({ tone: "info", text: remark });
  const guessed = !parameters.charset && charset === "windows-1252";
  if (text === undefined || (guessed && !TEXT.test(type))) return { views: [hex, latinView(content, "Latin-1")], remarks };
  const sent = textView("As sent", text);
  if (!parameters.charset && !/^text\/|json|xml/.test(type) && CONTROL.test(text.slice(0, 4096))) return { views: [hex, sent], remarks };
  return { views: [...readings(sent.source, type, parameters.charset, remarks), sent, hex], remarks };
}

/** A view of a text as it is. */
function textView(name, text, more = {}) {
  return { name, source: { text }, rows: textRows(text), ...more };
}

/** The ways to read a text beside the exact one. A declared type shuts no better one out. */
function readings(source, type, charset, remarks) {
  const { text } = source;
  const looksJson = /^\ufeff?\s*[{[]/.test(text);
  if (type === "application/x-www-form-urlencoded") {
    const json = looksJson ? jsonViews(source, remarks, false) : [];
    if (json.length > 0) remarks.push({ tone: "info", text: "Declared as a form, but it is JSON." });
    const { pairs, remark } = readPairs(text, charset);
    if (remark && json.length === 0) remarks.push({ tone: "info", text: remark });
    return [...json, { name: "Form", pairs, count: countPairs(text) }, ...insideView(json.length > 0 ? stringsOf(text) : pairs)];
  }
  const claimed = /[/+]json$/.test(type);
  if (claimed || (looksJson && !/xml|html/.test(type))) {
    const json = jsonViews(source, remarks, claimed);
    const readable = json[0]?.json ? unescapedJson(text) : undefined;
    return [...json, ...(readable ? jsonViews({ text: readable }, [], false, "Characters") : []), ...insideView(stringsOf(text))];
  }
  if (/[/+]xml$/.test(type) || /^\ufeff?<\?xml\s/.test(text)) {
    const pretty = text.length <= MOST_PRETTY_XML ? prettyXml(text) : undefined;
    return pretty === undefined ? [] : [textView("Pretty", pretty)];
  }
  const table = /^text\/(?:csv|tab-separated-values)$/.test(type) ? csvRows(text) : undefined;
  return [...(table ? [{ name: "Table", table }] : []), ...insideView([["The body", text]])];
}

function insideView(pairs) {
  const text = insideOf(pairs);
  return text === undefined ? [] : [textView("Inside", text)];
}

async function partsOf(bytes, boundary, remarks, depth) {
  const guessed = boundary ? undefined : boundaryOf(bytes);
  const found = multipart(bytes, boundary || guessed);
  if (!found) {
    remarks.push({ tone: "warn", text: `The parts could not be told apart: ${boundary ? "the boundary that the request names is nowhere in its body." : "the request names no boundary."}` });
    return undefined;
  }
  if (guessed) remarks.push({ tone: "info", text: "The request names no boundary; its parts are told apart by its first line." });
  if (!found.closed) remarks.push({ tone: "warn", text: "The last boundary is missing: the body may have been cut off." });
  if (found.more) remarks.push({ tone: "warn", text: `There are more than ${found.parts.length} parts. The download has them all.` });
  for (const part of found.parts) part.body = await readBody({ headers: headersOf(part) }, part.bytes, depth + 1);
  return found.parts;
}

/** A part's own headers, with the charset that another part names for it. */
function headersOf({ headers, type, charset }) {
  const declared = mediaType(type).parameters.charset;
  if (declared || !charset) return headers;
  return [["content-type", `${type ?? "text/plain"}; charset="${charset}"`], ...headers.filter(([name]) => name !== "content-type")];
}

function jsonViews(source, remarks, claimed, name = "Pretty") {
  const { error, stops, ...rows } = jsonRows(source.text);
  if (error) {
    if (!claimed) return [];
    remarks.push({ tone: "warn", text: `Not valid JSON, line ${error.line}, column ${error.column}: ${error.message}`, at: stops.start });
    return [{ name: "Marked", source, rows: textRows(source.text), marks: [{ ...stops, kind: "error" }] }];
  }
  for (const { message, line, column } of rows.duplicates.slice(0, 5)) {
    remarks.push({ tone: "warn", text: `${message} Line ${line}, column ${column} as sent. Most readers keep only the last one.` });
  }
  if (rows.repeated > 5) remarks.push({ tone: "warn", text: `${rows.repeated} keys are repeated in all.` });
  return [{ name, source, json: rows }];
}

/** Every byte a character, in a charset that is known or else in Latin-1; for bytes that are not all text. */
function latinView(bytes, name, charset) {
  const read = textOf(bytes, charset);
  return textView(name, read.text ?? new TextDecoder("windows-1252").decode(bytes));
}

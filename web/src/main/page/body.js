// What a captured body is, and how to show it as text. The bytes are believed first, then what was said of them. What
// takes long is not begun: every reading goes once through the bytes and stops at a limit. No DOM.

import { base64 } from "./bytes.js";
import { escapedText } from "./captured-text.js";
import { textOf } from "./charset.js";
import { countPairs, readPairs } from "./form.js";
import { headerValues, mediaType } from "./headers.js";
import { prettyJson } from "./json.js";
import { insideOf, stringsOf, unescapedJson } from "./layers.js";
import { boundaryOf, multipart } from "./multipart.js";
import { unpacked } from "./unpack.js";
import { prettyXml } from "./xml.js";

const MOST_PRETTY = 2 * 1024 * 1024;

/** What binary formats have and text has not. */
const CONTROL = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/;
/** Types whose bytes are text even where they are not UTF-8. */
const TEXT = /^$|^text\/|json|xml|urlencoded/;

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
 * Reads `bytes` by what they are and by what the request said of them. `views` lists the ways to show them, the best
 * first; each has a `name` and a `text` with `marks`, or `pairs`, or `parts`, or `bytes`. `remarks` are sentences about
 * what was found.
 */
export async function readBody(capture, bytes) {
  const remarks = [];
  const hex = { name: "Hex", bytes };
  const packed = await unpacked(bytes, headerValues(capture, "content-encoding").join(",").trim().toLowerCase());
  if (packed) remarks.push(packed.remark);
  if (packed?.failed) return { views: [hex], remarks };
  const content = packed?.bytes ?? bytes;
  const { type, parameters } = mediaType(headerValues(capture, "content-type")[0]);
  if (type.startsWith("multipart/")) {
    const parts = partsOf(content, parameters.boundary, remarks);
    if (parts) return { views: [{ name: "Parts", parts }, latinView(content, "As sent", parameters.charset), hex], remarks };
  }
  const { text, charset, remark } = textOf(content, parameters.charset);
  if (remark) remarks.push({ tone: "info", text: remark });
  const guessed = !parameters.charset && charset === "windows-1252";
  if (text === undefined || (guessed && !TEXT.test(type))) return { views: [hex, latinView(content, "Latin-1")], remarks };
  if (!parameters.charset && !/^text\/|json|xml/.test(type) && CONTROL.test(text.slice(0, 4096))) {
    return { views: [hex, { name: "As sent", text }], remarks };
  }
  return { views: [...readings(text, type, parameters.charset, remarks), { name: "As sent", text }, hex], remarks };
}

/** The ways to read a text beside the exact one. A declared type shuts no better one out. */
function readings(text, type, charset, remarks) {
  const looksJson = /^\ufeff?\s*[{[]/.test(text);
  if (type === "application/x-www-form-urlencoded") {
    const json = looksJson ? jsonViews(text, remarks, false) : [];
    if (json.length > 0) remarks.push({ tone: "info", text: "Declared as a form, but it is JSON." });
    const { pairs, remark } = readPairs(text, charset);
    if (remark && json.length === 0) remarks.push({ tone: "info", text: remark });
    return [...json, { name: "Form", pairs, count: countPairs(text) }, ...insideView(json.length > 0 ? stringsOf(text) : pairs)];
  }
  const claimed = /[/+]json$/.test(type);
  if (claimed || (looksJson && !/xml|html/.test(type))) {
    const json = jsonViews(text, remarks, claimed);
    const readable = json[0]?.name === "Pretty" ? unescapedJson(json[0].text) : undefined;
    return [...json, ...(readable ? [{ name: "Characters", text: readable }] : []), ...insideView(stringsOf(text))];
  }
  if (/[/+]xml$/.test(type) || /^\ufeff?<\?xml\s/.test(text)) {
    const pretty = text.length <= MOST_PRETTY ? prettyXml(text) : undefined;
    return pretty === undefined ? [] : [{ name: "Pretty", text: pretty }];
  }
  return insideView([["The body", text]]);
}

function insideView(pairs) {
  const text = insideOf(pairs);
  return text === undefined ? [] : [{ name: "Inside", text }];
}

function partsOf(bytes, boundary, remarks) {
  const guessed = boundary ? undefined : boundaryOf(bytes);
  const found = multipart(bytes, boundary || guessed);
  if (!found) {
    remarks.push({ tone: "warn", text: `The parts could not be told apart: ${boundary ? "the boundary that the request names is nowhere in its body." : "the request names no boundary."}` });
    return undefined;
  }
  if (guessed) remarks.push({ tone: "info", text: "The request names no boundary; its parts are told apart by its first line." });
  if (!found.closed) remarks.push({ tone: "warn", text: "The last boundary is missing: the body may have been cut off." });
  if (found.more) remarks.push({ tone: "warn", text: `There are more than ${found.parts.length} parts. The download has them all.` });
  return found.parts;
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

/** Every byte a character, in a charset that is known or else in Latin-1; for bytes that are not all text. */
function latinView(bytes, name, charset) {
  const read = textOf(bytes, charset);
  return { name, text: read.text ?? new TextDecoder("windows-1252").decode(bytes) };
}

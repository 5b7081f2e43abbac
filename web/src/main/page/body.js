// What a captured body is, and how to show it as text. The bytes are believed first, then what was said of them. What
// takes long is not begun: every reading goes once through the bytes and stops at a limit. No DOM.

import { latin1 } from "./bytes.js";
import { CONTROL, textOf } from "./charset.js";
import { csvRows } from "./csv.js";
import { countPairs, formCharset, readPairs } from "./form.js";
import { encodedWords, headerValues, mediaType } from "./headers.js";
import { imageOf } from "./image.js";
import { jsonRows, jsonValues } from "./json-rows.js";
import { insideOf, stringsOf, unescapedJson, unpackedOf } from "./layers.js";
import { textRows, textView } from "./lines.js";
import { MOST_PARTS, boundaryOf, looksLikeParts, mail, multipart } from "./multipart.js";
import { unpackBudget, unpacked } from "./unpack.js";
import { prettyXml } from "./xml.js";

const MOST_PRETTY_XML = 2 * 1024 * 1024;
const MOST_WORDS_OF_MAIL = 1_048_576;
/** Parts of parts of parts are shown as they were sent. */
const MOST_NESTED = 3;

/** Types whose bytes are text even where they are not UTF-8. */
const TEXT = /^$|^text\/|json|xml|urlencoded|csv|ms-excel/;
const FORM = "application/x-www-form-urlencoded";
const LINES_OF_JSON = /^application\/(?:x-)?(?:nd-?json|json-?lines|jsonl|stream\+json)$/;
/** Browsers on some systems call a table so. */
const CSV = /^(?:text|application)\/(?:x-)?(?:csv|comma-separated-values|tab-separated-values)$|^application\/vnd\.ms-excel$/;

/**
 * Reads `bytes` by what they are and by what the request said of them. `views` lists the ways to show them, the best
 * first, each with a `name`: rows of a `source` (`json` or `rows`, with `marks`), or `pairs`, `parts`, a `table`, an
 * `image`, or `hex`.
 * `remarks` are sentences about what was found. All of it can be sent from a worker. Parts of it, at their `depth`, share
 * the \`budget\` of the whole.
 */
export async function readBody(capture, bytes, depth = 0, budget = { ...unpackBudget(), parts: MOST_PARTS }) {
  const hex = { name: "Hex", hex: true };
  const { bytes: content, remarks, failed } = await unpacked(bytes, headerValues(capture, "content-encoding").join(",").toLowerCase(), budget);
  if (failed) return { views: [hex], remarks };
  const { type, parameters } = mediaType(headerValues(capture, "content-type")[0]);
  const parts = depth < MOST_NESTED ? await partsOf(content, { ...parameters, type }, { remarks, depth, budget }) : undefined;
  if (parts) return { views: [{ name: "Parts", parts }, latinView(content, "As sent", parameters.charset), hex], remarks };
  const image = imageOf(content);
  if (image) return { views: [{ name: "Picture", image: { ...image, bytes: content } }, hex], remarks };
  const ofField = type === FORM && !parameters.charset ? formCharset(latin1(content)) : undefined;
  const declared = parameters.charset ?? ofField;
  const { text, charset, remark } = textOf(content, declared);
  // What a form says of itself is told with its fields.
  if (remark && !ofField && !(type === FORM && isAscii(text))) remarks.push({ tone: "info", text: remark });
  const guessed = !declared && charset === "windows-1252";
  if (text === undefined || (guessed && !TEXT.test(type))) return { views: [hex, latinView(content, "Latin-1")], remarks };
  const sent = textView("As sent", text);
  if (!parameters.charset && !/^text\/|json|xml/.test(type) && CONTROL.test(text.slice(0, 4096))) return { views: [hex, sent], remarks };
  return { views: [...(await readings(sent.source, { type, declared: parameters.charset, content, charset, budget }, remarks)), sent, hex], remarks };
}

function isAscii(text) {
  return !/[^\u0000-\u007f]/.test(text);
}

/** The ways to read a text beside the exact one. A declared type shuts no better one out. */
async function readings(source, said, remarks) {
  const { text } = source;
  const { type, budget } = said;
  const areLines = LINES_OF_JSON.test(type);
  const claimed = areLines || /[/+]json$/.test(type);
  const isForm = type === FORM;
  if (claimed || /^\ufeff?\s*[{[]/.test(text)) {
    const json = jsonViews(source, remarks, { claimed: claimed && !looksXml(text) && !looksForm(text), areLines });
    if (json.length > 0) {
      if (isForm || isXml(type)) remarks.push({ tone: "info", text: isForm ? "Declared as a form, but it is JSON." : `Declared as ${type}, but it is JSON.` });
      const readable = json[0].json ? unescapedJson(text) : undefined;
      const other = readable && !isForm ? jsonViews({ text: readable }, [], { name: "Characters" }) : [];
      return [...json, ...other, ...(isForm ? [formView(text, said, [])] : []), ...(await insideView([...stringsOf(text)], budget))];
    }
  }
  if (isXml(type) || (looksXml(text) && !/html/.test(type))) {
    const pretty = text.length <= MOST_PRETTY_XML ? prettyXml(text) : undefined;
    if (pretty !== undefined && (claimed || isForm)) remarks.push({ tone: "info", text: `Declared as ${isForm ? "a form" : type}, but it is XML.` });
    if (pretty !== undefined || isXml(type)) return pretty === undefined ? [] : [textView("Pretty", pretty), ...(isForm ? [formView(text, said, [])] : [])];
  }
  if (isForm || (/^$|^text\/plain$|json$/.test(type) && looksForm(text))) {
    if (!isForm) remarks.push({ tone: "info", text: type === "" ? "No type is declared; it looks like a form." : `Declared as ${type}, but it looks like a form.` });
    const form = formView(text, said, remarks);
    return [form, ...(await insideView(form.pairs, budget))];
  }
  if (claimed) return jsonViews(source, remarks, { claimed });
  const table = CSV.test(type) ? csvRows(text) : undefined;
  const words = text.length <= MOST_WORDS_OF_MAIL ? encodedWords(text) : text;
  return [...(table ? [{ name: "Table", table }] : []), ...(words === text ? [] : [textView("Characters", words)]), ...(await insideView([["The body", text]], budget))];
}

function isXml(type) {
  return /[/+]xml$/.test(type);
}

function looksXml(text) {
  return /^\ufeff?\s*<[?!A-Za-z_]/.test(text);
}

/** Names and values, of which there are several or some are escaped. */
function looksForm(text) {
  const start = text.slice(0, 2_000);
  return /^[\w.~[\]*%+-]+=[^\s&=]*(?:&[\w.~[\]*%+-]+=[^\s&=]*)*&?[^\s=]*$/.test(start) && /&|%[0-9a-f]{2}/i.test(start);
}

/** A form is made of bytes, unless its text is of a charset in which ASCII is not ASCII. */
function formView(text, { declared, content, charset }, remarks) {
  const ofBytes = !charset.startsWith("utf-16") && !text.startsWith("\ufeff");
  const { pairs, remark } = ofBytes ? readPairs(latin1(content), declared, undefined, { areBytes: true }) : readPairs(text, "utf-8");
  if (remark) remarks.push({ tone: "info", text: remark });
  return { name: "Form", pairs, count: countPairs(text) };
}

async function insideView(pairs, budget) {
  const text = insideOf(pairs, await unpackedOf(pairs, budget));
  return text === undefined ? [] : [textView("Inside", text)];
}

/** The parts of what has some; undefined of all else, with a remark where it should have. */
async function partsOf(bytes, { type, boundary, charset }, { remarks, depth, budget }) {
  const isMail = type === "message/rfc822";
  const declared = type.startsWith("multipart/");
  if (!isMail && !declared && !looksLikeParts(bytes)) return undefined;
  if (budget.parts === 0) {
    remarks.push({ tone: "warn", text: `Its parts are not told apart: the body has ${MOST_PARTS} of them before.` });
    return undefined;
  }
  const guessed = boundaryOf(bytes);
  const named = isMail ? mail(bytes) : declared && boundary ? multipart(bytes, boundary, budget.parts) : { problem: "the request names no boundary." };
  const found = named.problem && guessed ? multipart(bytes, guessed, budget.parts) : named;
  if (found.problem) {
    remarks.push({ tone: "warn", text: `The parts could not be told apart: ${named.problem}` });
    return undefined;
  }
  if (named.problem) remarks.push({ tone: declared ? "info" : "warn", text: guessedWords(declared, boundary, named.problem) });
  if (!found.closed) remarks.push({ tone: "warn", text: "The last boundary is missing: the body may have been cut off." });
  if (found.more) remarks.push({ tone: "warn", text: `There are more than ${found.parts.length} parts. The download has them all.` });
  budget.parts -= found.parts.length;
  for (const part of found.parts) {
    part.body = await readBody({ headers: headersOf(part, charset) }, part.bytes, depth + 1, budget);
    if (part.broken) part.body.remarks.unshift({ tone: "warn", text: `Called ${part.broken}, which it is not: shown as sent.` });
  }
  return found.parts;
}

function guessedWords(declared, boundary, problem) {
  if (!declared) return "Not declared as a form in parts, which it is; they are told apart by its first line.";
  const why = boundary ? `${problem[0].toUpperCase()}${problem.slice(1, -1)}` : "The request names no boundary";
  return `${why}; its parts are told apart by its first line.`;
}

/** A part's own headers, with the charset that another part names for it, or the request for all. */
function headersOf({ headers, type, charset: named }, ofAll) {
  const declared = mediaType(type);
  const charset = named ?? ofAll;
  if (declared.parameters.charset || !charset || !TEXT.test(declared.type)) return headers;
  return [["content-type", `${type ?? "text/plain"}; charset="${charset}"`], ...headers.filter(([name]) => name !== "content-type")];
}

function jsonViews(source, remarks, { claimed = false, areLines = false, name = "Pretty" }) {
  // Looked through once: a long text takes a while.
  const one = jsonRows(source.text, source.plain);
  const many = one.goesOn && name === "Pretty" ? jsonValues(source.text, source.plain) : undefined;
  if (many && !many.error) {
    remarks.push({ tone: "info", text: `${many.values} values of JSON, one after another: as a whole it is no JSON.` });
    return [{ name: "Values", source, json: many }];
  }
  const { error, stops, ...rows } = areLines && many ? many : one;
  if (error) {
    if (!claimed) return [];
    remarks.push({ tone: "warn", text: `Not valid JSON, line ${error.line}, column ${error.column}: ${error.message}`, at: stops.start });
    return [{ name: "Marked", source, rows: textRows(source.text, source.plain), marks: [{ ...stops, kind: "error" }] }];
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

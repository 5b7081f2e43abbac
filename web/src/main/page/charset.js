// Bytes as text, by what they say of themselves and by what was said of them. No DOM.

import { latin1 } from "./bytes.js";

const MARKS = [
  [[0xef, 0xbb, 0xbf], "utf-8"],
  [[0xff, 0xfe], "utf-16le"],
  [[0xfe, 0xff], "utf-16be"],
];

/** What a document says of its own bytes: XML in its declaration, HTML in its head. */
const XML = /^\s{0,20}<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']/i;
const HTML = /^\s{0,20}<(?:!doctype\s+html|html|head|meta)\b[\s\S]{0,900}?<meta\s[^>]{0,200}?charset\s*=\s*["']?([\w.:-]{1,40})|^\s{0,20}<meta\s[^>]{0,200}?charset\s*=\s*["']?([\w.:-]{1,40})/i;

/** Names that senders use and browsers do not know. */
const OTHER_NAMES = new Map([
  ["cp932", "shift_jis"],
  ["ms932", "shift_jis"],
  ["cp936", "gbk"],
  ["ms936", "gbk"],
  ["cp949", "euc-kr"],
  ["ms949", "euc-kr"],
  ["cp950", "big5"],
  ["ms950", "big5"],
  ["utf8mb4", "utf-8"],
]);

/** More bytes that are no text make it a text of another charset. */
const MOST_FAULTS = 50;
/** So much is decoded at once where some of it may be no text. */
const PIECE = 65_536;
/** A character of no charset takes more bytes. */
const LONGEST_CHARACTER = 4;

/** More of a text than its beginning is not searched for what texts do not have. */
const MOST_SEARCHED = 65_536;
/** What binary formats have and text has not. */
export const CONTROL = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/;

/**
 * `{text, charset, remark}`: a byte order mark counts first, then the zeros of UTF-16, then the charset that was
 * `declared`, then what a document says of itself, then UTF-8. What is none of these is read as Latin-1, with a remark;
 * `text` is undefined where it does not look like text then either. A few bytes that are no text spoil nothing but
 * themselves. Nothing is replaced.
 */
export function textOf(bytes, declared) {
  const mark = MARKS.find(([start]) => start.every((byte, at) => bytes[at] === byte));
  if (mark) {
    const text = decoded(bytes, mark[1]);
    if (text !== undefined) return { text, charset: mark[1], remark: mark[1] === "utf-8" ? undefined : said("Read as", mark[1], "by its byte order mark.") };
  }
  const wide = wideOf(bytes);
  if (wide) return { text: decoded(bytes, wide), charset: wide, remark: said("Read as", wide, "by its zeros.") };
  const known = declared && labelled(declared);
  if (declared && !known) {
    const { text, charset, remark } = undeclared(bytes);
    return { text, charset, remark: [`The charset “${declared}” is unknown here.`, remark].filter(Boolean).join(" ") };
  }
  return known ? declaredText(bytes, declared, known) : undeclared(bytes);
}

function declaredText(bytes, declared, known) {
  // Every byte is a letter of Latin-1: only the bytes can tell that it is not.
  const utf8 = known === "windows-1252" && !isAscii(bytes) ? decoded(bytes, "utf-8") : undefined;
  if (utf8 !== undefined) return { text: utf8, charset: "utf-8", remark: `Called ${declared} by the request, but its bytes are UTF-8.` };
  const text = decoded(bytes, known);
  const tells = known !== "utf-8" && text !== undefined && !(isAscii(bytes) && text === latin1(bytes));
  if (text !== undefined) return { text, charset: known, remark: !tells ? undefined : `Read as ${declared}, as the request says.` };
  const few = decodedButFew(bytes, known);
  const other = undeclared(bytes);
  // Mostly so: what spoils it is said, and nothing else.
  if (known === "utf-8" && other.charset === "utf-8") return other;
  if (few && other.charset !== "utf-8") return { text: few.text, charset: known, remark: `Read as ${declared}, as the request says; ${fewWords(few.faults, known)}` };
  return { text: other.text, charset: other.charset, remark: `Not valid ${declared.toUpperCase()}, as the request calls it${other.text === undefined ? "." : `; read as ${nameOf(other.charset)}.`}` };
}

function undeclared(bytes) {
  const start = latin1(bytes.subarray(0, 1_024));
  const xml = XML.exec(start)?.[1];
  const meta = HTML.exec(start);
  const name = xml ?? meta?.[1] ?? meta?.[2];
  const written = name && labelled(name);
  if (written && !/^utf-/.test(written)) {
    // As what a request calls Latin-1: only the bytes can tell that it is not.
    const utf8 = written === "windows-1252" && !isAscii(bytes) ? decoded(bytes, "utf-8") : undefined;
    if (utf8 !== undefined) return { text: utf8, charset: "utf-8", remark: `Called ${name} by its ${xml ? "XML declaration" : "meta element"}, but its bytes are UTF-8.` };
    const text = decoded(bytes, written);
    if (text !== undefined) return { text, charset: written, remark: `Read as ${name}, as its ${xml ? "XML declaration" : "meta element"} says.` };
  }
  const text = decoded(bytes, "utf-8");
  if (text !== undefined) return { text, charset: "utf-8" };
  if (CONTROL.test(latin1(bytes.subarray(0, MOST_SEARCHED)))) return { remark: "Not valid UTF-8, so it is shown byte by byte." };
  const few = decodedButFew(bytes, "utf-8");
  if (few) return { text: few.text, charset: "utf-8", remark: `Read as UTF-8; ${fewWords(few.faults, "utf-8")}` };
  return { text: decoded(bytes, "windows-1252"), charset: "windows-1252", remark: "Not valid UTF-8; read as Latin-1, which may be wrong." };
}

function fewWords(faults, charset) {
  return faults === 1 ? `one place is no ${nameOf(charset)} and is read as Latin-1.` : `${faults} places are no ${nameOf(charset)} and are read as Latin-1.`;
}

function isAscii(bytes) {
  return bytes.every((byte) => byte < 0x80);
}

/** UTF-16 without a mark: of the letters that most texts are made of, every second byte is zero, and none of the others. */
export function wideOf(bytes) {
  if (bytes.length < 4 || bytes.length % 2 !== 0 || (bytes[0] !== 0) === (bytes[1] !== 0)) return undefined;
  const start = bytes.subarray(0, 512);
  const zeros = [0, 0];
  start.forEach((byte, at) => {
    if (byte === 0) zeros[at % 2] += 1;
  });
  const high = bytes[0] === 0 ? 0 : 1;
  if (zeros[1 - high] > 0 || zeros[high] * 4 <= start.length) return undefined;
  const charset = high === 0 ? "utf-16be" : "utf-16le";
  const text = decoded(bytes, charset);
  return text === undefined || CONTROL.test(text.slice(0, MOST_SEARCHED)) ? undefined : charset;
}

/**
 * `{text, faults}` of bytes of which some are no text in `charset`: those are read as Latin-1. Undefined where they are
 * many, or more than what the charset has beyond ASCII: then it is another charset.
 */
export function decodedButFew(bytes, charset) {
  // Where it cannot go on after a bad byte as from the beginning.
  if (/^utf-16|^iso-2022-/.test(charset)) return undefined;
  const pieces = [];
  let faults = 0;
  let beyond = 0;
  for (let at = 0; at < bytes.length; ) {
    const piece = bytes.subarray(at, at + PIECE);
    const { whole, good } = validLength(piece, charset);
    const text = decoded(piece.subarray(0, whole), charset);
    if (text === undefined) return undefined;
    beyond += text.match(/[^\u0000-\u007f]/gu)?.length ?? 0;
    pieces.push(text);
    at += whole;
    // The end of a piece may cut a character in two, the end of all not.
    if (whole === piece.length || (good === piece.length && at - whole + good < bytes.length)) continue;
    faults += 1;
    if (faults > MOST_FAULTS) return undefined;
    const bad = Math.max(1, good - whole);
    pieces.push(decoded(bytes.subarray(at, at + bad), "windows-1252"));
    at += bad;
  }
  return faults <= beyond ? { text: pieces.join(""), faults } : undefined;
}

/** How much of a piece is `good` as the beginning of a text, and how much of that is `whole` characters. */
function validLength(piece, charset) {
  let good = 0;
  let bad = piece.length + 1;
  while (bad - good > 1) {
    const middle = good === 0 && bad > piece.length ? piece.length : (good + bad) >> 1;
    if (isBeginning(piece.subarray(0, middle), charset)) good = middle;
    else bad = middle;
  }
  for (let whole = good; whole > Math.max(0, good - LONGEST_CHARACTER); whole -= 1) {
    if (decoded(piece.subarray(0, whole), charset) !== undefined) return { whole, good };
  }
  return { whole: Math.max(0, good - LONGEST_CHARACTER), good };
}

function isBeginning(bytes, charset) {
  try {
    new TextDecoder(charset, { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** The name by which this browser knows a charset, or undefined. */
export function labelled(charset) {
  const name = charset.trim().replace(/^(['"])(.*)\1$/s, "$2").toLowerCase();
  try {
    return new TextDecoder(OTHER_NAMES.get(name) ?? name).encoding;
  } catch {
    return undefined;
  }
}

/** The text of bytes in a charset that is known, or undefined where they are none. */
export function decoded(bytes, charset) {
  try {
    return new TextDecoder(charset, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function said(what, charset, why) {
  return `${what} ${nameOf(charset)}, ${why}`;
}

function nameOf(charset) {
  return charset === "windows-1252" ? "Latin-1" : charset.toUpperCase();
}

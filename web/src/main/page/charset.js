// Bytes as text, by what they say of themselves and by what was said of them. No DOM.

import { latin1 } from "./bytes.js";

const MARKS = [
  [[0xef, 0xbb, 0xbf], "utf-8"],
  [[0xff, 0xfe], "utf-16le"],
  [[0xfe, 0xff], "utf-16be"],
];

/** What an XML document says of its own bytes, in its first line. */
const XML = /^<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']/;

/** More of a text than its beginning is not searched for what texts do not have. */
const MOST_SEARCHED = 65_536;
const CONTROL = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/;

/**
 * `{text, charset, remark}`: a byte order mark counts first, then the charset that was `declared`, then what an XML
 * document says, then UTF-8. What is none of these is read as Latin-1, with a remark; `text` is undefined where it does
 * not look like text then either. Nothing is replaced.
 */
export function textOf(bytes, declared) {
  const mark = MARKS.find(([start]) => start.every((byte, at) => bytes[at] === byte));
  if (mark) {
    const text = decoded(bytes, mark[1]);
    if (text !== undefined) return { text, charset: mark[1], remark: mark[1] === "utf-8" ? undefined : said("Read as", mark[1], "by its byte order mark.") };
  }
  const known = declared && labelled(declared);
  if (declared && !known) return { ...undeclared(bytes), remark: `The charset “${declared}” is unknown here.` };
  if (known) {
    const text = decoded(bytes, known);
    if (text !== undefined) return { text, charset: known, remark: known === "utf-8" ? undefined : `Read as ${declared}, as the request says.` };
    const { text: other, charset } = undeclared(bytes);
    return { text: other, charset, remark: `Not valid ${declared.toUpperCase()}, as the request calls it${other === undefined ? "." : `; read as ${nameOf(charset)}.`}` };
  }
  return undeclared(bytes);
}

function undeclared(bytes) {
  const xml = XML.exec(latin1(bytes.subarray(0, 300)))?.[1];
  const written = xml && labelled(xml);
  if (written && written !== "utf-8") {
    const text = decoded(bytes, written);
    if (text !== undefined) return { text, charset: written, remark: `Read as ${xml}, as its XML declaration says.` };
  }
  const text = decoded(bytes, "utf-8");
  if (text !== undefined) return { text, charset: "utf-8" };
  if (CONTROL.test(latin1(bytes.subarray(0, MOST_SEARCHED)))) return { remark: "Not valid UTF-8, so it is shown byte by byte." };
  return { text: decoded(bytes, "windows-1252"), charset: "windows-1252", remark: "Not valid UTF-8; read as Latin-1, which may be wrong." };
}

/** The name by which this browser knows a charset, or undefined. */
export function labelled(charset) {
  try {
    return new TextDecoder(charset).encoding;
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

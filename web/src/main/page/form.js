// Names and values of a form or a query, escapes and all. No DOM.

import { latin1Bytes } from "./bytes.js";
import { decoded, decodedButFew, labelled } from "./charset.js";

/** No more pairs of a form or query are read. */
export const MOST_PAIRS = 2_000;

/** Fields in which a form names its own charset, or those of its fields, as inbound mail does. */
const CHARSET_FIELD = /^(?:charset|_charset_)$/i;
const CHARSETS_FIELD = "charsets";

/**
 * The first pairs, in order, repeats and all: `{pairs, remark}`. Escapes are bytes in the charset that was `declared`,
 * else in the one that a field of the form names, else UTF-8; a value that is not is read as Latin-1, with a remark. What
 * is no escape stays as it is; with `areBytes` the characters of the text are bytes like those.
 */
export function readPairs(text, declared, most = MOST_PAIRS, { areBytes = false } = {}) {
  const raw = rawPairs(text, most);
  const known = labelled(declared ?? "");
  const charset = known ?? fieldCharset(raw) ?? "utf-8";
  const ofFields = known ? {} : charsetsOf(raw.find(([name]) => name === CHARSETS_FIELD)?.[1]);
  let guessed = false;
  const read = (word, own = charset) => {
    const { text: value, latin } = unescaped(word, own, areBytes);
    guessed ||= latin;
    return value;
  };
  const pairs = raw.map(([word, value]) => {
    const name = read(word);
    return [name, read(value, Object.hasOwn(ofFields, name) ? labelled(String(ofFields[name])) : undefined)];
  });
  const remark = guessed
    ? `Some values are not ${charset.toUpperCase()}; they are read as Latin-1, which may be wrong.`
    : charset === "utf-8"
      ? undefined
      : `Escapes are read as ${charset}, as the ${known ? "request" : "form"} says.`;
  return { pairs, remark };
}

/** The charset that a field of a form names; undefined where none does. */
export function formCharset(text) {
  return fieldCharset(rawPairs(text, MOST_PAIRS));
}

function rawPairs(text, most) {
  const raw = [];
  for (const pair of eachPair(text)) {
    if (raw.length === most) break;
    const at = pair.indexOf("=");
    raw.push(at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)]);
  }
  return raw;
}

function fieldCharset(raw) {
  for (const [name, value] of raw) {
    // One of bytes in pairs escapes nothing that a form consists of.
    const charset = CHARSET_FIELD.test(name) && value.length < 100 ? labelled(unescaped(value, "windows-1252", true).text) : undefined;
    if (charset && !charset.startsWith("utf-16")) return charset;
  }
  return undefined;
}

/** By the names of fields, what a list of charsets says of each: `{"text":"iso-8859-1"}`. */
export function charsetsOf(written = "") {
  try {
    return Object(JSON.parse(unescaped(written, "utf-8").text));
  } catch {
    // A field that is only called so.
    return {};
  }
}

/** The pairs alone. */
export function formPairs(text, most = MOST_PAIRS) {
  return readPairs(text, undefined, most).pairs;
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

/** One name or value: `+` is a space, `%XX` a byte. Letters between escapes are bytes too, as in "%83A" of Shift_JIS. */
function unescaped(word, charset, areBytes = false) {
  const isPlain = !/[%+]/.test(word);
  if (isPlain && !(areBytes && /[^\u0000-\u007f]/.test(word))) return { text: word, latin: false };
  const spaced = word.replaceAll("+", " ");
  if (!spaced.includes("%") && !areBytes) return { text: spaced, latin: false };
  let latin = false;
  const text = spaced.replace(areBytes ? /[\u0000-\u00ff]+/g : /[\u0000-\u007f]+/g, (written) => {
    const bytes = latin1Bytes(written.replace(/%([0-9a-fA-F]{2})/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 16))));
    const exact = decoded(bytes, charset);
    if (exact !== undefined) return exact;
    latin = true;
    return decodedButFew(bytes, charset)?.text ?? decoded(bytes, "windows-1252");
  });
  return { text, latin };
}

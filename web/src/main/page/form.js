// Names and values of a form or a query, escapes and all. No DOM.

import { latin1Bytes } from "./bytes.js";
import { decoded, labelled } from "./charset.js";

/** No more pairs of a form or query are read. */
export const MOST_PAIRS = 2_000;

/** Fields in which a form names its own charset. */
const CHARSET_FIELDS = new Set(["charset", "_charset_"]);

/**
 * The first pairs, in order, repeats and all: `{pairs, remark}`. Escapes are bytes in the charset that was `declared`,
 * else in the one that a field of the form names, else UTF-8; a value that is not is read as Latin-1, with a remark. What
 * is no escape stays as it is.
 */
export function readPairs(text, declared, most = MOST_PAIRS) {
  const raw = [];
  for (const pair of eachPair(text)) {
    if (raw.length === most) break;
    const at = pair.indexOf("=");
    raw.push(at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)]);
  }
  const field = raw.find(([name, value]) => CHARSET_FIELDS.has(name) && labelled(value))?.[1];
  const charset = labelled(declared ?? "") ?? labelled(field ?? "") ?? "utf-8";
  let guessed = false;
  const read = (word) => {
    const { text: value, latin } = unescaped(word, charset);
    guessed ||= latin;
    return value;
  };
  const pairs = raw.map(([name, value]) => [read(name), read(value)]);
  const remark = guessed
    ? `Some values are not ${charset.toUpperCase()}; they are read as Latin-1, which may be wrong.`
    : charset === "utf-8"
      ? undefined
      : `Escapes are read as ${charset}, as the ${labelled(declared ?? "") ? "request" : "form"} says.`;
  return { pairs, remark };
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
function unescaped(word, charset) {
  if (!/[%+]/.test(word)) return { text: word, latin: false };
  const spaced = word.replaceAll("+", " ");
  if (!spaced.includes("%")) return { text: spaced, latin: false };
  let latin = false;
  const text = spaced.replace(/[\u0000-\u007f]+/g, (ascii) => {
    const bytes = latin1Bytes(ascii.replace(/%([0-9a-fA-F]{2})/g, (_, digits) => String.fromCharCode(Number.parseInt(digits, 16))));
    const exact = decoded(bytes, charset);
    if (exact !== undefined) return exact;
    latin = true;
    return decoded(bytes, "windows-1252");
  });
  return { text, latin };
}

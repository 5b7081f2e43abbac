// What is inside of a text: JSON in a string, base64 that is text, tokens, escapes. Each is shown beside the text as it
// was sent, never instead of it. No DOM.

import { escaped } from "./captured-text.js";
import { decoded, wideOf } from "./charset.js";
import { base64Bytes } from "./headers.js";
import { prettyJson } from "./json.js";
import { unpackBudget, unpacked } from "./unpack.js";

/** No more is looked through, found, or shown. */
const MOST_SOURCE = 1_048_576;
const MOST_VALUES = 20_000;
const MOST_FOUND = 50;
const MOST_TEXT = 200_000;
const MOST_DEPTH = 200;
/** Texts in texts in texts. */
const MOST_LAYERS = 5;
const MOST_PACKED = 20;

/** Times of a token, in seconds. */
const TIMES = { iat: "issued", nbf: "not before", exp: "expires", auth_time: "signed in" };

/**
 * What is inside of named values, and inside of that, as one text; undefined when nothing is. `unpackedTexts` are what
 * unpackedOf found in them.
 */
export function insideOf(pairs, unpackedTexts = new Map()) {
  const found = [];
  look(pairs, "", { found, unpackedTexts, layers: 0 });
  return found.length === 0 ? undefined : found.join("\n\n").slice(0, MOST_TEXT);
}

function look(pairs, above, { found, unpackedTexts, layers }) {
  for (const [place, value] of pairs) {
    if (found.length === MOST_FOUND || found.reduce((total, { length }) => total + length, 0) >= MOST_TEXT) return;
    const inside = value.length <= MOST_SOURCE ? layer(value, unpackedTexts) : undefined;
    if (!inside) continue;
    found.push(`${above}${place} is ${inside.kind}:\n${inside.text.slice(0, MOST_TEXT)}`);
    if (inside.json !== undefined && layers < MOST_LAYERS) look(stringsOf(inside.json), `${above}${place} → `, { found, unpackedTexts, layers: layers + 1 });
  }
}

/**
 * By values that are gzip in base64, as logs and queues have it, the text that was packed; of a long one, which would be
 * cut anyway, its beginning. What is unpacked is taken off the \`budget\`.
 */
export async function unpackedOf(pairs, budget = unpackBudget()) {
  const texts = new Map();
  let tries = 0;
  for (const [, value] of pairs) {
    if (tries === MOST_PACKED || budget.bytes === 0) break;
    if (!value.startsWith("H4sI") || value.length > MOST_SOURCE || texts.has(value)) continue;
    tries += 1;
    const bytes = base64Bytes(value);
    const text = bytes && readable((await unpacked(bytes, "", budget)).bytes);
    if (text !== undefined) texts.set(value, text.length > MOST_SOURCE ? text.slice(0, MOST_TEXT) : text);
  }
  return texts;
}

/** The strings of a JSON text with their places as JSON pointers; none of a text that is no JSON or too long. */
export function* stringsOf(text) {
  if (text.length > MOST_SOURCE) return;
  let value;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    return;
  }
  const open = [["", value, 0]];
  for (let looked = 0; looked < open.length && looked < MOST_VALUES; looked += 1) {
    const [place, inner, depth] = open[looked];
    if (typeof inner === "string") yield [place || "The value", inner];
    else if (inner !== null && typeof inner === "object" && depth < MOST_DEPTH) {
      for (const key of Object.keys(inner).slice(0, MOST_VALUES)) {
        open.push([`${place}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`, inner[key], depth + 1]);
      }
    }
  }
}

/**
 * JSON with its `\u` escapes as the characters they stand for; undefined when there are none. What JSON has to escape, and
 * what nobody would see, stays.
 */
export function unescapedJson(text) {
  let some = false;
  const readableText = text.replace(/\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|\\u([0-9a-fA-F]{4})|\\[^u]/g, (escape, high, low, single) => {
    const units = high ? [high, low] : [single];
    if (units[0] === undefined) return escape;
    const char = String.fromCharCode(...units.map((digits) => Number.parseInt(digits, 16)));
    if (/["\\\u00a0]/.test(char) || escaped(char) !== char) return escape;
    some = true;
    return char;
  });
  return some ? readableText : undefined;
}

function layer(value, unpackedTexts) {
  const packed = unpackedTexts.get(value);
  if (packed !== undefined) return textIn(packed, "gzip in base64");
  const trimmed = value.trim();
  return token(trimmed) ?? nested(trimmed) ?? base64Text(trimmed);
}

function nested(value) {
  if (!/^[[{]/.test(value)) return undefined;
  const { text, error, tooLarge } = prettyJson(value);
  return error || tooLarge ? undefined : { kind: "JSON", text, json: value };
}

/** JSON or other text that was wrapped. */
function textIn(text, wrapping) {
  const inner = nested(text.trim());
  return inner ? { ...inner, kind: `JSON in ${wrapping}` } : { kind: `text in ${wrapping}`, text };
}

/** A JWT, or what stands for one: its head says how it is signed or encrypted. Not verified: that takes a key. */
function token(value) {
  const parts = /^(?:Bearer\s+)?([\w-]{8,})\.([\w-]*)\.([\w-]*)(\.[\w-]*\.[\w-]*)?$/i.exec(value);
  const head = parts && jsonOf(parts[1]);
  if (typeof head?.value.alg !== "string") return undefined;
  if (parts[4] !== undefined) return { kind: "an encrypted token (JWE), of which only the head can be read", text: head.text };
  const claims = jsonOf(parts[2]);
  if (!claims) return { kind: "a JWT, not verified", text: `${head.text}\nIts second part is no JSON object.` };
  const times = Object.entries(TIMES).flatMap(([name, words]) => {
    const time = dateOf(claims.value[name]);
    return time === undefined ? [] : [`${words} ${time}`];
  });
  const unsigned = parts[3] === "" ? ["Its third part, the signature, is empty."] : [];
  return { kind: "a JWT, not verified", text: [head.text, claims.text, ...times, ...unsigned].join("\n") };
}

/** A time of a token: seconds, as it has to be, or milliseconds, as some write. */
function dateOf(number) {
  if (typeof number !== "number" || !(Math.abs(number) < 8.64e15)) return undefined;
  return new Date(Math.abs(number) > 1e11 ? number : number * 1_000).toISOString();
}

function jsonOf(part) {
  const text = readable(base64Bytes(ofUrl(part)));
  try {
    const value = JSON.parse(text ?? "");
    return value !== null && typeof value === "object" && !Array.isArray(value) ? { value, text: prettyJson(text).text } : undefined;
  } catch {
    return undefined;
  }
}

/** Short words are base64 by chance. */
function base64Text(value) {
  const content = value.replace(/^data:[^,]{0,200};base64,/i, "").replace(/\s+/g, "");
  if (content.length < 24 || !/^(?:[A-Za-z0-9+/]+|[\w-]+)={0,2}$/.test(content)) return undefined;
  const text = readable(base64Bytes(ofUrl(content)));
  return text === undefined ? undefined : textIn(text, "base64");
}

/** Base64 as others write it, whose alphabet is that of addresses, and which needs no end. */
function ofUrl(text) {
  return text.replace(/=+$/, "").replaceAll("-", "+").replaceAll("_", "/");
}

/** Bytes as text that they surely are. */
function readable(bytes) {
  const text = bytes && decoded(bytes, wideOf(bytes) ?? "utf-8");
  return text === undefined || /[\u0000-\u0008\u000e-\u001f\u007f]/.test(text) ? undefined : text;
}

// What is inside of a text: JSON in a string, base64 that is text, tokens, escapes. Each is shown beside the text as it
// was sent, never instead of it. No DOM.

import { decoded } from "./charset.js";
import { latin1Bytes } from "./bytes.js";
import { prettyJson } from "./json.js";

/** No more is looked through, found, or shown. */
const MOST_SOURCE = 1_048_576;
const MOST_VALUES = 20_000;
const MOST_FOUND = 50;
const MOST_TEXT = 200_000;
const MOST_DEPTH = 200;

/** Times of a token, in seconds. */
const TIMES = { iat: "issued", nbf: "not before", exp: "expires", auth_time: "signed in" };

/** What is inside of named values, as one text; undefined when nothing is. */
export function insideOf(pairs) {
  const found = [];
  for (const [place, value] of pairs) {
    if (found.length === MOST_FOUND) break;
    const inside = value.length <= MOST_SOURCE ? layer(value) : undefined;
    if (inside) found.push(`${place} is ${inside.kind}:\n${inside.text}`);
  }
  return found.length === 0 ? undefined : found.join("\n\n").slice(0, MOST_TEXT);
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
    if (typeof inner === "string") yield [place || "/", inner];
    else if (inner !== null && typeof inner === "object" && depth < MOST_DEPTH) {
      for (const key of Object.keys(inner).slice(0, MOST_VALUES)) {
        open.push([`${place}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`, inner[key], depth + 1]);
      }
    }
  }
}

/** JSON with its `\u` escapes as the characters they stand for; undefined when there are none. */
export function unescapedJson(text) {
  let some = false;
  const readable = text.replace(/\\(?:u([0-9a-fA-F]{4})|[^u])/g, (escape, digits) => {
    if (digits === undefined) return escape;
    const code = Number.parseInt(digits, 16);
    // What JSON has to escape, and what nobody would see, stays.
    if (code < 0x20 || code === 0x22 || code === 0x5c || (code >= 0x7f && code < 0xa1)) return escape;
    some = true;
    return String.fromCharCode(code);
  });
  return some ? readable : undefined;
}

function layer(value) {
  const trimmed = value.trim();
  return token(trimmed) ?? nested(trimmed) ?? base64Text(trimmed);
}

function nested(value) {
  if (!/^[[{]/.test(value)) return undefined;
  const { text, error, tooLarge } = prettyJson(value);
  return error || tooLarge ? undefined : { kind: "JSON", text };
}

/** Not verified: that takes a key. */
function token(value) {
  const parts = /^(?:Bearer )?(eyJ[\w-]+)\.(eyJ[\w-]+)\.[\w-]*$/.exec(value);
  if (!parts) return undefined;
  const [head, claims] = [parts[1], parts[2]].map((part) => jsonOf(base64Bytes(part.replaceAll("-", "+").replaceAll("_", "/"))));
  if (!head || !claims) return undefined;
  const times = Object.entries(TIMES)
    .filter(([name]) => Number.isSafeInteger(claims.value[name]) && Math.abs(claims.value[name]) < 8_640_000_000_000)
    .map(([name, words]) => `${words} ${new Date(claims.value[name] * 1_000).toISOString()}`);
  return { kind: "a JWT, not verified", text: [head.text, claims.text, ...times].join("\n") };
}

function jsonOf(bytes) {
  const text = bytes && decoded(bytes, "utf-8");
  try {
    const value = JSON.parse(text ?? "");
    return value !== null && typeof value === "object" ? { value, text: prettyJson(text).text } : undefined;
  } catch {
    return undefined;
  }
}

/** Short words are base64 by chance. */
function base64Text(value) {
  if (value.length < 24 || value.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(value)) return undefined;
  const bytes = base64Bytes(value);
  const text = bytes && decoded(bytes, "utf-8");
  if (text === undefined || /[\u0000-\u0008\u000e-\u001f\u007f]/.test(text)) return undefined;
  const inner = nested(text.trim());
  return { kind: inner ? "JSON in base64" : "text in base64", text: inner?.text ?? text };
}

function base64Bytes(text) {
  try {
    return latin1Bytes(atob(text));
  } catch {
    return undefined;
  }
}

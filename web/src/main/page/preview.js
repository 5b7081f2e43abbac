// The first words of a request, by which one row of a list differs from the next. No DOM.

import { readPairs } from "./form.js";
import { inlineBytes } from "./inline.js";

/** No more of a body is read for a row. */
export const MOST_BODY = 65_536;
const MOST_WORDS = 160;
const MOST_PAIRS = 12;

/** Where senders say what happened. */
const EVENT = ["type", "event", "event_type", "eventType", "event_name", "eventName", "topic", "Type", "Subject", "action"];
/** Around what it happened to. */
const AROUND = ["data", "object", "payload", "resource", "event", "body", "detail"];
/** Never shown in a list: it signs what comes later. */
const SECRET = "verification_token";

/** The body of a capture as text; undefined of one that is empty, or too long to be read for a row. */
export function textOf({ body }) {
  const bytes = body.size <= MOST_BODY ? inlineBytes(body) : undefined;
  return bytes && bytes.length > 0 ? new TextDecoder().decode(bytes) : undefined;
}

/** `{event, words}` of a capture with its body: what happened, and the first words of the rest; both may be empty. */
export function previewOf(capture, text = textOf(capture)) {
  const { contentType } = capture;
  if (text === undefined) return { event: "", words: "" };
  if (/[\u0000-\u0008\u000e-\u001f\ufffd]/.test(text.slice(0, 4_096))) return { event: "", words: "" };
  const json = jsonOf(text);
  if (json !== undefined) return ofJson(json);
  if (/^application\/x-www-form-urlencoded/i.test(contentType ?? "")) return ofForm(text);
  if (contentType?.toLowerCase().startsWith("multipart/")) return ofParts(text);
  return { event: "", words: oneLine(text.replace(/^\ufeff?<\?xml[^>]*\?>/, "")) };
}

function jsonOf(text) {
  if (!/^\ufeff?\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text.replace(/^\ufeff/, ""));
  } catch {
    return undefined;
  }
}

function ofJson(json) {
  const one = Array.isArray(json) && json.length === 1 ? json[0] : json;
  const name = EVENT.find((key) => typeof one?.[key] === "string" && /^[\w.:/ -]{1,80}$/.test(one[key]));
  const event = name === undefined ? "" : one[name];
  return { event, words: oneLine(members(core(one, name), name)) };
}

/** What the event is about: the innermost of the usual wrappings that holds a value of its own. */
function core(value, eventName) {
  let found = value;
  for (let depth = 0; depth < 3; depth += 1) {
    const next = AROUND.filter((key) => key !== eventName)
      .map((key) => found?.[key])
      .find((inner) => inner !== null && typeof inner === "object" && !Array.isArray(inner) && Object.keys(inner).length > 0);
    if (next === undefined || eventName === undefined) return found;
    found = next;
  }
  return found;
}

/** "id in_2, customer cus_QY, lines {…}" */
function members(value, eventName) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return JSON.stringify(value).slice(0, MOST_WORDS);
  const words = [];
  for (const [key, inner] of Object.entries(value)) {
    if (words.join(" ").length > MOST_WORDS) break;
    if (key === eventName) continue;
    if (key === SECRET) words.push(`${key} ••••••`);
    else if (inner === null || typeof inner !== "object") words.push(`${key.slice(0, 40)} ${String(inner).slice(0, 60)}`);
    else words.push(`${key.slice(0, 40)} ${Array.isArray(inner) ? "[…]" : "{…}"}`);
  }
  return words.join(", ");
}

function ofForm(text) {
  const { pairs } = readPairs(text, undefined, MOST_PAIRS);
  const json = pairs.length === 1 ? jsonOf(pairs[0][1]) : undefined;
  const valueOf = (wanted) => pairs.find(([name]) => name === wanted)?.[1] ?? "";
  // As chats send what somebody typed to them.
  if (/^\/[\w-]{1,60}$/.test(valueOf("command"))) return { event: valueOf("command"), words: oneLine(valueOf("text")) };
  return json === undefined ? { event: "", words: oneLine(pairs.map((pair) => pair.join(" ")).join(", ")) } : ofJson(json);
}

/** The names of the first parts. */
function ofParts(text) {
  const names = [...text.slice(0, MOST_BODY).matchAll(/;\s*name="([^"\r\n]{1,60})"/g)].slice(0, MOST_PAIRS);
  return { event: "", words: oneLine(names.map(([, name]) => name).join(", ")) };
}

function oneLine(text) {
  return text.slice(0, 4 * MOST_WORDS).replace(/\s+/g, " ").trim().slice(0, MOST_WORDS);
}

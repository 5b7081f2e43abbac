// The language of the filter: method:POST path:/pay* json:/data/status=failed -word "two words". The same as the
// client's --match, which refuses names that are no filter, since nobody sees there what it finds meanwhile; and
// signature:good, signature:bad, is:pinned and is:noted, of which only this page knows. No DOM.

import { escaped } from "./captured-text.js";
import { readableHead } from "./readable.js";
import { responseWords } from "./response.js";
import { pathTail } from "./text.js";

const NAMES = new Set(["method", "path", "sender", "event", "delivery", "sha256", "header", "json", "text"]);
const WORD = "text";
/** What only this page knows, and the values that each may have. */
const HERE = { signature: ["good", "bad"], is: ["pinned", "noted"] };

/**
 * The conditions in `text`, all to be met: `{negated, name, value}`. `name` is a filter of the API, `text` for a word. A
 * condition without a value, which is still being typed, is none; neither has a quote to be closed.
 */
export function parseMatch(text) {
  const pieces = text.match(/(?:"[^"]*"?|[^\s"])+/gu) ?? [];
  return pieces.map(termOf).filter(({ value }) => value !== "");
}

function termOf(piece) {
  const negated = /^-./su.test(piece);
  const rest = negated ? piece.slice(1) : piece;
  const [, name, value] = /^([a-z0-9]+)[:=](.*)$/isu.exec(rest) ?? [];
  const here = name?.toLowerCase();
  if (Object.hasOwn(HERE, here ?? "")) return { negated, name: here, value: HERE[here].includes(value.toLowerCase()) ? value.toLowerCase() : "" };
  const known = NAMES.has(name?.toLowerCase());
  return { negated, name: known ? name.toLowerCase() : WORD, value: (known ? value : rest).replaceAll('"', "") };
}

/** A condition as a person would write it; undefined where there is no way to write it, or to see it. */
export function termText(name, value) {
  if (value === "" || value.includes('"') || escaped(value) !== value) return undefined;
  return /\s/u.test(value) ? `${name}:"${value}"` : `${name}:${value}`;
}

export function isWord({ name }) {
  return name === WORD;
}

/** A pattern that finds a word as it is. */
export function wordPattern(word, flags) {
  return new RegExp(word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"), flags);
}

/** Whether it is `good` or `bad` by a secret that was typed here. */
export function isOfSignature({ name }) {
  return name === "signature";
}

/** Whether it asks for what was marked in this browser. */
export function isOfMarks({ name }) {
  return name === "is";
}

/** Whether `word` is somewhere in the text that the list shows of a capture, whatever its case. */
export function isListed(capture, word) {
  let text = listed.get(capture);
  if (text === undefined) {
    text = listedText(capture);
    listed.set(capture, text);
  }
  return text.includes(word.toLowerCase());
}

const listed = new WeakMap();

/** Both as it is kept and as it reads. */
function listedText(capture) {
  const shown = [capture, ...(capture.readable ? [readableHead(capture)] : [])];
  return [
    `#${capture.seq}`,
    capture.method,
    capture.sender,
    capture.sourceIp,
    responseWords(capture),
    ...shown.flatMap(({ path, query, event, deliveryId, contentType, userAgent }) => [pathTail(path), query, event, deliveryId, contentType, userAgent]),
  ]
    .filter(Boolean)
    .join("\n")
    .toLowerCase();
}

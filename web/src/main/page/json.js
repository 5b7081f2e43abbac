// JSON re-indented as one text. No DOM.

import { JsonLines } from "./lines.js";
import { jsonRows } from "./json-rows.js";

const INDENT = "  ";
/** Deeper values are indented no further: there would be no room left for them. */
const MOST_INDENT = 20;
/** Indentation can multiply a text that is nothing but brackets. */
const MOST_TEXT = 8 * 1024 * 1024;

/**
 * @typedef {{message: string, line: number, column: number}} Finding where in the text as it was sent
 * @returns {{text: string, error?: Finding, stops?: {start: number, end: number}, duplicates: Finding[], repeated: number, tooLarge?: boolean}}
 * With an `error`, or where it would get too long, `text` is the text as sent. `duplicates` holds the first of the
 * `repeated` keys.
 */
export function prettyJson(source) {
  const rows = jsonRows(source);
  const { error, stops, duplicates, repeated } = rows;
  if (error) return { text: source, error, stops, duplicates, repeated };
  const text = indented(source, rows);
  return text === undefined ? { text: source, tooLarge: true, duplicates, repeated } : { text, duplicates, repeated };
}

/** The rows of a JSON text as one text; undefined where it would get too long. */
export function indented(source, rows) {
  const lines = new JsonLines(source, rows);
  const out = [];
  let length = 0;
  for (let row = 0; row < lines.count; row += 1) {
    const line = INDENT.repeat(Math.min(lines.depth(row), MOST_INDENT)) + lines.text(row);
    length += line.length + 1;
    if (length > MOST_TEXT) return undefined;
    out.push(line);
  }
  return out.join("\n");
}

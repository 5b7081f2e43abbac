// One row of a body, or a piece of a long one: its tokens in their colours, and what a search found in it.

import { namedPieces } from "./captured-text.js";
import { timeWords } from "./hints.js";
import { cutTokens } from "./lines.js";
import { whole } from "./text.js";

/** Puts the letters `from` … `to` of a row into its element. */
export function fillRow(element, lines, { row, from, to, level, folded, found }) {
  if (lines.numbered) element.dataset.n = from === 0 ? whole(row + 1) : "";
  if (lines.partner(row) > row) element.append(foldButton(folded));
  if (from === 0) element.append("  ".repeat(level));
  // A sign for a line break stands behind the last letter.
  const end = to === lines.length(row) ? Infinity : to;
  for (const token of cutTokens(lines.tokens(row), from, end)) element.append(...nodesOf(token, found));
  if (folded) element.append(span("folded", ` ${whole(lines.members(row))} … `), ...lines.tokens(lines.partner(row)).map(({ text }) => text));
  element.append("\n");
}

function foldButton(folded) {
  const button = document.createElement("button");
  return Object.assign(button, { type: "button", className: "fold", tabIndex: -1, ariaLabel: folded ? "Unfold this" : "Fold this", ariaExpanded: String(!folded) });
}

function nodesOf({ text, kind, from, glue }, found) {
  return partsOf(from, text, glue ? undefined : found).flatMap(({ part, mark }) => {
    const nodes = namedPieces(part, { lines: true }).map((piece) => (typeof piece === "string" ? piece : span("codepoint", piece.name)));
    if (!kind && !mark) return nodes;
    const element = document.createElement(mark ? "mark" : "span");
    element.className = [kind && `t-${kind}`, mark].filter(Boolean).join(" ");
    const title = kind === "number" && part === text ? timeWords(text) : undefined;
    if (title) element.title = title;
    element.append(...nodes);
    return [element];
  });
}

/** A text in parts: what a search found, and the rest. */
function partsOf(from, text, found) {
  const parts = [];
  let at = from;
  const end = from + text.length;
  const add = (to, mark) => {
    if (to > at) parts.push({ part: text.slice(at - from, to - from), mark });
    at = Math.max(at, to);
  };
  for (let index = found ? firstAfter(found, from) : 0; found && index < found.starts.length && found.starts[index] < end; index += 1) {
    add(Math.max(from, found.starts[index]));
    add(Math.min(end, found.starts[index] + found.lengths[index]), index === found.index ? "found now" : "found");
  }
  add(end);
  return parts;
}

function span(name, text) {
  const element = document.createElement("span");
  element.className = name;
  element.textContent = text;
  return element;
}

/** The first of what was found that ends behind `from`. */
function firstAfter({ starts, lengths }, from) {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle] + lengths[middle] > from) high = middle;
    else low = middle + 1;
  }
  return low;
}

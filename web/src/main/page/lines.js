// A body as rows of any number and any length, of which only those in sight are ever made into text. No DOM.

import { hex } from "./hex.js";
import { costOf, isPlain } from "./cost.js";
import { GrowingNumbers } from "./numbers.js";

/** Tokens of so many rows are kept: a row of megabytes is asked for again with each line of it. */
const MOST_KEPT = 200;
/** More members of what is folded are not counted. */
const MOST_COUNTED = 10_000;

/** Where the lines of a text begin and what each costs to lay out: `{starts, costs}`. */
export function textRows(text, plain = isPlain(text)) {
  const starts = new GrowingNumbers();
  const costs = new GrowingNumbers();
  for (let at = 0; ; ) {
    const next = text.indexOf("\n", at);
    const end = next < 0 ? text.length : next;
    starts.push(at);
    costs.push(plain ? end - at : costOf(text, at, end));
    if (next < 0) break;
    at = next + 1;
  }
  return { starts: starts.whole(), costs: costs.whole() };
}

/** A view of a text as it is. */
export function textView(name, text) {
  const plain = isPlain(text);
  return { name, source: { text, plain }, rows: textRows(text, plain) };
}

/**
 * Rows of a text as it is. All kinds of rows have a `count`, and for each row a `depth`, `length` and `cost`, the row
 * that closes it (`partner`, -1 for most) and its `tokens`, `{text, kind, from}`, `from` being where that stands in the
 * source, `glue` telling that it is not written alike there.
 */
export class TextLines {
  #starts;
  #costs;
  #marks;

  /** `marks` are stretches of the text, `{start, end, kind}`. */
  constructor(source, { starts, costs }, marks = []) {
    this.source = source;
    this.#starts = starts;
    this.#costs = costs;
    this.#marks = marks;
  }

  /** Whether rows have numbers of their own. */
  numbered = true;

  get count() {
    return this.#starts.length;
  }

  depth() {
    return 0;
  }

  partner() {
    return -1;
  }

  length(row) {
    return this.#end(row) - this.#starts[row];
  }

  cost(row) {
    return this.#costs[row];
  }

  text(row) {
    return this.source.slice(this.#starts[row], this.#end(row));
  }

  tokens(row) {
    const start = this.#starts[row];
    const end = this.#end(row);
    const tokens = [];
    let from = start;
    const add = (to, kind) => {
      if (to > from) tokens.push({ text: this.source.slice(from, to), kind, from });
      from = Math.max(from, to);
    };
    for (const mark of this.#marks) {
      if (mark.end <= start || mark.start > end) continue;
      add(Math.max(start, mark.start));
      add(Math.min(end, mark.end), mark.kind);
      // A line break has no sign of its own.
      if (mark.start >= end && this.source[mark.start] !== undefined) tokens.push({ text: mark.start > end || this.source[end] === "\r" ? "U+000D" : "U+000A", kind: mark.kind, from: end });
    }
    add(end);
    return tokens;
  }

  /** Where the row ends: before its line break. */
  #end(row) {
    const next = row + 1 < this.#starts.length ? this.#starts[row + 1] - 1 : this.source.length;
    return next > this.#starts[row] && row + 1 < this.#starts.length && this.source[next - 1] === "\r" ? next - 1 : next;
  }

  rowAt(offset) {
    return lastBefore(this.#starts, offset);
  }
}

/** Rows of JSON, re-indented: the depth of a row is what it is indented by. */
export class JsonLines {
  #rows;
  #marked;
  #kept = new Map();

  numbered = false;

  constructor(source, rows) {
    this.source = source;
    this.#rows = rows;
    this.#marked = rows.marked;
  }

  get count() {
    return this.#rows.starts.length;
  }

  depth(row) {
    return this.#rows.depths[row];
  }

  partner(row) {
    return this.#rows.partners[row];
  }

  length(row) {
    return this.#rows.lengths[row];
  }

  cost(row) {
    return this.#rows.costs[row];
  }

  text(row) {
    return this.tokens(row)
      .map(({ text }) => text)
      .join("");
  }

  rowAt(offset) {
    return Math.max(0, lastBefore(this.#rows.starts, offset));
  }

  tokens(row) {
    let tokens = this.#kept.get(row);
    if (tokens === undefined) {
      tokens = [...this.#cut(row)];
      if (this.#kept.size >= MOST_KEPT) this.#kept.delete(this.#kept.keys().next().value);
      this.#kept.set(row, tokens);
    }
    return tokens;
  }

  *#cut(row) {
    const end = this.#rows.ends[row];
    for (let at = this.#skip(this.#rows.starts[row]); at < end; at = this.#skip(at)) {
      const from = at;
      const char = this.source[at];
      if (char === ":") {
        at += 1;
        yield { text: ": ", from, glue: true };
      } else if (char === '"') {
        at = stringEnd(this.source, at);
        const isKey = at < end && this.source[this.#skip(at)] === ":";
        yield { text: this.source.slice(from, at), kind: isKey ? (this.#marked.has(from) ? "duplicate" : "key") : "string", from };
      } else if ("{}[],".includes(char)) {
        at += 1;
        yield { text: char, from };
      } else {
        while (at < end && !/[\s,:{}[\]"]/.test(this.source[at])) at += 1;
        yield { text: this.source.slice(from, at), kind: /[tfn]/.test(char) ? "literal" : "number", from };
      }
    }
  }

  #skip(from) {
    let at = from;
    while (" \t\n\r".includes(this.source[at] ?? "x")) at += 1;
    return at;
  }

  /** How many members the container of an opening row has, at most ten thousand. */
  members(row) {
    const close = this.partner(row);
    let members = 0;
    for (let at = row + 1; at < close && members < MOST_COUNTED; at += 1) {
      members += 1;
      if (this.partner(at) > at) at = this.partner(at);
    }
    return members;
  }

  /** What a row stands for, as it was sent. */
  value(row) {
    const opening = this.#opening(row);
    const tokens = this.tokens(opening);
    const first = tokens[1]?.text === ": " ? tokens[2] : tokens[0];
    const closing = this.partner(opening);
    const last = (closing < 0 ? tokens : this.tokens(closing)).findLast(({ text }) => text !== ",");
    return this.source.slice(first.from, last.from + last.text.length);
  }

  /** Where a row's value is, as a JSON pointer (RFC 6901). */
  pointer(row) {
    const names = [];
    let at = this.#opening(row);
    while (this.depth(at) > 0) {
      const depth = this.depth(at);
      const [first, second] = this.tokens(at);
      let index = 0;
      let parent = at - 1;
      for (; this.depth(parent) >= depth; parent -= 1) {
        index += 1;
        if (this.partner(parent) >= 0 && this.partner(parent) < parent) parent = this.partner(parent);
      }
      names.push(second?.text === ": " ? JSON.parse(first.text).replaceAll("~", "~0").replaceAll("/", "~1") : String(index));
      at = parent;
    }
    return names.length === 0 ? "" : `/${names.reverse().join("/")}`;
  }

  /** The rows that have to be unfolded for a row to be seen, innermost first. */
  *around(row) {
    let depth = this.depth(row);
    for (let at = row - 1; at >= 0 && depth > 0; at -= 1) {
      const partner = this.partner(at);
      if (partner >= 0 && partner < at) at = partner;
      else if (partner > row && this.depth(at) < depth) {
        yield at;
        depth = this.depth(at);
      }
    }
  }

  #opening(row) {
    const partner = this.partner(row);
    return partner >= 0 && partner < row ? partner : row;
  }
}

/** Rows of bytes as hexadecimal digits, sixteen each or fewer where there is no room. */
export class HexLines {
  #bytes;
  #inRow;

  numbered = false;

  constructor(bytes, inRow = 16) {
    this.#bytes = bytes;
    this.#inRow = inRow;
  }

  get count() {
    return Math.max(1, Math.ceil(this.#bytes.length / this.#inRow));
  }

  depth() {
    return 0;
  }

  partner() {
    return -1;
  }

  length(row) {
    return this.text(row).length;
  }

  cost() {
    return 1;
  }

  text(row) {
    return hex(this.#bytes, row * this.#inRow, (row + 1) * this.#inRow, this.#inRow);
  }

  tokens(row) {
    return [{ text: this.text(row), from: row * this.#inRow }];
  }

  rowAt(offset) {
    return Math.floor(offset / this.#inRow);
  }
}

/** Tokens from one letter of a row to another. */
export function cutTokens(tokens, from, to) {
  const cut = [];
  let at = 0;
  for (const token of tokens) {
    const end = at + token.text.length;
    if (end > from && at < to) {
      const skipped = Math.max(0, from - at);
      cut.push({ ...token, text: token.text.slice(skipped, to - at), from: token.from + skipped });
    }
    if (end >= to) break;
    at = end;
  }
  return cut;
}

/** Where a string ends whose text is known to be JSON. */
function stringEnd(source, start) {
  for (let at = source.indexOf('"', start + 1); ; at = source.indexOf('"', at + 1)) {
    if (at < 0) return source.length;
    let backslashes = 0;
    while (source[at - 1 - backslashes] === "\\") backslashes += 1;
    if (backslashes % 2 === 0) return at + 1;
  }
}

/** The index of the last number that is not above `number`, in an ascending list. */
export function lastBefore(numbers, number) {
  let low = 0;
  let high = numbers.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (numbers[middle] <= number) low = middle;
    else high = middle - 1;
  }
  return low;
}

// Which rows stand where, without any of them being laid out: how many lines each takes by its cost, with what is folded
// left out. No DOM.

import { lastBefore } from "./lines.js";

/** Deeper rows are indented no further, in levels of two letters, and never by more than a part of the room. */
const MOST_LEVELS = 20;
const LETTERS_A_LEVEL = 2;
const PART_FOR_INDENT = 6;
/** What a row that is broken hangs by. */
const HANG = 2;
/** A row is made in pieces that take no more than so many letters' room. */
const MOST_IN_PIECE = 2_000;

export class Layout {
  #lines;
  #columns;
  #shown;
  /** For each shown row, how many lines are above it; one more at the end. */
  #above;

  /** `folded` has the opening rows whose insides are left out. */
  constructor(lines, columns, folded) {
    this.#lines = lines;
    this.#columns = columns;
    this.#shown = folded.size === 0 ? undefined : shownRows(lines, folded);
    this.#above = this.#sum();
  }

  get columns() {
    return this.#columns;
  }

  /** How many lines there are in all. */
  get height() {
    return this.#above[this.#above.length - 1];
  }

  get count() {
    return this.#shown?.length ?? this.#lines.count;
  }

  row(index) {
    return this.#shown?.[index] ?? index;
  }

  /** How many levels a row is indented by. */
  level(row) {
    return Math.min(this.#lines.depth(row), MOST_LEVELS, Math.max(1, Math.floor(this.#columns / PART_FOR_INDENT)));
  }

  /** Lines above the row, and above the one of its letters that is asked for. */
  lineOf(row, letter = 0) {
    const index = this.#shown ? lastBefore(this.#shown, row) : row;
    return this.#above[index] + (letter > 0 ? this.#linesOf(row, this.#lines.cost(row) * (letter / this.#lines.length(row))) - 1 : 0);
  }

  /**
   * What to make for the lines from `first` to `last`: pieces `{row, from, to}` of rows, and how many lines are above the
   * first of them and in all of them.
   */
  pieces(first, last) {
    const pieces = [];
    let above;
    let below = 0;
    for (let index = lastBefore(this.#above, Math.max(0, first)); index < this.count; index += 1) {
      if (this.#above[index] > last) break;
      const row = this.row(index);
      const length = this.#lines.length(row);
      const inPiece = this.#lettersInPiece(row, length);
      const perPiece = this.#linesOfPiece(row, inPiece);
      const skipped = Math.max(0, Math.floor((first - this.#above[index]) / perPiece));
      for (let piece = Math.min(skipped, Math.max(0, Math.ceil(length / inPiece) - 1)); ; piece += 1) {
        const top = this.#above[index] + piece * perPiece;
        const from = piece * inPiece;
        if (top > last || (from >= length && piece > 0)) break;
        const to = Math.min(length, from + inPiece);
        above ??= top;
        pieces.push({ row, from, to });
        below = to === length ? this.#above[index + 1] : top + perPiece;
      }
    }
    return { pieces, above: above ?? 0, height: Math.max(0, below - (above ?? 0)) };
  }

  #sum() {
    const above = new Float64Array(this.count + 1);
    for (let index = 0; index < this.count; index += 1) {
      const row = this.row(index);
      above[index + 1] = above[index] + this.#height(row);
    }
    return above;
  }

  #height(row) {
    const cost = this.#lines.cost(row);
    if (cost + 2 * MOST_LEVELS <= this.#columns) return 1;
    const length = this.#lines.length(row);
    const inPiece = this.#lettersInPiece(row, length);
    if (length <= inPiece) return this.#linesOf(row, cost);
    const whole = Math.ceil(length / inPiece) - 1;
    return whole * this.#linesOfPiece(row, inPiece) + this.#linesOf(row, ((length - whole * inPiece) * cost) / length);
  }

  #linesOf(row, cost) {
    const indent = this.level(row) * LETTERS_A_LEVEL;
    if (cost + indent <= this.#columns) return 1;
    return 1 + Math.ceil((cost + indent - this.#columns) / Math.max(1, this.#columns - indent - HANG));
  }

  #linesOfPiece(row, letters) {
    return this.#linesOf(row, letters * this.#room(row));
  }

  /** Letters of a piece that fills its lines. */
  #lettersInPiece(row, length) {
    const room = this.#room(row);
    if (length * room <= MOST_IN_PIECE) return length || 1;
    const indent = this.level(row) * LETTERS_A_LEVEL;
    const broken = Math.max(1, this.#columns - indent - HANG);
    const lines = Math.max(0, Math.floor((MOST_IN_PIECE - this.#columns) / broken));
    return Math.max(1, Math.floor((this.#columns - indent + lines * broken) / room));
  }

  #room(row) {
    return Math.max(1, this.#lines.cost(row) / Math.max(1, this.#lines.length(row)));
  }
}

function shownRows(lines, folded) {
  const rows = new Int32Array(lines.count);
  let length = 0;
  for (let row = 0; row < lines.count; row += 1) {
    rows[length] = row;
    length += 1;
    if (folded.has(row)) row = Math.max(row, lines.partner(row));
  }
  return rows.slice(0, length);
}

// JSON as rows, of which a text of any size is drawn: where each stands in the text as it was sent, how deep it is, and
// which one closes it. Nothing is read into values, so every digit, escape and repeated key stays as it was. No DOM.

import { brokenString, clip, hiddenIn, placeIn, shownRest, restLength } from "./json-faults.js";
import { costOf, isPlain } from "./cost.js";
import { GrowingNumbers } from "./numbers.js";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;

const LITERALS = ["true", "false", "null"];

/** What may come next. */
const VALUE = 0;
const FIRST = 1;
const KEY = 2;
const COMMA_OR_END = 3;
const END = 4;

const MOST_FINDINGS = 100;
/** Repeated keys that are marked. */
const MOST_MARKED = 5_000;

/**
 * `{starts, ends, lengths, costs, depths, partners}`, a number for each row: where it begins and ends in `source`, how
 * many letters it is drawn with, what those cost to lay out, how deep it is, and the row that closes what it opens (or
 * opens what it closes; -1 for others). `duplicates` are the first of the `repeated` keys, `marked` where those stand.
 * `plain` tells what isPlain says of the source, where that is known.
 * What is no JSON has an `error` and where it `stops`, and `goesOn` where a whole value stands before that.
 */
export function jsonRows(source, plain = isPlain(source)) {
  return new Scan(source, plain).run();
}

/** The same of values one after another, as lines of JSON are; `values` tells how many. */
export function jsonValues(source, plain = isPlain(source)) {
  return new Scan(source, plain, { many: true }).run();
}

class Scan {
  #source;
  #many;
  #values = 1;
  #plain;
  #at;
  #expect = VALUE;
  #rows = Object.fromEntries(["starts", "ends", "lengths", "costs", "depths", "partners"].map((name) => [name, new GrowingNumbers()]));
  /** Of what is open: the row that opens it, and the keys of an object, or undefined. */
  #open = new GrowingNumbers();
  #keys = [];
  /** The row that is being read: where it begins and ends, how long it is drawn so far, and what it closes. */
  #start = 0;
  #end = 0;
  #length = 0;
  #closes = -1;
  #duplicates = [];
  #marked = new Set();
  #repeated = 0;
  #place;

  constructor(source, plain, { many = false } = {}) {
    this.#source = source;
    this.#many = many;
    this.#plain = plain;
    this.#at = source.charCodeAt(0) === 0xfeff ? 1 : 0;
    this.#place = placeIn(source);
  }

  run() {
    const source = this.#source;
    for (;;) {
      const here = this.#skipSpace();
      if (this.#at >= source.length) {
        return this.#expect === END ? this.#done() : this.#fail(this.#missingEnd());
      }
      const fault = this.#step(here);
      if (fault !== undefined) return this.#fail(fault);
    }
  }

  /** Takes one token, or returns what is wrong with it. */
  #step(here) {
    if (this.#expect === END && this.#many) {
      this.#endRow(0);
      this.#values += 1;
      this.#expect = VALUE;
    }
    if (this.#expect === END) return `There is more after the end of the value: ${this.#shown()}`;
    if (this.#expect === COMMA_OR_END) return this.#comma(here);
    if (this.#expect === FIRST && here === this.#closing()) return this.#closeEmpty();
    if (this.#expect === FIRST) {
      this.#endRow(this.#open.length - 1);
      this.#expect = this.#inside();
    }
    if (this.#length === 0) this.#start = this.#at;
    return this.#expect === KEY ? this.#key(here) : this.#value(here);
  }

  #comma(here) {
    if (here === COMMA) {
      this.#take(1, this.#at + 1);
      this.#endRow(this.#open.length);
      this.#expect = this.#inside();
      return undefined;
    }
    if (here !== this.#closing()) return `A comma or ${String.fromCharCode(this.#closing())} is missing before ${this.#shown()}`;
    this.#endRow(this.#open.length);
    const opened = this.#open.pop();
    this.#keys.pop();
    this.#rows.partners.set(opened, this.#rows.starts.length);
    this.#start = this.#at;
    this.#closes = opened;
    this.#take(1, this.#at + 1);
    this.#afterValue();
    return undefined;
  }

  #closeEmpty() {
    this.#open.pop();
    this.#keys.pop();
    this.#take(1, this.#at + 1);
    this.#afterValue();
    return undefined;
  }

  /** Goes behind a token, which takes `length` letters in its row. */
  #take(length, end) {
    this.#length += length;
    this.#end = end;
    this.#at = end;
  }

  #key(here) {
    const start = this.#at;
    const end = here === QUOTE ? this.#stringEnd() : undefined;
    if (end === undefined) return here === QUOTE ? this.#brokenString() : `A key in double quotes was expected, not ${this.#shown()}`;
    this.#remember(start, end);
    this.#take(end - start + 2, end);
    if (this.#skipSpace() !== COLON) return `A colon is missing after the key ${clip(this.#source.slice(start, end))}, before ${this.#shown()}`;
    this.#at += 1;
    this.#expect = VALUE;
    return undefined;
  }

  #remember(start, end) {
    const raw = this.#source.slice(start + 1, end - 1);
    const name = raw.includes("\\") ? JSON.parse(`"${raw}"`) : raw;
    const keys = this.#keys.at(-1);
    if (!keys.has(name)) {
      keys.add(name);
      return;
    }
    this.#repeated += 1;
    if (this.#marked.size < MOST_MARKED) this.#marked.add(start);
    if (this.#repeated > MOST_FINDINGS) return;
    this.#duplicates.push({ message: `The key ${clip(this.#source.slice(start, end))} is repeated.`, ...this.#place(start) });
  }

  #value(here) {
    if (here === OPEN_OBJECT || here === OPEN_ARRAY) {
      this.#take(1, this.#at + 1);
      this.#open.push(this.#rows.starts.length);
      this.#keys.push(here === OPEN_OBJECT ? new Set() : undefined);
      this.#expect = FIRST;
      return undefined;
    }
    const start = this.#at;
    const end = here === QUOTE ? this.#stringEnd() : (this.#literalEnd(here) ?? this.#numberEnd());
    if (end === undefined) return here === QUOTE ? this.#brokenString() : this.#noValue();
    this.#take(end - start, end);
    this.#afterValue();
    return undefined;
  }

  #afterValue() {
    this.#expect = this.#open.length === 0 ? END : COMMA_OR_END;
  }

  #endRow(depth) {
    const { starts, ends, lengths, costs, depths, partners } = this.#rows;
    starts.push(this.#start);
    ends.push(this.#end);
    lengths.push(this.#length);
    costs.push(this.#plain ? this.#length : this.#length + costOf(this.#source, this.#start, this.#end) - (this.#end - this.#start));
    depths.push(depth);
    partners.push(this.#closes);
    this.#length = 0;
    this.#closes = -1;
  }

  /** What the members of the innermost of what is open begin with. */
  #inside() {
    return this.#keys.at(-1) === undefined ? VALUE : KEY;
  }

  #closing() {
    return this.#keys.at(-1) === undefined ? CLOSE_ARRAY : CLOSE_OBJECT;
  }

  /** Goes to the next character that is no space, and returns it. */
  #skipSpace() {
    const source = this.#source;
    let at = this.#at;
    let code = source.charCodeAt(at);
    while (isSpace(code)) code = source.charCodeAt((at += 1));
    this.#at = at;
    return code;
  }

  /** Where the string that starts here ends, or undefined when none does. By hand: a pattern would backtrack. */
  #stringEnd() {
    const source = this.#source;
    const length = source.length;
    for (let at = this.#at + 1; at < length; at += 1) {
      const code = source.charCodeAt(at);
      if (code === QUOTE) return at + 1;
      if (code < 0x20) return undefined;
      if (code !== BACKSLASH) continue;
      at += 1;
      if (source[at] === "u" && /^[0-9a-fA-F]{4}$/.test(source.slice(at + 1, at + 5))) at += 4;
      else if (!'"\\/bfnrt'.includes(source[at] ?? " ")) return undefined;
    }
    return undefined;
  }

  #literalEnd(here) {
    if (here !== 0x74 && here !== 0x66 && here !== 0x6e) return undefined;
    const word = LITERALS.find((one) => this.#source.startsWith(one, this.#at));
    if (word === undefined) return undefined;
    const end = this.#at + word.length;
    return this.#endsAt(end) ? end : undefined;
  }

  #numberEnd() {
    const source = this.#source;
    const first = source[this.#at] === "-" ? this.#at + 1 : this.#at;
    let at = digitsEnd(source, first);
    if (at === first || (at > first + 1 && source[first] === "0")) return undefined;
    if (source[at] === ".") at = someDigitsEnd(source, at + 1);
    if (source[at] === "e" || source[at] === "E") at = someDigitsEnd(source, source[at + 1] === "+" || source[at + 1] === "-" ? at + 2 : at + 1);
    return at !== undefined && this.#endsAt(at) ? at : undefined;
  }

  /** Whether a bare token really ends there: "01" and "truex" do not. */
  #endsAt(at) {
    const code = this.#source.charCodeAt(at);
    if (Number.isNaN(code) || code === COMMA || code === CLOSE_OBJECT || code === CLOSE_ARRAY || isSpace(code)) return true;
    return /[\s:{["]/.test(this.#source[at]);
  }

  #missingEnd() {
    if (this.#open.length === 0) return "There is no value.";
    return `The text ends inside ${this.#keys.at(-1) === undefined ? "an array" : "an object"}.`;
  }

  #shown() {
    return shownRest(this.#source, this.#at);
  }

  #noValue() {
    const hidden = hiddenIn(this.#source, this.#at);
    if (hidden === undefined) return `This is not a value: ${this.#shown()}`;
    this.#at = hidden.at;
    return `${hidden.name} stands inside a value.`;
  }

  #brokenString() {
    const { at, message } = brokenString(this.#source, this.#at);
    this.#at = at;
    return message;
  }

  #fail(message) {
    const source = this.#source;
    const at = this.#at;
    const start = at < source.length ? at : Math.max(0, source.length - 1);
    const end = Math.max(start + 1, at + restLength(source, at));
    return { error: { message, ...this.#place(at) }, stops: { start, end }, goesOn: this.#expect === END, duplicates: [], repeated: 0, marked: new Set() };
  }

  #done() {
    this.#endRow(0);
    const rows = Object.fromEntries(Object.entries(this.#rows).map(([name, numbers]) => [name, numbers.whole()]));
    return { ...rows, values: this.#values, duplicates: this.#duplicates, repeated: this.#repeated, marked: this.#marked };
  }
}

function isSpace(code) {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

function digitsEnd(source, from) {
  let at = from;
  for (let code = source.charCodeAt(at); code >= 0x30 && code <= 0x39; code = source.charCodeAt(at)) at += 1;
  return at;
}

/** The same, or undefined where no digit stands. */
function someDigitsEnd(source, from) {
  const end = digitsEnd(source, from);
  return end === from ? undefined : end;
}

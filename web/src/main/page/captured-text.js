// Captured text as it can be shown and copied: what nobody sees is written out, and what takes a browser long to lay
// out is cut. No DOM.

/**
 * Controls, format characters (they turn text around, join, part, or have no width), line and paragraph separators,
 * halves of surrogate pairs, and all else that a font leaves out, but for the signs that choose a picture's look.
 */
const HIDDEN = "(?![\\ufe00-\\ufe0f])[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}\\p{Default_Ignorable_Code_Point}]";
const ANY = new RegExp(HIDDEN, "gu");
/** Those that are no part of how text of several lines is laid out. */
const IN_LINES = new RegExp(`(?!\\r\\n)(?![\\t\\n])${HIDDEN}`, "gu");

const SHORT = { "\t": "\\t", "\n": "\\n", "\r": "\\r" };

/** More names of characters than these are not set apart from the text around them. */
const MOST_NAMED = 200;

/** In one line, with escapes as JavaScript and JSON write them: nothing of it does anything in a terminal. */
export function escaped(text) {
  return text.replace(ANY, (char) => SHORT[char] ?? escape(char));
}

/** The same, in as many lines as it has. */
export function escapedLines(text) {
  return text.replaceAll("\r\n", "\n").replace(ANY, (char) => (char === "\n" ? char : (SHORT[char] ?? escape(char))));
}

/** Text that keeps its lines, their ends and its tabs. */
export function escapedText(text) {
  return text.replace(IN_LINES, escape);
}

/** JSON that means the same, written without any of these characters. */
export function escapedJson(json) {
  return json.replace(ANY, (char) => Array.from({ length: char.length }, (_, at) => `\\u${hex(char.charCodeAt(at))}`).join(""));
}

function escape(char) {
  const code = char.codePointAt(0);
  return code > 0xffff ? `\\u{${hex(code)}}` : `\\u${hex(code)}`;
}

function hex(code) {
  return code.toString(16).toUpperCase().padStart(4, "0");
}

function nameOf(char) {
  return `U+${hex(char.codePointAt(0))}`;
}

/**
 * The text in pieces: strings, and `{name}` for each character that is not seen. With `lines`, line ends and tabs stay
 * as they are.
 */
export function namedPieces(text, { lines = false } = {}) {
  const pattern = lines ? IN_LINES : ANY;
  const pieces = [];
  let from = 0;
  for (const { 0: char, index } of text.matchAll(pattern)) {
    if (pieces.length >= 2 * MOST_NAMED) {
      pieces.push(text.slice(from).replace(pattern, nameOf));
      return pieces;
    }
    if (index > from) pieces.push(text.slice(from, index));
    pieces.push({ name: nameOf(char) });
    from = index + char.length;
  }
  if (from < text.length) pieces.push(text.slice(from));
  return pieces;
}

/** What a line end costs to lay out, in plain letters. */
const LINE_COST = 10;
const NAME_COST = 6;

/**
 * How many of the first characters can be laid out for `budget`, the cost of as many plain letters. Letters that are
 * joined, stacked or turned around cost more, and in one line with many others more still: browsers shape a line as a
 * whole, and 200,000 accents on one letter took Chromium two minutes.
 */
export function cutAt(text, budget) {
  let left = budget;
  let inLine = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x0a) {
      left -= LINE_COST;
      inLine = 0;
    } else if (code < 0x20 || (code >= 0x7f && code < 0xa0)) {
      left -= NAME_COST;
    } else if (code < 0x300 || (code >= 0x3000 && code < 0xa000) || (code >= 0xac00 && code < 0xd7a4)) {
      left -= 1;
    } else {
      inLine += 1;
      left -= 6 + inLine / 250;
    }
    if (left < 0) return code >= 0xdc00 && code < 0xe000 ? Math.max(0, at - 1) : at;
  }
  return text.length;
}

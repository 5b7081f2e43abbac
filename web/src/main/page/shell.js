// Words and lines for a shell, read alike by bash, dash, zsh and fish: printable ASCII only, so that a terminal takes
// none of it for a key, and quoted, so that a shell takes none of it for a command. No line ends within quotes: bash before
// 5.0 looks for history, as in "!!", in each line of a terminal as if it were the first. No DOM.

import { escapedLines } from "./captured-text.js";
import { shellWord } from "./text.js";

/**
 * A terminal hands 4,095 characters of a line to a shell that has no line editor, as dash, and drops the rest; those that
 * have one draw a long line anew for each character.
 */
const MOST_IN_LINE = 1_000;
/** Quotes make four characters of one, as octal does. */
const PIECE = 240;
/** Of text that has no line end at its end: a piece that has none at its own. */
const PIECE_BEFORE_TEXT = /[^]{0,239}\n*[^\n]/g;

/**
 * A word of which every character is a byte, and the last no line end, which a shell would drop. In pieces, between which
 * the line may be broken.
 */
export function byteWord(text) {
  if (/^[\u0020-\u007e]*$/.test(text)) return /^[A-Za-z0-9_\-.,:\/@%+=]*$/.test(text) && text.length < PIECE ? [shellWord(text)] : cut(text).map(quoted);
  return text.match(PIECE_BEFORE_TEXT).map((piece) => `"$(printf '${octal(piece)}')"`);
}

/** The format with which printf writes these bytes, in pieces. */
export function printfWord(text) {
  return cut(text).map((piece, index) => quoted(format(piece, index === 0)));
}

/** The line of these words, each a text or pieces of one; broken where it gets long for a terminal. */
export function shellLine(words) {
  let line = "";
  let length = 0;
  for (const word of words) {
    for (const [index, piece] of [word].flat().entries()) {
      const space = line !== "" && index === 0 ? " " : "";
      if (length + piece.length > MOST_IN_LINE) {
        line += `${space}\\\n`;
        length = 0;
      } else {
        line += space;
      }
      line += piece;
      length += space.length + piece.length;
    }
  }
  return line;
}

/** Base64 needs no quotes. */
export function base64Word(text) {
  return cut(text, MOST_IN_LINE - 20);
}

function quoted(text) {
  const word = shellWord(text);
  return word.startsWith("'") ? word : `'${text}'`;
}

function cut(text, size = PIECE) {
  const pieces = [];
  for (let at = 0; at < text.length; at += size) pieces.push(text.slice(at, at + size));
  return pieces.length === 0 ? [""] : pieces;
}

/** For a word in double quotes nothing is left bare that means something in any quotes, "!" included. */
function octal(text) {
  return text.replace(/^-|[^\w :;,.=/-]/g, escape);
}

/** In single quotes most can be read as it is. */
function format(text, first) {
  return text
    .replace(first ? /^-|[^\n\t\u0020-\u007e]|['\\%]/g : /[^\n\t\u0020-\u007e]|['\\%]/g, escape)
    .replaceAll("\n", "\\n")
    .replaceAll("\t", "\\t");
}

function escape(char) {
  return `\\${char.charCodeAt(0).toString(8).padStart(3, "0")}`;
}

/**
 * Text of several lines as one word. Its lines are within quotes, so what means history is not: a "!", and a "^" that
 * begins a line.
 */
function linesWord(text) {
  return `'${text.replace(/'|!|\\(?=['!\\]|$)/g, (char) => `'\\${char}'`).replaceAll("\n^", "\n'\\^'")}'`;
}

/**
 * Captured text for the clipboard, `{text, as}`, `as` naming what was done to it: in one line nothing runs before
 * somebody presses Enter; several are one quoted word, since a shell that does not hold pastes back runs each line.
 */
export function pasteable(captured) {
  const text = escapedLines(captured);
  if (text.includes("\n")) return { text: linesWord(text), as: "in quotes, so that no shell runs a line of it" };
  return text === captured ? { text } : { text, as: "with escapes for characters that are not seen" };
}

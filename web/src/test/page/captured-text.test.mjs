import assert from "node:assert/strict";
import { test } from "node:test";
import { cutAt, escaped, escapedJson, escapedLines, escapedText, namedPieces } from "../../main/page/captured-text.js";

const EVERY = Array.from({ length: 0x110000 }, (_, code) => code).filter((code) => code < 0xd800 || code > 0xdfff);

test("everyControlAndFormatCharacterIsWrittenOut", () => {
  for (const code of EVERY) {
    const char = String.fromCodePoint(code);
    const written = escaped(char);
    if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(char)) assert.match(written, /^\\(?:[tnr]|u[0-9A-F]{4}|u\{[0-9A-F]{5,6}\})$/, code.toString(16));
    else if (written !== char) assert.match(char, /\p{Default_Ignorable_Code_Point}/u, code.toString(16));
  }
  assert.equal(escaped("a\ud800b\udfff"), "a\\uD800b\\uDFFF");
  assert.equal(escaped("\u{1f469}\u{1f3fd}\ufe0f é 漢"), "\u{1f469}\u{1f3fd}\ufe0f é 漢", "what is seen stays");
});

test("linesAndTabsStayWhereTheyAreWanted", () => {
  const text = "a\r\n\tb\rc\u0085d\ne";
  assert.equal(escapedText(text), "a\r\n\tb\\u000Dc\\u0085d\ne");
  assert.equal(escapedLines(text), "a\n\\tb\\rc\\u0085d\ne");
});

test("jsonMeansTheSame", () => {
  const value = { "\u202e": "\u0000\u007f\u0085\u2028\u{e0041}\u200d\ud800" };
  const json = escapedJson(JSON.stringify(value));
  assert.match(json, /^[\u0020-\u007e]+$/);
  assert.deepEqual(JSON.parse(json), value);
});

test("whatIsNotSeenIsNamed", () => {
  assert.deepEqual(namedPieces("/\u202egpj.exe"), ["/", { name: "U+202E" }, "gpj.exe"]);
  assert.deepEqual(namedPieces("\u{e0001}\ud800"), [{ name: "U+E0001" }, { name: "U+D800" }]);
  assert.deepEqual(namedPieces("a\nb", { lines: true }), ["a\nb"]);
  const many = namedPieces("\0".repeat(100_000));
  assert.ok(many.length < 1_000);
  assert.equal(many.map((piece) => piece.name ?? piece).join(""), "U+0000".repeat(100_000));
});

test("plainLettersAreShownInFullAndJoinedOnesInPart", () => {
  const shown = (text) => cutAt(text, 200_000);
  assert.equal(shown("x".repeat(200_000)), 200_000);
  assert.equal(shown("x".repeat(200_001)), 200_000);
  assert.equal(shown("漢".repeat(200_001)), 200_000);
  // What browsers take the square of a line's length for.
  for (const letter of ["\u0301", "ب", "ก", "ב "]) assert.ok(shown(letter.repeat(200_000)) < 25_000, letter);
  assert.ok(shown("سلام\n".repeat(100_000)) > 25_000, "short lines of them");
  assert.ok(shown("\n".repeat(200_000)) < 20_001);
  assert.equal(cutAt("😀😀", 8) % 2, 0, "not between the halves of a pair");
});

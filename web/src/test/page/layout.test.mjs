import assert from "node:assert/strict";
import { test } from "node:test";
import { findAll } from "../../main/page/find.js";
import { timeWords } from "../../main/page/hints.js";
import { jsonRows } from "../../main/page/json-rows.js";
import { Layout } from "../../main/page/layout.js";
import { HexLines, JsonLines, TextLines, cutTokens, textRows } from "../../main/page/lines.js";
import { cpuSeconds } from "./cpu.mjs";

const text = (source, marks) => new TextLines(source, textRows(source), marks);
const json = (source) => new JsonLines(source, jsonRows(source));
const none = new Set();

test("every letter of a long line is in one piece, and the pieces take as many lines as the whole", () => {
  for (const source of ["x".repeat(100_000), "漢字".repeat(20_000), "a\u202e".repeat(5_000), "", "ab"]) {
    const lines = text(source);
    const layout = new Layout(lines, 80, none);
    const { pieces, above, height } = layout.pieces(0, layout.height);
    assert.equal(pieces.map(({ from, to }) => source.slice(from, to)).join(""), source);
    assert.deepEqual([above, height], [0, layout.height]);
    for (const { from, to } of pieces) assert.ok(to - from <= 2_000);
  }
});

test("a piece is found by its line, and only what is in sight is made", () => {
  const layout = new Layout(text("x".repeat(1_000_000)), 100, none);
  const { pieces, above, height } = layout.pieces(5_000, 5_060);
  assert.ok(above <= 5_000 && above + height >= 5_060);
  assert.ok(pieces.length < 10 && pieces[0].from > 400_000);
  const many = new Layout(text("a\n".repeat(300_000)), 100, none);
  assert.deepEqual([many.height, many.pieces(200_000, 200_002).pieces.map(({ row }) => row)], [300_001, [200_000, 200_001, 200_002]]);
});

test("what is folded takes one line", () => {
  const lines = json('{"a":[1,2,3],"b":{"c":[4]}}');
  const all = new Layout(lines, 80, none);
  const folded = new Layout(lines, 80, new Set([1]));
  assert.deepEqual([all.height, folded.height], [12, 8]);
  assert.deepEqual(folded.pieces(0, 10).pieces.map(({ row }) => lines.text(row)), ["{", '"a": [', '"b": {', '"c": [', "4", "]", "}", "}"]);
  assert.equal(folded.lineOf(6), 2);
});

test("the indent ends where no room would be left", () => {
  const lines = json("[".repeat(10_000) + "]".repeat(10_000));
  const layout = new Layout(lines, 45, none);
  assert.equal(lines.depth(9_000), 9_000);
  assert.equal(layout.level(9_000), 7);
  assert.equal(new Layout(lines, 200, none).level(9_000), 20);
});

test("tokens are cut where a line is broken", () => {
  const lines = json('{"key":"value"}');
  assert.deepEqual(cutTokens(lines.tokens(1), 3, 9).map(({ text, from }) => [text, from]), [['y"', 4], [": ", 6], ['"v', 7]]);
});

test("a line break inside a string is shown where it stands", () => {
  const source = '{"m":"Fix\n it"}';
  const lines = text(source, [{ start: 9, end: 10, kind: "error" }]);
  assert.deepEqual(lines.tokens(0), [{ text: '{"m":"Fix', kind: undefined, from: 0 }, { text: "U+000A", kind: "error", from: 9 }]);
  assert.deepEqual(lines.tokens(1), [{ text: ' it"}', kind: undefined, from: 10 }]);
});

test("lines end with LF or CRLF", () => {
  const lines = text("a\r\nb\n\rc\r\n");
  assert.deepEqual(Array.from({ length: lines.count }, (_, row) => lines.text(row)), ["a", "b", "\rc", ""]);
});

test("bytes have as many in a row as there is room for", () => {
  const lines = new HexLines(new Uint8Array(20), 8);
  assert.equal(lines.count, 3);
  assert.equal(lines.text(2), "00000010  00 00 00 00               ····");
  assert.equal(new HexLines(new Uint8Array()).count, 1);
});

test("a word is found whatever its case, also between two pieces, and no more than a hundred thousand times", async () => {
  const go = async () => true;
  const source = `${"x".repeat(262_140)}Needle.needle${"y".repeat(300_000)}NEEDLE`;
  const found = await findAll(source, "needle", go);
  assert.deepEqual(found.starts.map((at) => source.slice(at, at + 6)), ["Needle", "needle", "NEEDLE"]);
  assert.deepEqual((await findAll("a.b", ".", go)).starts, [1]);
  assert.deepEqual((await findAll("İi", "i", go)).starts, [1]);
  const many = await findAll("aa".repeat(50_001), "a", go);
  assert.deepEqual([many.starts.length, many.more], [100_000, true]);
  assert.equal(await findAll("b".repeat(600_000), "a", async () => false), undefined);
});

test("a number that may be a time is one in words", () => {
  assert.equal(timeWords("1795510867"), "As a Unix time: 2026-11-24 09:01:07 UTC");
  assert.equal(timeWords("1795510867123"), "As a Unix time: 2026-11-24 09:01:07.123 UTC");
  for (const other of ["12", "12345678901234567890", "-1795510867", "9999999999", "1e9"]) assert.equal(timeWords(other), undefined, other);
});

test("four megabytes are laid out in no time, whatever they are", () => {
  const used = cpuSeconds(() => {
    for (const lines of [json(`[${"1,".repeat(1_000_000)}1]`), text("\n".repeat(2_000_000)), text("\u202e".repeat(500_000)), json(`["${"x".repeat(4_000_000)}"]`)]) {
      const layout = new Layout(lines, 100, none);
      for (const line of [0, layout.height / 2, layout.height - 10]) {
        for (const { row, from, to } of layout.pieces(line, line + 100).pieces) cutTokens(lines.tokens(row), from, to);
      }
    }
  });
  assert.ok(used < 10, `${used} s`);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { compareCaptures, diffLines, isEqual, shorten } from "../../main/page/compare.js";
import { cpuSeconds } from "./cpu.mjs";

const written = (lines) => lines.map(({ kind, text, count }) => ({ same: " ", removed: "-", added: "+", skipped: "…" })[kind] + (text ?? count));
const side = (lines, ...kinds) => lines.filter(({ kind }) => kinds.includes(kind)).map(({ text }) => text).join("\n");

test("onlyWhatDiffersIsMarked", () => {
  assert.deepEqual(written(diffLines("a\nb\nc\nd", "a\nx\nc\nd\ne")), [" a", "-b", "+x", " c", " d", "+e"]);
  assert.deepEqual(written(diffLines("", "a")), ["+a"]);
  assert.deepEqual(written(diffLines("a", "")), ["-a"]);
  assert.deepEqual(written(diffLines("a", "a")), [" a"]);
  assert.deepEqual(diffLines("", ""), []);
});

test("bothTextsCanBeReadBackFromTheLines", () => {
  let state = 7;
  const random = (below) => (state = (state * 16807) % 2147483647) % below;
  const text = () => Array.from({ length: 1 + random(30) }, () => "abcd"[random(4)]).join("\n");
  for (let round = 0; round < 500; round += 1) {
    const [before, after] = [text(), text()];
    const lines = diffLines(before, after);
    assert.equal(side(lines, "same", "removed"), before);
    assert.equal(side(lines, "same", "added"), after);
  }
});

test("theScriptIsTheShortest", () => {
  const lines = diffLines("a\nb\nc\na\nb\nb\na", "c\nb\na\nb\na\nc");
  assert.equal(lines.filter(({ kind }) => kind !== "same").length, 5, "the example of Myers' paper");
});

test("entirelyDifferentTextsEndSoon", () => {
  const many = (word) => Array.from({ length: 20_000 }, (_, index) => `${word}${index}`).join("\n");
  assert.ok(cpuSeconds(() => assert.equal(diffLines(many("a"), many("b")).length, 40_000)) < 10);
});

test("linesThatAreAllAlikeEndSoon", () => {
  const before = `x\n${"a\n".repeat(40_000)}y`;
  const after = `z\n${"b\n".repeat(200)}${"a\n".repeat(40_000)}w`;
  const lines = diffLines(before, after);
  assert.equal(side(lines, "same", "removed"), before);
  assert.equal(side(lines, "same", "added"), after);
});

test("textsOfTooManyLinesAreNotCompared", () => {
  const of = (sha256, text) => ({ capture: { method: "POST", path: "/h/x", body: { sha256 } }, text });
  const body = (lines) => compareCaptures(of("s", "a\n".repeat(lines - 1)), of("t", "b")).at(-1);
  assert.equal(body(100_000).tooLong, undefined);
  assert.equal(body(100_001).tooLong, true);
  assert.equal(isEqual(body(100_001)), false);
});

test("longEqualRunsAreSkipped", () => {
  const lines = Array.from({ length: 20 }, (_, index) => `${index}`);
  const other = lines.with(10, "x");
  assert.deepEqual(written(shorten(diffLines(lines.join("\n"), other.join("\n")))), ["…7", " 7", " 8", " 9", "-10", "+x", " 11", " 12", " 13", "…6"]);
});

test("capturesAreComparedPartByPart", () => {
  const capture = (change) => ({ method: "POST", path: "/h/x", query: "a=1", headers: [["b", "2"], ["a", "1"]], cookies: [], body: { sha256: "s" }, ...change });
  const equal = compareCaptures({ capture: capture({}) }, { capture: capture({ headers: [["a", "1"], ["b", "2"]] }) });
  assert.ok(equal.every(isEqual), "the order of headers is the edge's");
  const parts = compareCaptures({ capture: capture({}), text: "1" }, { capture: capture({ query: "a=2", body: { sha256: "t" } }), text: "2" });
  assert.deepEqual(parts.filter((part) => !isEqual(part)).map(({ name }) => name), ["Query", "Body"]);
  const binary = compareCaptures({ capture: capture({}) }, { capture: capture({ body: { sha256: "t" } }) });
  assert.equal(isEqual(binary.at(-1)), false);
});

test("theSameValuesInOtherSpacesAreNoEqualBody", () => {
  const side = (sha256) => ({ capture: { method: "POST", path: "/h/x", body: { sha256 } }, text: '{\n  "a": 1\n}' });
  const body = compareCaptures(side("s"), side("t")).at(-1);
  assert.equal(isEqual(body), false);
  assert.equal(body.reformatted, true);
});

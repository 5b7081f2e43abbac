import assert from "node:assert/strict";
import { test } from "node:test";
import { forgetMarks } from "../../main/page/hooks.js";
import { MOST_NOTE, forgetEvicted, mark, marksOf } from "../../main/page/marks.js";

const ID = "AQ".padEnd(44, "x");
const OTHER = "AQ".padEnd(44, "y");

function storage(values = new Map()) {
  return { values, getItem: (name) => values.get(name) ?? null, setItem: (name, value) => values.set(name, value), removeItem: (name) => values.delete(name) };
}

test("notes and pins are kept by hook and number", () => {
  const kept = storage();
  assert.equal(mark(ID, 17, { note: "the one that failed" }, kept), true);
  assert.equal(mark(ID, 17, { pinned: true }, kept), true);
  mark(ID, 3, { pinned: true }, kept);
  mark(OTHER, 17, { pinned: true }, kept);
  assert.deepEqual(marksOf(ID, kept), { 3: { note: "", pinned: true }, 17: { note: "the one that failed", pinned: true } });
  mark(ID, 17, { pinned: false }, kept);
  assert.deepEqual(marksOf(ID, kept)[17], { note: "the one that failed", pinned: false });
});

test("the same marks are the same object, so that no row is drawn anew", () => {
  const kept = storage();
  mark(ID, 17, { pinned: true }, kept);
  assert.equal(marksOf(ID, kept), marksOf(ID, kept));
  const before = marksOf(ID, kept);
  mark(ID, 18, { pinned: true }, kept);
  assert.notEqual(marksOf(ID, kept), before);
});

test("a request without note and pin leaves nothing, nor does a hook that is forgotten", () => {
  const kept = storage();
  mark(ID, 17, { note: "x", pinned: true }, kept);
  mark(ID, 17, { note: "", pinned: false }, kept);
  assert.equal(kept.values.size, 0);
  mark(ID, 17, { note: "x" }, kept);
  mark(OTHER, 17, { note: "y" }, kept);
  forgetMarks(ID, kept);
  assert.deepEqual(marksOf(ID, kept), {});
  assert.equal(marksOf(OTHER, kept)[17].note, "y");
});

test("of too many the oldest give way, and a long note is cut", () => {
  const kept = storage();
  for (let seq = 1; seq <= 1_001; seq += 1) mark(ID, seq, { pinned: true }, kept);
  assert.equal(Object.keys(marksOf(ID, kept)).length, 1_000);
  assert.equal(marksOf(ID, kept)[1], undefined);
  mark(ID, 2, { note: "n".repeat(MOST_NOTE + 1) }, kept);
  assert.equal(marksOf(ID, kept)[2].note.length, MOST_NOTE);
});

test("a mark on an older request than all others is kept, and another gives way", () => {
  const kept = storage();
  for (let seq = 101; seq <= 1_100; seq += 1) mark(ID, seq, { pinned: true }, kept);
  assert.equal(mark(ID, 17, { pinned: true }, kept), true);
  assert.equal(marksOf(ID, kept)[17].pinned, true);
  assert.equal(marksOf(ID, kept)[101], undefined);
  assert.equal(Object.keys(marksOf(ID, kept)).length, 1_000);
});

test("a pin that the browser did not keep is told as such", () => {
  const stale = storage(new Map([[`hookwell.marks.${ID}`, '{"17":{"note":"x","pinned":false}}']]));
  stale.setItem = () => {};
  assert.equal(mark(ID, 17, { pinned: true }, stale), false);
});

test("marks of evicted requests go, and only those", () => {
  const kept = storage();
  for (const seq of [3, 9, 10, 11]) mark(ID, seq, { note: `number ${seq}` }, kept);
  mark(OTHER, 3, { pinned: true }, kept);
  const before = marksOf(ID, kept);
  forgetEvicted(ID, 2, kept);
  assert.equal(marksOf(ID, kept), before);
  forgetEvicted(ID, 10, kept);
  assert.deepEqual(Object.keys(marksOf(ID, kept)), ["11"]);
  assert.equal(Object.keys(marksOf(OTHER, kept)).length, 1);
  forgetEvicted(ID, 11, kept);
  assert.equal(kept.values.has(`hookwell.marks.${ID}`), false);
});

test("what is damaged or refused marks nothing and says so", () => {
  for (const text of ["{", "[1]", "null", '{"x":{"note":"a"},"5":null,"6":{"note":7,"pinned":"yes"}}']) {
    const marks = marksOf(ID, storage(new Map([[`hookwell.marks.${ID}`, text]])));
    for (const { note, pinned } of Object.values(marks)) assert.deepEqual({ note, pinned }, { note: "", pinned: false }, text);
  }
  const refusing = { getItem: () => null, setItem: () => { throw new Error("refused"); }, removeItem: () => {} };
  assert.equal(mark(ID, 17, { pinned: true }, refusing), false);
  const forgetting = { getItem: () => null, setItem: () => {}, removeItem: () => {} };
  assert.equal(mark(ID, 17, { pinned: true }, forgetting), false);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { isGiven, jumpWords, numberIn } from "../../main/page/jump.js";

test("a number sign and digits are a number, and nothing else is", () => {
  assert.equal(numberIn("#217"), 217);
  assert.equal(numberIn(" #1 "), 1);
  for (const text of ["", "217", "#", "#0", "#01", "#2 paid", '"#217"', "-#217", "#1e3", `#${"9".repeat(16)}`, "##2"]) assert.equal(numberIn(text), undefined, text);
});

test("a number that was given may be opened, loaded or not", () => {
  const feed = { lastSeq: 300, counts: { stored: 305 } };
  assert.ok(isGiven(1, feed));
  assert.ok(isGiven(305, feed));
  assert.ok(!isGiven(306, feed));
  assert.ok(isGiven(300, { lastSeq: 300 }));
  assert.match(jumpWords(217, feed), /^Enter opens #217\./);
  assert.equal(jumpWords(306, feed), "There is no #306 yet: the newest is #305.");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { histogram } from "../../main/page/histogram.js";

const START = Date.parse("2026-11-30T05:00:00Z");
const at = (...seconds) => seconds.map((second, index) => ({ seq: index + 1, receivedAt: new Date(START + second * 1_000).toISOString() })).toReversed();

test("bursts and gaps are counted in spans of one length", () => {
  const { bars, length, most } = histogram(at(0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 30, 58));
  assert.equal(length, 1_000);
  assert.equal(bars.length, 59);
  assert.deepEqual([bars[0].count, bars[1].count, bars[2].count, bars[30].count, bars[58].count, most], [2, 8, 0, 1, 1, 8]);
  assert.deepEqual([bars[1].seq, bars[30].seq], [3, 11]);
});

test("there are never more than sixty, however long it took", () => {
  for (const days of [0.001, 0.1, 1, 7, 365, 3_650]) {
    const { bars } = histogram(at(...Array.from({ length: 40 }, (_, index) => (index / 39) * days * 86_400)));
    assert.ok(bars.length <= 60 && bars.length >= 2, `${bars.length} for ${days}`);
    assert.equal(bars.reduce((sum, bar) => sum + bar.count, 0), 40);
  }
});

test("of few, or of those that came at once, there is nothing to see", () => {
  assert.equal(histogram(at(1, 2, 3)), undefined);
  assert.equal(histogram(at(...new Array(20).fill(0))), undefined);
});

test("ten thousand are counted", () => {
  assert.equal(histogram(at(...Array.from({ length: 10_000 }, (_, index) => index))).bars.reduce((sum, bar) => sum + bar.count, 0), 10_000);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { histogram } from "../../main/page/histogram.js";
import { SpanLoading, barAt, barOf, barWords, countIn, goesOn, spanOf, spanWords, within } from "../../main/page/span.js";

const START = Date.parse("2026-11-30T05:00:00Z");
const at = (...seconds) => seconds.map((second, index) => ({ seq: index + 1, receivedAt: new Date(START + second * 1_000).toISOString() })).toReversed();
const CAPTURES = at(0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 30, 58);
const FOUND = histogram(CAPTURES);

test("a span holds its first moment and not its last", () => {
  const span = { from: START, to: START + 1_000 };
  assert.deepEqual(within(CAPTURES, span).map(({ seq }) => seq), [2, 1]);
  assert.equal(within(CAPTURES, undefined), CAPTURES);
});

test("bars are chosen in either direction", () => {
  assert.deepEqual(spanOf(FOUND, 1, 30), { from: START + 1_000, to: START + 31_000 });
  assert.deepEqual(spanOf(FOUND, 30, 1), spanOf(FOUND, 1, 30));
  assert.equal(countIn(FOUND, 30, 1), 9);
  assert.equal(within(CAPTURES, spanOf(FOUND, 30, 1)).length, 9);
  assert.equal(within(CAPTURES, spanOf(FOUND, 0, 58)).length, CAPTURES.length);
});

test("a place beside the bars is the nearest bar", () => {
  assert.deepEqual([-3, 0, 0.5, 1, 7].map((part) => barAt(FOUND, part)), [0, 0, 29, 58, 58]);
  assert.deepEqual([START - 5_000, START + 1_999, START + 500_000].map((time) => barOf(FOUND, time)), [0, 1, 58]);
});

test("a bar says when it is and how many came", () => {
  assert.match(spanWords(spanOf(FOUND, 0, 0), START), /^\d\d:\d\d:00 to \d\d:\d\d:01$/);
  assert.match(barWords(FOUND, 30, 30, START), /, 1 request$/);
});

test("older ones are loaded until the span is whole, each page once", () => {
  const span = { from: START - 10_000, to: START - 5_000 };
  const asked = [];
  const model = { feed: { captures: CAPTURES, hasOlder: true }, span, loadingOlder: false, actions: { loadOlder: () => asked.push(model.feed.captures.length) } };
  const loading = new SpanLoading();
  loading.follow(model);
  loading.follow(model);
  assert.deepEqual(asked, [12], "a page that cannot be loaded is not asked for at each drawing");
  model.feed.captures = [...CAPTURES, ...at(-8)];
  model.loadingOlder = true;
  loading.follow(model);
  model.loadingOlder = false;
  loading.follow(model);
  assert.deepEqual(asked, [12, 13]);
  assert.ok(goesOn(model));
  model.feed.captures = [...model.feed.captures, ...at(-11)];
  loading.follow(model);
  assert.ok(!goesOn(model), "it reaches back to before the span");
  assert.deepEqual(asked, [12, 13]);
});

test("without a span, or without older ones, nothing is loaded by itself", () => {
  const actions = { loadOlder: () => assert.fail() };
  new SpanLoading().follow({ feed: { captures: CAPTURES, hasOlder: true }, span: undefined, actions });
  new SpanLoading().follow({ feed: { captures: CAPTURES, hasOlder: false }, span: { from: 0, to: 1 }, actions });
  assert.ok(goesOn({ feed: { captures: CAPTURES, hasOlder: true } }));
  assert.ok(goesOn({ feed: { captures: CAPTURES, hasOlder: true }, span: { from: START, to: START + 1 } }));
  assert.ok(!goesOn({ feed: { captures: CAPTURES, hasOlder: true }, span: { from: START + 1, to: START + 2 } }));
});

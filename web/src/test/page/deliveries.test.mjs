import assert from "node:assert/strict";
import { test } from "node:test";
import { Deliveries } from "../../main/page/deliveries.js";

const HOOK = { id: "AQ" };
const BODY = { size: 20, sha256: "ab".repeat(32) };

/** Answers in pages of two. */
function stage(captures, { partial = [], failures = 0 } = {}) {
  const calls = [];
  let left = failures;
  const api = {
    async captures(_, pairs) {
      const query = Object.fromEntries(pairs);
      calls.push(query);
      if (left > 0) {
        left -= 1;
        return { kind: "offline" };
      }
      const rest = query.before ? captures.filter(({ seq }) => seq < query.before).toReversed() : captures.filter(({ seq }) => seq > query.after);
      const page = rest.slice(0, 2);
      const fits = (capture) => (query.delivery ? capture.deliveryId === query.delivery : capture.body.sha256 === query.sha256 && capture.method === query.method);
      return { kind: "ok", value: { captures: page.filter(fits), next: page.at(-1)?.seq ?? query.before ?? query.after, more: rest.length > 2, partial } };
    },
  };
  const clock = { now: 0 };
  return { calls, clock, deliveries: new Deliveries({ api, changed: () => {}, now: () => clock.now }) };
}

const answerOf = (deliveries, capture) => {
  const answer = deliveries.find(HOOK, capture);
  return answer && { ...answer, captures: answer.captures.map(({ seq }) => seq) };
};

const capture = (seq, more = {}) => ({ seq, method: "POST", sender: "github", deliveryId: undefined, path: "/h/AQ", receivedAt: "2026-11-30T09:00:00Z", body: BODY, ...more });

test("all with the same delivery id of the same sender, however far back", async () => {
  const captures = [1, 2, 3, 4, 5].map((seq) => capture(seq, { deliveryId: seq === 2 ? "other" : "d", sender: seq === 4 ? "gitlab" : "github" }));
  const { deliveries, calls } = stage(captures);
  await deliveries.ask(HOOK, captures[4], 5);
  assert.deepEqual(answerOf(deliveries, captures[4]), { by: "delivery", captures: [1, 3, 5], whole: true });
  await deliveries.ask(HOOK, captures[4], 5);
  assert.equal(calls.length, 3);
});

test("without an id the same body goes the same way, unless it is short or empty", async () => {
  const captures = [capture(1), capture(2, { method: "PUT" }), capture(3), capture(4, { path: "/h/AQ/other" }), capture(5, { receivedAt: "2026-12-01T09:00:01Z" })];
  const { deliveries, calls } = stage(captures);
  await deliveries.ask(HOOK, captures[2], 5);
  assert.deepEqual(answerOf(deliveries, captures[2]), { by: "body", captures: [1, 3], whole: true });
  await deliveries.ask(HOOK, capture(4, { body: { size: 2, sha256: "ab" } }), 4);
  assert.equal(calls.length, 3);
});

test("what was not looked at is told", async () => {
  const { deliveries } = stage([capture(1, { deliveryId: "d" })], { partial: [1] });
  await deliveries.ask(HOOK, capture(2, { deliveryId: "d" }), 2);
  assert.equal(deliveries.find(HOOK, { seq: 2 }).whole, false);
  const many = Array.from({ length: 30 }, (_, index) => capture(index + 1, { deliveryId: "d" }));
  const { deliveries: others, calls } = stage(many);
  await others.ask(HOOK, many[19], 30);
  assert.deepEqual([answerOf(others, many[19]).captures, others.find(HOOK, many[19]).whole, calls.length], [[23, 24, 25, 26, 27, 28, 29, 30], false, 4]);
  const { deliveries: early } = stage(many.slice(0, 2));
  await early.ask(HOOK, many[0], 5_000);
  assert.equal(early.find(HOOK, many[0]).whole, false);
});

test("after a failure it is asked again, in a while", async () => {
  const { deliveries, calls, clock } = stage([capture(1), capture(2)], { failures: 1 });
  await deliveries.ask(HOOK, capture(2), 2);
  await deliveries.ask(HOOK, capture(2), 2);
  assert.deepEqual([deliveries.find(HOOK, { seq: 2 }), calls.length], [undefined, 1]);
  clock.now = 5_000;
  await deliveries.ask(HOOK, capture(2), 2);
  assert.deepEqual(answerOf(deliveries, { seq: 2 }).captures, [1, 2]);
});

test("what arrives meanwhile is asked for, in a while", async () => {
  const captures = [capture(1), capture(2)];
  const { deliveries, calls, clock } = stage(captures);
  await deliveries.ask(HOOK, capture(1), 2);
  captures.push(capture(3));
  await deliveries.ask(HOOK, capture(1), 3);
  assert.equal(calls.length, 1);
  clock.now = 5_000;
  await deliveries.ask(HOOK, capture(1), 3);
  assert.deepEqual(answerOf(deliveries, { seq: 1 }), { by: "body", captures: [1, 2, 3], whole: true });
});

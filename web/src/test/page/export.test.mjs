import assert from "node:assert/strict";
import { test } from "node:test";
import { exportLines } from "../../main/page/export.js";

/** Lists as the API does: ascending, `limit` at most, and no more than `fit` in an answer. */
function serverOf(captures, { fit = 500, body } = {}) {
  const calls = [];
  return {
    calls,
    captures: async (hook, { after, limit, include }) => {
      calls.push(`after ${after} limit ${limit}`);
      assert.equal(include, "headers,body");
      const found = captures.filter(({ seq }) => seq > after);
      const listed = found.slice(0, Math.min(limit, fit));
      return { kind: "ok", value: { captures: listed, more: found.length > listed.length } };
    },
    body,
  };
}

const numbered = (count) => Array.from({ length: count }, (_, index) => ({ seq: index + 1, body: { size: 1, encoding: "utf-8", data: "=\n" } }));

async function exported(api, query) {
  const lines = [];
  const pauses = [];
  const take = (piece) => lines.push(...piece.trimEnd().split("\n"));
  const outcome = await exportLines(api, {}, query, take, async (milliseconds) => pauses.push(milliseconds));
  return { outcome, pauses, lines: lines.map((line) => JSON.parse(line)) };
}

/** The same, but each of its first answers is one of `outcomes`. */
function afterwards(outcomes, api) {
  const captures = (...query) => outcomes.shift() ?? api.captures(...query);
  return { ...api, captures };
}

test("aThousandTakeAsManyCallsAsAnswersAreNeededForThem", async () => {
  const api = serverOf(numbered(1_000));
  const { outcome, lines } = await exported(api, { last: 1_000 });
  assert.deepEqual(outcome, { kind: "ok", done: 1_000 });
  assert.deepEqual(lines, numbered(1_000));
  assert.deepEqual(api.calls, ["after 0 limit 500", "after 500 limit 500"]);
});

test("anAnswerThatEndsEarlyIsGoneOnFrom", async () => {
  const api = serverOf(numbered(5), { fit: 2 });
  assert.deepEqual((await exported(api, { last: 5 })).lines, numbered(5));
  assert.equal(api.calls.length, 3);
});

test("aBodyThatIsNoLongerWhatItWasIsSaidAndTheOthersAreThere", async () => {
  const long = { seq: 2, body: { size: 900_000, sha256: "x" } };
  const captures = [...numbered(1), long, { ...numbered(1)[0], seq: 3 }];
  const api = serverOf(captures, { body: async () => ({ kind: "damaged", status: 500 }) });
  const { outcome, lines } = await exported(api, { last: 3 });
  assert.deepEqual(outcome, { kind: "ok", done: 3 });
  assert.deepEqual(lines[1], { ...long, body: { ...long.body, damaged: true } });
});

test("whatArrivesMeanwhileIsNoPartOfIt", async () => {
  assert.deepEqual((await exported(serverOf(numbered(5)), { last: 4 })).lines, numbered(4));
});

test("ofThoseChosenOnlyWhatLiesBetweenThemIsRead", async () => {
  const api = serverOf(numbered(2_000));
  const { lines } = await exported(api, { chosen: [1_900, 3, 5], last: 2_000 });
  assert.deepEqual(lines.map(({ seq }) => seq), [3, 5, 1_900]);
  assert.deepEqual(api.calls, ["after 2 limit 3", "after 1899 limit 1"]);
});

test("aBodyThatDoesNotTravelInAListIsFetched", async () => {
  const large = { seq: 1, body: { size: 3, sha256: "x" } };
  const refused = { seq: 2, body: { size: 9 }, notes: ["body-too-large"] };
  const api = serverOf([large, refused], { body: async (hook, seq) => (seq === 1 ? { kind: "ok", value: new Uint8Array([0, 255, 128]) } : assert.fail("not kept")) });
  const { lines } = await exported(api, { last: 2 });
  assert.deepEqual(lines, [{ seq: 1, body: { size: 3, sha256: "x", encoding: "base64", data: "AP+A" } }, refused]);
});

test("whatIsGoneMeanwhileIsLeftOut", async () => {
  const [, two, three] = numbered(3);
  const api = serverOf([{ seq: 1, body: { size: 3 } }, two, three], { body: async () => ({ kind: "unknown" }) });
  assert.deepEqual((await exported(api, { last: 3 })).lines, [two, three]);
  assert.deepEqual((await exported(serverOf([two]), { chosen: [1], last: 2 })).outcome, { kind: "ok", done: 0 });
});

test("aFailureEndsIt", async () => {
  const offline = { captures: async () => ({ kind: "offline" }) };
  assert.deepEqual((await exported(offline, { last: 1 })).outcome, { kind: "offline" });
  const bodiless = serverOf([{ seq: 1, body: { size: 3 } }], { body: async () => ({ kind: "delayed" }) });
  assert.deepEqual((await exported(bodiless, { last: 1 })).outcome, { kind: "delayed" });
});

test("aBusyOrFailingServerIsAskedAgainAfterTheTimeItAsksFor", async () => {
  const api = afterwards([{ kind: "busy", retryAfter: 7_000 }, { kind: "delayed" }, { kind: "offline" }], serverOf(numbered(3)));
  const { outcome, pauses, lines } = await exported(api, { last: 3 });
  assert.deepEqual([outcome.kind, lines.length, pauses], ["ok", 3, [7_000, 2_000, 2_000]]);
});

test("whatDoesNotPassEndsIt", async () => {
  const down = Array.from({ length: 5 }, () => ({ kind: "delayed" }));
  const { outcome, pauses } = await exported(afterwards(down, serverOf(numbered(3))), { last: 3 });
  assert.deepEqual([outcome.kind, pauses.length], ["delayed", 4]);

  const busy = async (retryAfter) => exported(afterwards([{ kind: "busy", retryAfter }], serverOf(numbered(3))), { last: 3 });
  assert.deepEqual([(await busy(60_000)).outcome.kind, (await busy(60_001)).outcome.kind], ["ok", "busy"]);

  const gone = await exported(afterwards([{ kind: "gone" }], serverOf(numbered(3))), { last: 3 });
  assert.deepEqual([gone.outcome.kind, gone.pauses.length], ["gone", 0]);
});

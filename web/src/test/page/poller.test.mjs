import assert from "node:assert/strict";
import { test } from "node:test";
import { Poller } from "../../main/page/poller.js";

/** A clock that only moves when told to, and lets promises settle after every timer. */
class ManualClock {
  time = 1_000_000;
  #timers = new Map();
  #next = 1;

  now = () => this.time;
  setTimeout = (run, delay) => {
    this.#timers.set(this.#next, { at: this.time + delay, run });
    return this.#next++;
  };
  clearTimeout = (timer) => this.#timers.delete(timer);

  async advance(milliseconds) {
    const end = this.time + milliseconds;
    for (;;) {
      const due = [...this.#timers].filter(([, timer]) => timer.at <= end).sort((one, other) => one[1].at - other[1].at)[0];
      if (!due) break;
      this.#timers.delete(due[0]);
      this.time = Math.max(this.time, due[1].at);
      due[1].run();
      await settle();
    }
    this.time = end;
  }
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

function polling(answer = () => ({ kind: "ok" })) {
  const clock = new ManualClock();
  const checks = [];
  const states = [];
  const poller = new Poller({
    clock,
    check: async () => {
      checks.push(clock.now());
      return answer(checks.length);
    },
    onChange: (state) => states.push(state),
  });
  return { clock, checks, states, poller };
}

test("checksEverySecondForHalfAMinuteThenEveryTenSeconds", async () => {
  const { clock, checks, poller } = polling();
  poller.start();
  await clock.advance(29_500);
  assert.equal(checks.length, 30);
  await clock.advance(60_500);
  assert.ok(checks.length >= 36 && checks.length <= 38, `${checks.length}`);
});

test("slowsDownAfterThirtyIdleMinutes", async () => {
  const { clock, checks, poller } = polling();
  poller.start();
  await clock.advance(31 * 60_000);
  const before = checks.length;
  await clock.advance(10 * 60_000);
  assert.equal(checks.length - before, 10);
});

test("aCaptureMakesItFastAgain", async () => {
  let found = 0;
  const { clock, checks, poller } = polling(() => ({ kind: "ok", found }));
  poller.start();
  await clock.advance(120_000);
  found = 1;
  await clock.advance(10_000);
  found = 0;
  const before = checks.length;
  await clock.advance(20_000);
  assert.equal(checks.length - before, 20);
});

test("activityBringsTheNextCheckForward", async () => {
  const { clock, checks, poller } = polling();
  poller.start();
  await clock.advance(100_000);
  const before = checks.length;
  poller.activity();
  await clock.advance(1_000);
  assert.equal(checks.length - before, 1);
});

test("checksEveryTenSecondsForHalfAnHourWhileHiddenThenEveryMinute", async () => {
  const { clock, checks, poller } = polling();
  poller.start();
  await clock.advance(5_000);
  poller.setVisible(false);
  const before = checks.length;
  await clock.advance(30 * 60_000);
  assert.equal(checks.length - before, 180);
  await clock.advance(30 * 60_000);
  assert.equal(checks.length - before, 180 + 30);
  poller.setVisible(true);
  await clock.advance(0);
  assert.equal(checks.length - before, 180 + 30 + 1);
});

test("nothingMakesAHiddenPageAskMoreOftenThanEveryTenSeconds", async () => {
  const { clock, checks, poller } = polling(() => ({ kind: "ok", found: 1 }));
  poller.start();
  await clock.advance(5_000);
  poller.setVisible(false);
  const before = checks.length;
  for (let second = 0; second < 60; second += 1) {
    poller.activity();
    await clock.advance(1_000);
  }
  assert.equal(checks.length - before, 6);
});

test("aPollerHiddenDuringACheckGoesOnSlowly", async () => {
  const { clock, checks, poller } = polling(() => {
    poller.setVisible(false);
    return { kind: "ok" };
  });
  poller.start();
  await clock.advance(60_500);
  assert.equal(checks.length, 7);
});

test("failuresBackOffToHalfAMinute", async () => {
  const { clock, checks, poller } = polling(() => ({ kind: "delayed" }));
  poller.start();
  await clock.advance(200_000);
  const gaps = checks.slice(1).map((at, index) => at - checks[index]);
  assert.deepEqual(gaps.slice(0, 6), [2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
});

test("retryAfterIsObeyed", async () => {
  const { clock, checks, poller } = polling((number) => (number === 1 ? { kind: "busy", retryAfter: 7_000 } : { kind: "ok" }));
  poller.start();
  await clock.advance(6_999);
  assert.equal(checks.length, 1);
  await clock.advance(1);
  assert.equal(checks.length, 2);
});

test("moreIsFetchedAtOnce", async () => {
  const { clock, checks, poller } = polling((number) => ({ kind: "ok", found: 500, more: number < 5 }));
  poller.start();
  await clock.advance(0);
  assert.equal(checks.length, 5);
});

for (const kind of ["gone", "unknown", "unauthorised"]) {
  test(`stopsAfter ${kind}`, async () => {
    const { clock, checks, states, poller } = polling(() => ({ kind }));
    poller.start();
    await clock.advance(3_600_000);
    assert.equal(checks.length, 1);
    assert.equal(states.at(-1).kind, kind);
  });
}

test("neverRunsTwoChecksAtOnce", async () => {
  let running = 0;
  let release;
  const { clock, poller } = polling();
  const slow = new Poller({
    clock,
    onChange: () => {},
    check: () => {
      running += 1;
      assert.equal(running, 1);
      return new Promise((resolve) => (release = resolve)).then(() => {
        running -= 1;
        return { kind: "ok" };
      });
    },
  });
  slow.start();
  await clock.advance(0);
  slow.checkNow();
  slow.activity();
  await clock.advance(60_000);
  release();
  await settle();
  await clock.advance(0);
  assert.equal(running, 1, "the check that was asked for meanwhile runs next");
  poller.stop();
});

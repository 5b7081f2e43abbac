import assert from "node:assert/strict";
import { test } from "node:test";
import { Undo } from "../../main/page/undo.js";

/** What a page has around it, with a clock that is moved by hand. */
function around() {
  const it = {
    leave: undefined,
    timer: undefined,
    done: [],
    undo: undefined,
    start: (seq) => it.undo.start({ hook: { id: "h" }, seq, send: () => it.done.push(`deleted ${seq}`), restore: () => it.done.push(`back ${seq}`) }),
  };
  const clock = {
    setTimeout: (run, after) => {
      it.timer = { run, after };
      return it.timer;
    },
    clearTimeout: (timer) => {
      if (timer === it.timer) it.timer = undefined;
    },
  };
  const whenLeft = (run) => {
    it.leave = run;
    return () => {
      it.leave = undefined;
    };
  };
  it.undo = new Undo({ changed: () => {}, clock, whenLeft });
  return it;
}

test("after six seconds it is deleted, once", () => {
  const page = around();
  page.start(7);
  assert.equal(page.undo.words, "Request #7 is deleted.");
  assert.equal(page.timer.after, 6_000);
  assert.deepEqual(page.done, []);
  page.timer.run();
  page.undo.finish();
  page.undo.undo();
  assert.deepEqual(page.done, ["deleted 7"]);
  assert.equal(page.undo.words, "");
});

test("before, it can be brought back", () => {
  const page = around();
  page.start(7);
  page.undo.undo();
  assert.equal(page.timer, undefined);
  assert.equal(page.leave, undefined);
  assert.deepEqual(page.done, ["back 7"]);
});

test("who leaves the page deletes at once", () => {
  const page = around();
  page.start(7);
  page.leave();
  assert.deepEqual(page.done, ["deleted 7"]);
  assert.equal(page.leave, undefined);
});

test("of several the last comes back first, and none is deleted meanwhile", () => {
  const page = around();
  page.start(7);
  page.start(8);
  assert.equal(page.undo.words, "2 requests are deleted.");
  assert.deepEqual(page.done, []);
  page.undo.undo();
  assert.equal(page.undo.said, "Request #8 is back.");
  assert.equal(page.undo.words, "Request #7 is deleted.");
  page.timer.run();
  assert.deepEqual(page.done, ["back 8", "deleted 7"]);
});

test("after another hook was opened its own key does nothing to the first", () => {
  const page = around();
  page.start(7);
  assert.ok(page.undo.isOf({ id: "h" }));
  assert.ok(!page.undo.isOf({ id: "other" }));
  assert.ok(!page.undo.isOf(undefined));
});

test("time stands while somebody is at the button", () => {
  const page = around();
  page.start(7);
  page.undo.pause();
  assert.equal(page.timer, undefined);
  page.undo.resume();
  assert.equal(page.timer.after, 6_000);
  page.undo.undo();
  page.undo.resume();
  assert.equal(page.timer, undefined);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { age, count, durationWords, exampleCurl, limit, pathTail, shellWord, size, statusWords } from "../../main/page/text.js";

test("sizesAreShort", () => {
  assert.deepEqual([0, 999, 1000, 5_100_000, 4_194_304, 999_999].map(size), ["0 B", "999 B", "1.0 kB", "5.1 MB", "4.2 MB", "1.0 MB"]);
});

test("limitsAreExact", () => {
  assert.deepEqual([4_194_304, 262_144, 1_000].map(limit), ["4 MiB", "256 KiB", "1,000 bytes"]);
});

test("agesAreRoundedDown", () => {
  const ages = [0, 1_999, 2_000, 59_999, 60_000, 7_199_000, 90_000_000].map((past) => age(0, past));
  assert.deepEqual(ages, ["now", "now", "2 s", "59 s", "1 min", "1 h", "1 d"]);
  assert.equal(age(5_000, 0), "now", "a clock that is behind");
});

test("oneRequestIsSingular", () => {
  assert.deepEqual([0, 1, 12_000].map((number) => count(number, "request")), ["0 requests", "1 request", "12,000 requests"]);
});

test("shellWordsAreQuotedUnlessPlain", () => {
  assert.equal(shellWord("https://h.example/h/a-b_c"), "https://h.example/h/a-b_c");
  assert.equal(shellWord(""), "''");
  assert.equal(shellWord("a?b"), "'a?b'");
  assert.equal(shellWord("$(id)`id`"), "'$(id)`id`'");
  assert.equal(shellWord("it's"), "'it'\\''s'");
  assert.equal(shellWord("=ls"), "'=ls'", "zsh expands it");
  assert.equal(shellWord("~root"), "'~root'");
  assert.equal(shellWord("a\\n \\'"), "'a\\n '\\\\''\\'''", "fish takes a backslash before a quote for an escape");
});

test("exampleForEveryMethodNamesTheUrl", () => {
  for (const method of ["GET", "POST", "PUT", "DELETE"]) {
    assert.match(exampleCurl(method, "https://h.example/h/x"), /^curl .*https:\/\/h\.example\/h\/x/);
  }
});

test("pathTailLeavesTheHookOut", () => {
  assert.equal(pathTail("/h/abc"), "/");
  assert.equal(pathTail("/h/abc/x/y"), "/x/y");
  assert.equal(pathTail("/s/abc"), "/");
  assert.equal(pathTail("/s/abc/x/y"), "/x/y");
  assert.equal(pathTail("/elsewhere"), "/elsewhere");
});

test("troubleIsSaidInWords", () => {
  const seen = { shown: 42, now: 0 };
  const unreached = statusWords({ kind: "offline" }, seen);
  assert.deepEqual([unreached.title, unreached.detail], ["Not reached", "The server cannot be reached from here. 42 requests kept on this screen"]);
  const offline = statusWords({ kind: "offline" }, { ...seen, online: false });
  assert.deepEqual([offline.title, offline.detail], ["Offline", "This device has no network. 42 requests kept on this screen"]);
  assert.match(statusWords({ kind: "busy", nextAt: 7_000 }, seen).detail, /7 s/);
  assert.equal(statusWords({ kind: "live", nextAt: 8_000 }, seen).detail, "next check in 8 s");
});

test("onlyOurOwn503SaysThatRequestsAreKept", () => {
  const detail = (state) => statusWords({ kind: "delayed", ...state }, { shown: 1, now: 0 }).detail;
  const ours = { type: "urn:hookwell:problem:store-unavailable" };
  assert.match(detail({ status: 503, problem: ours }), /still being accepted and kept/);
  for (const state of [{ status: 503 }, { status: 502, problem: ours }, { status: 500 }, {}, { status: 503, problem: { type: "about:blank" } }]) {
    assert.ok(!detail(state).includes("kept"), JSON.stringify(state));
  }
  assert.match(detail({ status: 502 }), /The answer was 502/);
});

test("endedUrlsSayWhatSendersGet", () => {
  const hook = { expiresAt: "2026-11-24T00:00:00.000Z" };
  const after = { shown: 0, now: Date.parse("2026-11-25T00:00:00Z"), hook };
  const before = { ...after, now: Date.parse("2026-11-23T00:00:00Z") };
  assert.match(statusWords({ kind: "gone" }, after).detail, /ended on 24 Nov 2026\. Senders get 410/);
  assert.match(statusWords({ kind: "gone" }, { ...before, hook: { ...hook, deleted: true } }).detail, /still get 200 until 24 Nov 2026/);
  assert.match(statusWords({ kind: "gone", problem: { type: "/docs/errors.md#hook-deleted" } }, before).detail, /still get 200/);
});

test("durationsOfLimitsAreWorded", () => {
  assert.deepEqual(["P7D", "PT168H", "PT12H", "P1D", "PT30M", "P1Y", undefined].map(durationWords), [
    "7 days",
    "7 days",
    "12 hours",
    "1 day",
    "30 minutes",
    undefined,
    undefined,
  ]);
});

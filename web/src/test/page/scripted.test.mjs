import assert from "node:assert/strict";
import { test } from "node:test";
import { PRESETS, nextWords, stepOf, stepWords } from "../../main/page/scripted.js";

const plain = { steps: [], next: { status: 200, chances: [] } };
const counted = { steps: [{ status: 503, times: 3 }, { status: 200 }] };

test("the next request's response is said in a sentence", () => {
  assert.equal(nextWords(plain), "The next request gets the plain response: 200 and the capture’s id.");
  assert.equal(
    nextWords({ ...counted, next: { step: 1, status: 503, left: 3, chances: [] } }),
    "The next request gets 503, and so do the 2 after it.",
  );
  assert.equal(nextWords({ ...counted, next: { step: 1, status: 503, left: 2, chances: [] } }), "The next request gets 503, and so does the one after it.");
  assert.equal(nextWords({ ...counted, next: { step: 1, status: 503, left: 1, chances: [] } }), "The next request gets 503, the last time.");
  assert.equal(nextWords({ ...counted, next: { step: 2, status: 200, chances: [] } }), "The next request gets 200.");
  assert.equal(
    nextWords({ steps: [{ status: 500, percent: 30 }], next: { status: 200, chances: [{ step: 1, status: 500, percent: 30 }] } }),
    "The next request gets 500 with a chance of 30 %, else the plain 200.",
  );
});

test("a step is said in words", () => {
  assert.equal(stepWords({ status: 503, times: 1 }), "503, for 1 request");
  assert.equal(stepWords({ status: 503, for: "PT2M" }), "503, for 2 minutes");
  assert.equal(stepWords({ status: 500, percent: 30 }), "500, to 30 % of the requests");
  assert.equal(stepWords({ status: 200, delay: "PT1.5S", body: "{}", headers: [["content-type", "application/json"]] }), "200, after 1.5 s, with application/json");
  assert.equal(stepWords({ status: 429, headers: [["Retry-After", "5"]] }), "429, Retry-After: 5");
  assert.equal(stepWords({ status: 200, bodyBase64: "AA==" }), "200, with a body");
  assert.equal(stepWords({ status: 200, delay: "soon" }), "200, after soon");
});

test("a preset that fails says so, and no other", () => {
  for (const { name, steps, fails } of PRESETS) assert.equal(Boolean(fails), steps.some(({ status }) => status >= 400), name);
});

test("a step is made of the form's fields, with the one end that was chosen", () => {
  const now = Date.parse("2026-11-30T10:00:00Z");
  const fields = { status: "503", end: "all", times: "9", percent: "9", delay: "", type: "", body: "", headers: "" };
  const of = (more) => stepOf({ ...fields, ...more }, now);
  assert.deepEqual(of({}), { step: { status: 503 } });
  assert.deepEqual(of({ end: "times", times: "3" }), { step: { status: 503, times: 3 } });
  assert.deepEqual(of({ end: "for", for: "120", delay: "0.5" }), { step: { status: 503, for: "PT120S", delay: "PT0.5S" } });
  assert.deepEqual(of({ end: "percent", percent: "30" }), { step: { status: 503, percent: 30 } });
  assert.equal(of({ end: "until", until: "2026-12-01T10:00:00Z" }).step.until, "2026-12-01T10:00:00.000Z");
  assert.deepEqual(of({ body: "{}", type: "application/json", headers: "Retry-After: 5\n\nX-Time: 10:30\n" }).step.headers, [
    ["Content-Type", "application/json"],
    ["Retry-After", "5"],
    ["X-Time", "10:30"],
  ]);
});

test("a header that is none and a time that is past are told", () => {
  assert.match(stepOf({ status: "200", headers: "Retry-After" }, 0).fault, /“Retry-After” is not/);
  assert.match(stepOf({ status: "200", end: "until", until: "2026-11-29T10:00" }, Date.parse("2026-11-30")).fault, /in the future/);
  assert.match(stepOf({ status: "200", end: "until", until: "" }, 0).fault, /in the future/);
});

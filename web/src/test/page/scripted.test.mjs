import assert from "node:assert/strict";
import { test } from "node:test";
import { PRESETS, nextWords, stepWords } from "../../main/page/scripted.js";

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

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { PRESETS, endWords, nextWords, stepOf, stepWords, warnings, withStep } from "../../main/page/scripted.js";

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

test("until when a step lasts is said in the reader's own time", () => {
  const local = new Date("2026-12-01T10:00:00Z").getFullYear();
  const said = stepWords({ status: 503, until: "2026-12-01T10:00:00Z" });
  assert.match(said, new RegExp(`^503, until .*Dec ${local}`));
  assert.match(nextWords({ ...counted, next: { step: 1, status: 503, until: "2026-12-01T10:00:00Z", chances: [] } }), /503, as all do until .*Dec 2026/);
});

test("that failing ends, and that it has ended, is said", () => {
  const end = Date.parse("2026-12-01T10:00:00Z");
  assert.match(endWords(end, end - 1), /^Failing ends by itself 1 Dec 2026|^Failing ends by itself 2 Dec 2026/);
  assert.match(endWords(end, end), /^Failing ended by itself .*: such steps are passed over until it is started again\.$/);
});

test("there is a preset for each that senders are tried with", () => {
  assert.deepEqual(
    PRESETS.map(({ name }) => name),
    [
      ...["Fail 3 times, then 200", "Down for 2 minutes", "Fail 30 %", "Slow, 3 seconds", "429 with Retry-After"],
      ...["200", "204", "400", "401", "404", "410", "500", "503", "Plain text", "JSON", "XML"],
    ],
  );
});

test("each preset is documented with the very script that it sets", async () => {
  const document = await readFile(new URL("../../../../docs/responses.md", import.meta.url), "utf8");
  const scripts = [...document.matchAll(/^respond '(.*)' #/gm)].map(([, script]) => JSON.parse(script));
  for (const { name, steps } of PRESETS) {
    assert.ok(scripts.some((script) => isDeepStrictEqual(script, { steps })), name);
  }
});

test("a preset that can switch a subscription off says so, and no other", () => {
  const warned = PRESETS.filter(({ steps }) => warnings(steps).length > 0).map(({ name }) => name);
  assert.deepEqual(warned, [
    ...["Fail 3 times, then 200", "Down for 2 minutes", "Fail 30 %", "Slow, 3 seconds", "429 with Retry-After"],
    ...["400", "401", "404", "410", "500", "503"],
  ]);
});

test("a warning says what senders make of these very steps", () => {
  const said = (...steps) => warnings(steps).join(" ");
  assert.match(said({ status: 503, times: 3 }, { status: 200 }), /GitLab pauses after 4/);
  assert.match(said({ status: 301 }), /GitLab/);
  assert.match(said({ status: 410 }), /^410 ends a subscription/);
  assert.match(said({ status: 429 }), /heed Retry-After/);
  assert.match(said({ status: 504 }), /Cloudflare’s own page/);
  assert.match(said({ status: 200, delay: "PT1S" }), /slower/);
  assert.equal(said({ status: 200, delay: "PT0.999S" }), "");
});

test("a step is added where a script may have it", () => {
  const failing = { status: 503, times: 3 };
  const slow = { status: 200, delay: "PT1S", times: 1 };
  const all = { status: 200 };
  assert.deepEqual(withStep([], failing), [failing]);
  assert.deepEqual(withStep([failing], all), [failing, all]);
  assert.deepEqual(withStep([failing, all], slow), [failing, slow, all]);
  assert.deepEqual(withStep([failing, all], { status: 202 }), [failing, { status: 202 }]);
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

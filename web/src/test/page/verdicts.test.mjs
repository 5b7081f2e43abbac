import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { ownScheme, OWN } from "../../main/page/schemes.js";
import { Verdicts } from "../../main/page/verdicts.js";

const HOOK = { id: "AQ", url: "https://hooks.example/h/AQ" };
const mac = (secret, text) => createHmac("sha256", secret).update(text).digest("hex");

/** Captures that are signed with these secrets, by one sender or another; the newest first. */
function stage(...signed) {
  const captures = signed
    .map(([secret, header = "x-razorpay-signature"], index) => ({
      seq: index + 1,
      bodySize: 2,
      receivedAt: "2026-11-24T09:00:00.000Z",
      headers: [[header, mac(secret, "{}")]],
      body: { size: 2, encoding: "utf-8", data: "{}" },
    }))
    .toReversed();
  const calls = [];
  const api = {
    async captures(_, query) {
      calls.push(query);
      return { kind: "ok", value: { captures: captures.filter(({ seq }) => seq < query.before).slice(0, query.limit) } };
    },
  };
  return { captures, calls, verdicts: new Verdicts({ api, changed: () => {}, pause: (run) => run() }) };
}

const ask = (secret, scheme = "razorpay") => ({ secret, id: "razorpay", scheme, urlOf: () => HOOK.url });
const fitsOf = ({ captures, verdicts }) => captures.map(({ seq }) => verdicts.find(seq)?.fits);

test("nothing is fetched before a secret is typed", async () => {
  const { captures, calls, verdicts } = stage(["s"]);
  await verdicts.follow(HOOK, captures);
  assert.deepEqual([calls.length, verdicts.find(1)], [0, undefined]);
});

test("those that are signed in that way are checked, and no others", async () => {
  const at = stage(["s"], ["other"], ["s", "x-unknown"]);
  await at.verdicts.follow(HOOK, at.captures);
  await at.verdicts.use(ask("s"));
  assert.deepEqual(fitsOf(at), [undefined, false, true]);
  assert.match(at.verdicts.find(2).reason, /The secret is another one/);
  assert.equal(at.calls.length, 1);
});

test("a header of one's own is checked, and what arrives later too", async () => {
  const at = stage(["s", "x-unknown"], ["s", "x-unknown"]);
  await at.verdicts.follow(HOOK, at.captures.slice(1));
  await at.verdicts.use(ask("s", ownScheme({ ...OWN, header: "x-unknown" })));
  await at.verdicts.follow(HOOK, at.captures);
  assert.deepEqual(fitsOf(at), [true, true]);
});

test("another secret is another verdict, and none is none", async () => {
  const at = stage(["s"]);
  await at.verdicts.follow(HOOK, at.captures);
  await Promise.all([at.verdicts.use(ask("x")), at.verdicts.use(ask("s"))]);
  assert.deepEqual(fitsOf(at), [true]);
  at.verdicts.use(ask(""));
  assert.deepEqual(fitsOf(at), [undefined]);
});

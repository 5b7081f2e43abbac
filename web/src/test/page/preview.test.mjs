import assert from "node:assert/strict";
import { test } from "node:test";
import { previewOf } from "../../main/page/preview.js";
import { Previews } from "../../main/page/previews.js";

function previewed(text, contentType = "application/json") {
  const size = new TextEncoder().encode(text).length;
  return previewOf({ contentType, body: { size, encoding: "utf-8", data: text } });
}

test("an event is named, with what it happened to", () => {
  const stripe = { id: "evt_1", object: "event", type: "invoice.payment_failed", data: { object: { id: "in_2", customer: "cus_QY", lines: [1] } } };
  assert.deepEqual(previewed(JSON.stringify(stripe)), { event: "invoice.payment_failed", words: "id in_2, customer cus_QY, lines […]" });
  assert.deepEqual(previewed('{"event":"order.created","payload":{"total":3}}'), { event: "order.created", words: "total 3" });
  assert.equal(previewed('{"Type":"Notification","Message":"hi"}').event, "Notification");
});

test("without an event the first members stand", () => {
  assert.deepEqual(previewed('{"sku":"4711","left":12,"of":null,"in":{"a":1}}'), { event: "", words: "sku 4711, left 12, of null, in {…}" });
  assert.deepEqual(previewed("[1,2]"), { event: "", words: "[1,2]" });
  assert.deepEqual(previewed('{"type":"a sentence, which names nothing!"}').event, "");
});

test("a command that somebody typed is the event, and what follows it the words", () => {
  assert.deepEqual(previewed("token=x&user_name=mona&command=%2Fdeploy&text=shop+to+production", "application/x-www-form-urlencoded"), { event: "/deploy", words: "shop to production" });
  assert.equal(previewed("command=deploy&text=shop", "application/x-www-form-urlencoded").event, "");
});

test("forms and text are in one line", () => {
  assert.equal(previewed("name=Ada+Lovelace&x=%C3%A9", "application/x-www-form-urlencoded").words, "name Ada Lovelace, x é");
  assert.equal(previewed("a=%", "application/x-www-form-urlencoded").words, "a %");
  assert.equal(previewed("charset=windows-1252&name=Mu%F1oz", "application/x-www-form-urlencoded").words, "charset windows-1252, name Muñoz");
  assert.deepEqual(previewed(`payload=${encodeURIComponent('{"type":"block_actions","id":7}')}`, "application/x-www-form-urlencoded"), { event: "block_actions", words: "id 7" });
  assert.equal(previewed('--b\r\nContent-Disposition: form-data; name="to"\r\n\r\nx\r\n--b--', "multipart/form-data; boundary=b").words, "to");
  assert.equal(previewed('<?xml version="1.0"?>\n<a>\n  <b/>\n</a>', "text/xml").words, "<a> <b/> </a>");
  assert.equal(previewed("{not json", "text/plain").words, "{not json");
});

test("what is no text, or no value, has no words", () => {
  assert.deepEqual(previewed(""), { event: "", words: "" });
  assert.deepEqual(previewed("a\u0000b", "text/plain"), { event: "", words: "" });
  for (const json of ["{}", "[]"]) assert.equal(previewed(json).event, "");
});

test("a token that signs is not shown", () => {
  assert.equal(previewed('{"verification_token":"secret_abc"}').words, "verification_token ••••••");
});

test("a body of 64 KiB is read, and one a byte longer is not", () => {
  const body = '{"type":"push"}';
  assert.equal(previewed(body.padEnd(65_536)).event, "push");
  assert.equal(previewed(body.padEnd(65_537)).event, "");
});

test("words are cut, whatever they are made of", () => {
  const long = previewed(JSON.stringify(Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`key${at}`, "x".repeat(1_000)]).slice(0, 60))));
  assert.ok(long.words.length <= 160, `${long.words.length}`);
  assert.ok(previewed("x".repeat(60_000), "text/plain").words.length <= 160);
});

function listing(captures) {
  const asked = [];
  const captureAt = new Map(captures.map((capture) => [capture.seq, capture]));
  const api = {
    captures: async (_, { before, limit, include }) => {
      asked.push({ before, limit, include });
      const found = [...captureAt.values()].filter(({ seq }) => seq < before).slice(0, limit);
      return { kind: "ok", value: { captures: found.map((capture) => ({ ...capture, body: { size: 2, encoding: "utf-8", data: "{}" } })) } };
    },
  };
  return { api, asked };
}

const newestFirst = (sizes) => sizes.map((bodySize, at) => ({ seq: sizes.length - at, bodySize }));

test("words are fetched newest first, in bounded calls, and once", async () => {
  const captures = newestFirst([100, 100, 0, 262_144, 65_536, 65_537, 100]);
  const { api, asked } = listing(captures);
  const previews = new Previews({ api, changed: () => {} });
  await previews.follow({ id: "h" }, captures);
  assert.deepEqual(asked, [
    { before: 8, limit: 3, include: "body" },
    { before: 4, limit: 1, include: "body" },
    { before: 2, limit: 1, include: "body" },
  ]);
  assert.ok(previews.find(7));
  assert.equal(previews.find(4), undefined);
  await previews.follow({ id: "h" }, captures);
  assert.equal(asked.length, 3);
});

test("a hundred are asked for at once, and a thousand in all", async () => {
  const captures = newestFirst(Array.from({ length: 1_101 }, () => 10));
  const { api, asked } = listing(captures);
  await new Previews({ api, changed: () => {} }).follow({ id: "h" }, captures);
  assert.deepEqual(asked.map(({ limit }) => limit), Array.from({ length: 10 }, () => 100));
});

test("a server that fails is left alone until the list changes", async () => {
  let calls = 0;
  const api = { captures: async () => ({ kind: ((calls += 1), "delayed") }) };
  await new Previews({ api, changed: () => {} }).follow({ id: "h" }, newestFirst([1]));
  assert.equal(calls, 1);
});

test("what was deleted meanwhile is not asked for for ever", async () => {
  const { api, asked } = listing([{ seq: 1, bodySize: 5 }]);
  const previews = new Previews({ api, changed: () => {} });
  await previews.follow({ id: "h" }, newestFirst([5, 5, 5]));
  assert.ok(asked.length <= 3, `${asked.length}`);
});

// What is inside of a text, and inside of that.

import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { readBody } from "../../main/page/body.js";
import { insideOf, unescapedJson, unpackedOf } from "../../main/page/layers.js";
import { timeWords } from "../../main/page/hints.js";

const part = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
const inside = (value) => insideOf([["v", value]]);

test("JSON in a string of JSON in a string is shown with its place", () => {
  const deep = JSON.stringify({ Message: JSON.stringify({ n: [JSON.stringify({ x: 1 })] }) });
  const text = insideOf([["payload", deep]]);
  assert.deepEqual(text.match(/^\S.* is .*:$/gm), ["payload is JSON:", "payload → /Message is JSON:", "payload → /Message → /n/0 is JSON:"]);
  assert.ok(text.endsWith('{\n  "x": 1\n}'));
  let endless = "{}";
  for (let layer = 0; layer < 12; layer += 1) endless = JSON.stringify([endless]);
  assert.equal(inside(endless).match(/ is JSON:$/gm).length, 6);
});

test("base64 is read as senders write it: of addresses, without an end, in lines, in a data address, of UTF-16", () => {
  const json = '{"return":"/äüö?>","n":1}';
  const shown = 'v is JSON in base64:\n{\n  "return": "/äüö?>",\n  "n": 1\n}';
  const plain = Buffer.from(json).toString("base64");
  for (const written of [part(json), plain.replace(/=+$/, ""), plain.replace(/.{10}/g, "$&\r\n"), `data:application/json;charset=utf-8;base64,${plain}`]) assert.equal(inside(written), shown, written);
  assert.equal(inside(Buffer.from("Get-Process | Sort", "utf16le").toString("base64")), "v is text in base64:\nGet-Process | Sort");
  for (const none of ["123e4567-e89b-12d3-a456-426614174000", "payment_intent-succeeded-event-of-today", "abcdefghijklmnopqrstuvwx", "0123456789012345678901234567890123456789"]) assert.equal(inside(none), undefined, none);
});

test("gzip in base64, as logs have it, is unpacked", async () => {
  const data = gzipSync('{"messageType":"DATA_MESSAGE"}').toString("base64");
  const { views } = await readBody({ headers: [["content-type", "application/json"]] }, Buffer.from(JSON.stringify({ awslogs: { data } })));
  assert.equal(views.find(({ name }) => name === "Inside").source.text, '/awslogs/data is JSON in gzip in base64:\n{\n  "messageType": "DATA_MESSAGE"\n}');
});

test("of values that are packed, few are tried, and no more is unpacked than a body may be", async () => {
  const packed = (text) => gzipSync(text).toString("base64");
  const broken = Array.from({ length: 20 }, (_, at) => [`${at}`, `H4sI${"A".repeat(at + 4)}`]);
  assert.deepEqual([(await unpackedOf([...broken, ["last", packed("text")]])).size, (await unpackedOf([...broken.slice(1), ["last", packed("text")]])).size], [0, 1]);
  const large = Array.from({ length: 12 }, (_, at) => [`${at}`, packed(`${at}${"a".repeat(1_000_000)}`)]);
  assert.equal((await unpackedOf(large)).size, 8);
});

test("a long text is shown as far as it is seen, and not laid out before", async () => {
  const long = JSON.stringify({ a: "b".repeat(1_100_000) });
  const value = gzipSync(long).toString("base64");
  const pairs = [["v", value], ["w", JSON.stringify({ c: 1 })]];
  const text = insideOf(pairs, await unpackedOf(pairs));
  assert.equal(text, `v is text in gzip in base64:\n${long}`.slice(0, 200_000));
});

test("a token is taken apart however it is written, and says which part is none", () => {
  const head = part({ alg: "RS256" });
  assert.match(inside(`bearer ${part('{ "alg": "HS256" }')}.${part('{\n "sub": "x", "exp": 1795510867.5, "iat": 1795510867000 }')}.c2ln`), /^v is a JWT, not verified:[\s\S]*issued 2026-11-24T09:01:07\.000Z\nexpires 2026-11-24T09:01:07\.500Z$/);
  assert.match(inside(`${head}.${part({ a: 1 })}.`), /Its third part, the signature, is empty\.$/);
  for (const bad of ["eyJhIjox", "", part("[1]"), "!"]) assert.equal(/Its second part is no JSON object\.$/.test(inside(`${head}.${bad}.c2ln`) ?? ""), bad !== "!", bad);
  assert.match(inside(`${part({ alg: "dir", enc: "A256GCM" })}..aaaa.bbbb.cccc`), /^v is an encrypted token \(JWE\), of which only the head can be read:/);
  for (const none of ["www.example.test", `${part({ a: 1 })}.${part({ b: 1 })}.c`, `${head}.x`, "1.2.3"]) assert.equal(inside(none), undefined, none);
});

test("escapes that nobody would see, and halves of letters, stay escapes", () => {
  assert.equal(unescapedJson('["\\ud83d\\uDE00","\\ud83d","\\udc00\\ud800","\\u200b\\u202e\\u00a0\\u00ad","\\u00e9"]'), '["😀","\\ud83d","\\udc00\\ud800","\\u200b\\u202e\\u00a0\\u00ad","é"]');
  assert.equal(unescapedJson('["\\u0022\\u005c\\\\u00e9"]'), undefined);
});

test("a number may be a time in seconds, milliseconds, microseconds or nanoseconds", () => {
  const time = "As a Unix time: 2026-11-24 09:01:07 UTC";
  for (const digits of ["1795510867", "1795510867000", "1795510867000000", "1795510867000000000"]) assert.equal(timeWords(digits), time, digits);
  assert.equal(timeWords("1795510867.25"), "As a Unix time: 2026-11-24 09:01:07.250 UTC");
  for (const none of ["17955108670", "17955108670000", "99999999999999999999", "-1795510867", "4999999999999999"]) assert.equal(timeWords(none), undefined, none);
});

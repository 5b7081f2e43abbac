import assert from "node:assert/strict";
import { test } from "node:test";
import { hitOf } from "../../main/page/hit.js";

const capture = ({ headers = [], query, data = "{}", encoding = "utf-8", size = data.length, cookies }) => ({ seq: 1, path: "/h/AQ", query, headers, cookies, body: { size, encoding, data } });

test("the letters around a word in a body, in one line", () => {
  const data = `{\n  "id": "in_1",\n  "customer": { "name": "Ada  Lovelace" },\n  "note": "${"x".repeat(200)}"\n}`;
  const { place, before, word, after } = hitOf(capture({ data }), "lovelace");
  assert.deepEqual([place, word, before], ["body", "Lovelace", '…ame": "Ada ']);
  assert.ok(after.startsWith('" }, "note": "xxx') && after.length <= 90, after);
});

test("a header is named, and the query comes first", () => {
  assert.deepEqual(hitOf(capture({ headers: [["x-id", "abc-17"]] }), "ABC"), { place: "headers", name: "x-id", before: "", word: "abc", after: "-17" });
  assert.equal(hitOf(capture({ query: "order=17", headers: [["x-id", "17"]] }), "17").place, "query");
  assert.equal(hitOf(capture({ cookies: ["sid=17"] }), "17").name, "cookie");
});

test("a body in the charset that it declares", () => {
  const data = Buffer.from("Größe=groß", "latin1").toString("base64");
  const found = hitOf(capture({ data, encoding: "base64", headers: [["content-type", "text/plain; charset=iso-8859-1"]] }), "größe");
  assert.equal(found.word, "Größe");
});

test("without the letters the place alone is told", () => {
  assert.deepEqual(hitOf(capture({ data: null, size: 900_000 }), "17"), { place: "body" });
  assert.deepEqual(hitOf(capture({ data: "AAAA", encoding: "base64" }), "17"), {});
});

test("a secret is not shown by a search", () => {
  assert.deepEqual(hitOf(capture({ headers: [["x-hook-secret", "s3cr3t"]] }), "s3c"), { place: "headers" });
  assert.deepEqual(hitOf(capture({ data: '{"verification_token":"secret_abc"}' }), "secret_"), { place: "body" });
});

test("a word is no pattern", () => {
  assert.equal(hitOf(capture({ data: "a.c abc a+c" }), "a+c").word, "a+c");
});

test("a query is looked at as it is written and as it reads", () => {
  for (const query of ["q=order%2017", "q=order+17", "q=order 17"]) assert.equal(hitOf(capture({ query }), "order 17").place, "query", query);
  assert.equal(hitOf({ ...capture({}), path: "/h/AQ/a%20b" }, "a b").place, "path");
  assert.equal(hitOf(capture({ query: "q=%E9&r=a+b", size: 0, data: undefined }), "b").word, "b");
  assert.deepEqual(hitOf(capture({ query: "q=%E9&r=a+b", size: 0, data: undefined }), "é=").place, undefined);
  assert.equal(hitOf(capture({ query: "q=%E9&r=a+b", size: 0, data: undefined }), "é&r=a b").place, "query");
});

test("a word with a hyphen is a word", () => {
  assert.equal(hitOf(capture({ data: "order-17 of 2026-11-30" }), "2026-11-30").word, "2026-11-30");
});

test("a body is looked at as it reads: without the escapes of a form, or of JSON", () => {
  const form = [["content-type", "application/x-www-form-urlencoded"]];
  assert.equal(hitOf(capture({ headers: form, data: "Body=Hello+World%21&a=1" }), "hello world!").word, "Hello World!");
  assert.equal(hitOf(capture({ headers: form, data: "name=Mu%F1oz+Garc%EDa" }), "garcía").before, "name=Muñoz ");
  assert.equal(hitOf(capture({ headers: form, data: "payload=%7B%22a%22%3A%22Z%5Cu00fcrich%22%7D" }), "zürich").word, "Zürich");
  assert.equal(hitOf(capture({ data: '{"a":"https:\\/\\/shop.test \\ud83d\\ude00"}' }), "https://shop.test 😀").place, "body");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { isListed, parseMatch, termText } from "../../main/page/match.js";

const said = (text) => parseMatch(text).map(({ negated, name, value }) => `${negated ? "-" : ""}${name}|${value}`);

test("words, quotes, fields and what is excluded are told apart", () => {
  assert.deepEqual(said('method:POST path:/pay* json:/data/object/status=failed -word "two words" -"not this"'), [
    "method|POST",
    "path|/pay*",
    "json|/data/object/status=failed",
    "-text|word",
    "text|two words",
    "-text|not this",
  ]);
});

test("a field takes = as well, its name any case, its value quotes", () => {
  assert.deepEqual(said('Header:"x-id: a b" event=paid -SENDER:stripe'), ["header|x-id: a b", "event|paid", "-sender|stripe"]);
});

test("what only this page knows has the values that it has", () => {
  assert.deepEqual(said("signature:BAD is:pinned -is:Noted is:else signature:x"), ["signature|bad", "is|pinned", "-is|noted"]);
});

test("other names are words, and so is what looks like a URL or a time", () => {
  assert.deepEqual(said("colour:red https://a.example/b?c=d 12:30"), ["text|colour:red", "text|https://a.example/b?c=d", "text|12:30"]);
});

test("what is still being typed is nothing yet, and an open quote is closed at the end", () => {
  assert.deepEqual(said('json: method: "" -""'), []);
  assert.deepEqual(said('paid "two wor'), ["text|paid", "text|two wor"]);
});

test("each condition that can be written is read as it was meant", () => {
  for (const [name, value] of [["header", "x-id:a b"], ["json", "/a b/c=d  e"], ["json", "/n=-1.5"], ["event", "invoice.paid"]]) {
    assert.deepEqual(parseMatch(termText(name, value)), [{ negated: false, name, value }]);
  }
  assert.equal(termText("header", 'etag:"abc"'), undefined);
  for (const unseen of ["a\u202eb", "a\u200bb", "a\nb"]) assert.equal(termText("json", `/x=${unseen}`), undefined);
});

test("the list's own text is found whatever its case", () => {
  const capture = { seq: 12, method: "POST", path: "/h/AQ/Orders", query: "a=%C3%A9", sender: "stripe", sourceIp: "192.0.2.1" };
  assert.deepEqual(["orders", "#12", "Stripe", "192.0", "zzz"].map((word) => isListed(capture, word)), [true, true, true, true, false]);
});

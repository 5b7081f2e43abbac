import assert from "node:assert/strict";
import { test } from "node:test";
import { chosenIn, differences, fieldsOf, isChosen } from "../../main/page/facets.js";

const bodies = (count, make) => Array.from({ length: count }, (_, index) => ({ seq: index + 1, kind: "", text: JSON.stringify(make(index + 1)) }));
const event = (seq, change) => ({ id: `evt_${seq}`, type: "invoice.paid", data: { object: { id: `in_${seq}`, amount: 1_000 + seq, status: "paid" } }, ...change });

test("one failed among three hundred", async () => {
  const { count, facets } = await differences(bodies(300, (seq) => (seq === 217 ? event(seq, { type: "invoice.payment_failed", data: { object: { id: "in", amount: 1, status: "open" } } }) : event(seq))));
  assert.equal(count, 300);
  assert.deepEqual(facets.map(({ path }) => path), ["/type", "/data/object/status"]);
  assert.deepEqual(facets[0].values, [
    { value: "invoice.paid", count: 299, seq: 300 },
    { value: "invoice.payment_failed", count: 1, seq: 217 },
  ]);
});

test("the field that tells what happened is first, then the most lopsided", async () => {
  const { facets } = await differences(bodies(40, (seq) => ({ live: seq !== 7, currency: seq % 2 ? "eur" : "usd", status: seq % 4 ? "a" : "b" })));
  assert.deepEqual(facets.map(({ path }) => path), ["/status", "/live", "/currency"]);
});

test("what is the same in all, or different in all, is no facet", async () => {
  const { facets } = await differences(bodies(40, (seq) => ({ version: 3, id: `a${seq}`, long: "x".repeat(100 + (seq % 2)), big: seq % 2 ? 1e300 : 2e300 })));
  assert.deepEqual(facets, []);
  assert.deepEqual((await differences(bodies(3, (seq) => ({ a: seq % 2 })))).facets, [], "too few");
});

test("a field is first seen, and of a new object only itself", async () => {
  const { added } = await differences(bodies(30, (seq) => ({ a: 1, ...(seq >= 22 && { tax: { id: 1, of: { b: 2 } } }) })));
  assert.deepEqual(added, [{ path: "/tax", seq: 22 }]);
});

test("other events have other fields", async () => {
  const mixed = bodies(40, (seq) => (seq % 2 ? { a: 1 } : { b: 1 })).map((body) => ({ ...body, kind: body.seq % 2 ? "odd" : "even" }));
  const { added, lacking } = await differences(mixed);
  assert.deepEqual([added, lacking], [[], []]);
});

test("a field that all had and one lacks", async () => {
  const { lacking } = await differences(bodies(30, (seq) => ({ a: 1, ...(seq !== 20 && { customer: { id: seq } }), ...(seq % 3 === 0 && { now: 1 }) })));
  assert.deepEqual(lacking, [{ path: "/customer", seq: 20 }]);
});

test("a type that changed is told once", async () => {
  const { changed } = await differences(bodies(30, (seq) => ({ amount: seq === 17 ? "12.00" : 12, note: seq > 20 ? null : "x" })));
  assert.deepEqual(changed, [
    { path: "/note", seq: 21, from: "string", to: "null" },
    { path: "/amount", seq: 17, from: "number", to: "string" },
  ]);
});

test("names that are data are not told as new fields", async () => {
  const { added } = await differences(bodies(60, (seq) => ({ users: { [`u${seq}`]: 1 } })));
  assert.deepEqual(added, []);
});

test("elements of lists are one field", () => {
  assert.deepEqual([...fieldsOf({ lines: [{ p: 1 }, { p: 2, q: 3 }], "a/b~c": 1 }).keys()], ["/lines", "/lines/*", "/lines/*/p", "/lines/*/q", "/a~1b~0c"]);
});

test("hostile bodies cost little and do nothing", async () => {
  const hostile = [
    '{"__proto__":{"polluted":1},"constructor":1,"hasOwnProperty":1}',
    `${"[".repeat(30_000)}${"]".repeat(30_000)}`,
    `{${Array.from({ length: 6_000 }, (_, index) => `"k${index}":${index}`).join(",")}}`,
    "{", "", "17", '"x"', "null",
  ].flatMap((text, index) => Array.from({ length: 20 }, (_, more) => ({ seq: 1 + index * 20 + more, kind: text.slice(0, 3), text })));
  const { isPart, count } = await differences(hostile);
  assert.ok(isPart);
  assert.equal(count, 120);
  assert.equal({}.polluted, undefined);
});

test("a thousand bodies are read in slices of twelve milliseconds", async () => {
  let time = 0;
  let slices = 0;
  const pause = async () => {
    slices += 1;
  };
  await differences(bodies(1_000, (seq) => event(seq, {})), { pause, now: () => (time += 1) });
  // Each body takes one.
  assert.equal(slices, Math.floor(1_000 / 12));
});

test("a value takes the place of another of the same field, and leaves again", () => {
  const filter = chosenIn("paid json:/type=a", "/type", "json:/type=b");
  assert.equal(filter, "paid json:/type=b");
  assert.ok(isChosen(filter, "json:/type=b"));
  assert.ok(!isChosen(filter, "json:/type=a"));
  assert.equal(chosenIn(filter, "/type", "json:/type=b"), "paid");
  assert.equal(chosenIn('json:"/a b=c d" "two words"', "/a b", 'json:"/a b=e f"'), '"two words" json:"/a b=e f"');
});

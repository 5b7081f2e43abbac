// What was packed before it was sent: by its bytes first, then by what the request says of it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { readBody } from "../../main/page/body.js";
import { shownText } from "./shown.mjs";

const JSON_TEXT = '{"a":1}';
const PRETTY = '{\n  "a": 1\n}';
const sent = (coding, bytes) => readBody({ headers: [["content-type", "application/json"], ...(coding ? [["content-encoding", coding]] : [])] }, new Uint8Array(bytes));
const words = ({ remarks }) => remarks.map(({ text }) => text).join(" ");

test("what is not packed is read as it is, whatever the request says", async () => {
  const body = await sent("gzip", Buffer.from(JSON_TEXT));
  assert.equal(shownText(body.views[0]), PRETTY);
  assert.match(words(body), /says content-encoding gzip, but its bytes are no gzip: they are shown as sent/);
});

test("a wrong name of a format is said, and the right one is taken", async () => {
  for (const [coding, packed, told] of [["gzip", deflateSync(JSON_TEXT), "deflate (the request calls it gzip)"], ["deflate", gzipSync(JSON_TEXT), "gzip (the request calls it deflate)"]]) {
    const body = await sent(coding, packed);
    assert.equal(shownText(body.views[0]), PRETTY, coding);
    assert.ok(words(body).includes(`Unpacked here from ${told}.`), words(body));
  }
});

test("what is packed twice is unpacked twice, declared or not", async () => {
  const twice = gzipSync(gzipSync(JSON_TEXT));
  for (const [coding, packed, told] of [
    ["gzip, gzip", twice, "from gzip, then gzip."],
    ["deflate, gzip", gzipSync(deflateSync(JSON_TEXT)), "from gzip, then deflate."],
    ["deflate, identity, GZIP", gzipSync(deflateRawSync(JSON_TEXT)), "from gzip, then deflate."],
    ["gzip", twice, "It is gzip again: unpacked here too."],
    [undefined, twice, "It is gzip again: unpacked here too."],
    [undefined, deflateSync(JSON_TEXT), "it is zlib, though no content-encoding says so."],
  ]) {
    const body = await sent(coding, packed);
    assert.equal(shownText(body.views[0]), PRETTY, coding);
    assert.ok(words(body).includes(told), words(body));
  }
  const four = await sent(undefined, gzipSync(gzipSync(twice)));
  assert.equal(four.views[0].name, "Hex", "three times are enough");
});

test("what is cut off is shown as far as it goes", async () => {
  const packed = gzipSync(Buffer.from("hello world ".repeat(3_000))).subarray(0, 60);
  for (const coding of ["gzip", undefined]) {
    const { views, remarks } = await readBody({ headers: coding ? [["content-encoding", coding]] : [] }, new Uint8Array(packed));
    assert.match(shownText(views[0]), /^hello world hello/, coding);
    assert.deepEqual(remarks.map(({ tone, text }) => [tone, /s far as it goes: the packed data is damaged or cut off\./.test(text)]), [["warn", true]]);
  }
});

test("text that begins as zlib does is text", async () => {
  const { views, remarks } = await readBody({ headers: [] }, Buffer.from("x^2 + y^2"));
  assert.deepEqual([shownText(views[0]), remarks], ["x^2 + y^2", []]);
});

const MIB = 1024 * 1024;
const multipartOf = (parts) => Buffer.concat([...parts.flatMap((part) => [Buffer.from("--b\r\n\r\n"), part, Buffer.from("\r\n")]), Buffer.from("--b--")]);
const readParts = (parts) => readBody({ headers: [["content-type", "multipart/mixed; boundary=b"]] }, new Uint8Array(multipartOf(parts)));

test("what nobody declared and grows too large is said", async () => {
  const { views, remarks } = await readBody({ headers: [] }, new Uint8Array(gzipSync(Buffer.alloc(8 * MIB + 1, "a"))));
  assert.equal(views[0].name, "Hex");
  assert.deepEqual(remarks, [{ tone: "warn", text: "It is gzip, and not unpacked here: it grows beyond 8 MiB." }]);
});

test("all parts of a body are unpacked to 8 MiB together", async () => {
  const { views } = await readParts(Array.from({ length: 12 }, () => gzipSync(Buffer.alloc(MIB, "a"))));
  const { parts } = views[0];
  assert.deepEqual(parts.map(({ body }) => body.views[0].source?.text.length), [...Array(8).fill(MIB), ...Array(4).fill(undefined)]);
  for (const { body } of parts.slice(8)) assert.match(words(body), /^It is gzip, and not unpacked here: all that is unpacked of this body would grow beyond 8 MiB\.$/);
});

test("parts and their parts are a thousand together", async () => {
  const inner = multipartOf(Array.from({ length: 60 }, () => Buffer.from("x")));
  const { views } = await readBody(
    { headers: [["content-type", "multipart/mixed; boundary=outer"]] },
    new Uint8Array(Buffer.concat([...Array.from({ length: 20 }, () => Buffer.concat([Buffer.from("--outer\r\ncontent-type: multipart/mixed; boundary=b\r\n\r\n"), inner, Buffer.from("\r\n")])), Buffer.from("--outer--")])),
  );
  const { parts } = views[0];
  const counts = parts.map(({ body }) => body.views[0].parts?.length ?? 0);
  assert.deepEqual([parts.length + counts.reduce((sum, count) => sum + count), counts.at(-1)], [1_000, 0]);
  assert.match(words(parts.at(-1).body), /Its parts are not told apart: the body has 1000 of them before\./);
});

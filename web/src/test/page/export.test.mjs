import assert from "node:assert/strict";
import { test } from "node:test";
import { exportLines } from "../../main/page/export.js";

const nobody = () => {};
const captures = [1, 2, 3].map((seq) => ({ seq }));

test("everyLineIsOneWholeCapture", async () => {
  const api = {
    capture: async (hook, seq) => ({ kind: "ok", value: { seq, body: seq === 2 ? { size: 3 } : { size: 1, encoding: "utf-8", data: "=\n" } } }),
    body: async () => ({ kind: "ok", value: new Uint8Array([0, 255, 128]) }),
  };
  const { text } = await exportLines(api, {}, captures, nobody);
  const lines = text.trimEnd().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(lines.map(({ seq }) => seq), [1, 2, 3]);
  assert.deepEqual(lines[1].body, { size: 3, encoding: "base64", data: "AP+A" });
});

test("whatIsGoneMeanwhileIsLeftOut", async () => {
  const api = { capture: async (hook, seq) => (seq === 2 ? { kind: "unknown" } : { kind: "ok", value: { seq, body: { size: 0 } } }) };
  const { text } = await exportLines(api, {}, captures, nobody);
  assert.equal(text.trimEnd().split("\n").length, 2);
});

test("aFailureIsNoHalfExport", async () => {
  const api = { capture: async (hook, seq) => (seq === 2 ? { kind: "offline" } : { kind: "ok", value: { seq, body: { size: 0 } } }) };
  assert.deepEqual(await exportLines(api, {}, captures, nobody), { kind: "offline" });
});

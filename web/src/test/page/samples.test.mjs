import assert from "node:assert/strict";
import { test } from "node:test";
import { SAMPLES, sampleOf } from "../../main/page/samples.js";
import { checkSignature } from "../../main/page/signature.js";
import { detectScheme } from "../../main/page/schemes.js";

const NOW = Date.parse("2026-11-30T10:00:00.000Z");

for (const id of Object.keys(SAMPLES)) {
  test(`a sample of ${id} is signed as its sender signs`, async () => {
    const { body, headers } = await sampleOf(id, "whsec_a secret", NOW);
    const capture = { receivedAt: new Date(NOW).toISOString(), headers: Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]) };
    const bytes = new TextEncoder().encode(body);
    assert.equal(detectScheme(capture), id);
    assert.deepEqual((await checkSignature(id, capture, bytes, "whsec_a secret")).fits, true);
    assert.deepEqual((await checkSignature(id, capture, bytes, "whsec_another")).fits, false);
    assert.ok(!`${body}${JSON.stringify(headers)}`.includes("a secret"));
  });
}

test("samples of one sender differ", async () => {
  for (const id of Object.keys(SAMPLES)) assert.notEqual((await sampleOf(id, "s", NOW)).body, (await sampleOf(id, "s", NOW)).body);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { captureKey, captureLink, ownerLink } from "../../main/page/links.js";

const ID = "AQ".padEnd(44, "x");

test("keys of captures are those that the server makes", async () => {
  // ReaderKeysTest has these values too.
  const hook = { id: ID, viewKey: "6PQk4lncg5BiCYOu4hKb4O309qEo2wOtSAeATvG79Ws" };
  assert.equal(await captureKey(hook, 1), "uNdj3RgYiGtYVk701kRbVUkggsE0ieGCgCFfCSzbZsQ");
  assert.equal(await captureKey(hook, 4_294_967_297), "D0ugF1bj4-m7JUdULe_IzOdxN8Tr_AWgJjuOfqOPkmQ");
  assert.equal(await captureLink(hook, 1, "https://hooks.test"), `https://hooks.test/#/${ID}/1/uNdj3RgYiGtYVk701kRbVUkggsE0ieGCgCFfCSzbZsQ`);
});

test("without cryptography a link to a request is refused with the reason", async () => {
  const known = Object.getOwnPropertyDescriptor(globalThis, "crypto");
  // As browsers have it on a page opened over plain http from elsewhere.
  Object.defineProperty(globalThis, "crypto", { value: {}, configurable: true });
  try {
    const { unable } = await captureLink({ id: ID, viewKey: "k".repeat(43) }, 1, "http://hooks.test");
    assert.match(unable, /^Nothing was copied\. Browsers offer cryptography only to pages opened over https/);
    assert.match(await captureLink({ id: ID, viewKey: "k".repeat(43), only: 1 }, 1, "http://hooks.test"), /^http:/);
  } finally {
    Object.defineProperty(globalThis, "crypto", known);
  }
});

test("who was given one request passes on the same link", async () => {
  assert.equal(await captureLink({ id: ID, viewKey: "k".repeat(43), only: 17 }, 17, "https://hooks.test"), `https://hooks.test/#/${ID}/17/${"k".repeat(43)}`);
});

test("the owner's link carries both keys", () => {
  assert.equal(ownerLink({ id: ID, viewKey: "v".repeat(43), ownerKey: "o".repeat(43) }, "https://hooks.test"), `https://hooks.test/#/${ID}/${"v".repeat(43)}/${"o".repeat(43)}`);
});

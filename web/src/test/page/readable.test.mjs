import assert from "node:assert/strict";
import { test } from "node:test";
import { readableCookies, readableHead, readableHeaders, readableWords } from "../../main/page/readable.js";

const CAPTURE = {
  path: "/h/x/Sm\u00c3\u00b8r",
  query: "",
  event: null,
  headers: [["a", "1"], ["x-shop", "Sm\u00c3\u00b8r"], ["x-latin", "caf\u00e9"], ["x-shop", "plain"], ["x-shop", "\u00c3\u00a9"]],
  cookies: ["a=\u00c3\u00b8", "b=1"],
};
const READABLE = { ...CAPTURE, readable: { path: "/h/x/Smør", headers: [["x-shop", "Smør"], ["x-shop", "é"]], cookies: ["a=ø", "b=1"] } };

test("whatReadsOtherwiseIsShownAsItReads", () => {
  assert.equal(readableHead(READABLE).path, "/h/x/Smør");
  assert.deepEqual(readableHeaders(READABLE), [["a", "1"], ["x-shop", "Smør"], ["x-latin", "caf\u00e9"], ["x-shop", "plain"], ["x-shop", "é"]]);
  assert.deepEqual(readableCookies(READABLE), ["a=ø", "b=1"]);
  assert.match(readableWords(READABLE), /UTF-8.*: the path, 2 headers and the cookies\. The bytes are exact in Raw/);
});

test("whatReadsAsItIsKeptIsShownSo", () => {
  assert.equal(readableHead(CAPTURE).path, CAPTURE.path);
  assert.deepEqual(readableHeaders(CAPTURE), CAPTURE.headers);
  assert.deepEqual(readableCookies(CAPTURE), CAPTURE.cookies);
  assert.equal(readableWords(CAPTURE), undefined);
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateSync, gzipSync } from "node:zlib";
import { readBody } from "../../main/page/body.js";
import { copyable } from "../../main/page/copyable.js";
import { countPairs, formPairs } from "../../main/page/form.js";
import { hex } from "../../main/page/hex.js";
import { inlineBytes } from "../../main/page/inline.js";
import { mediaType } from "../../main/page/headers.js";
import { multipart } from "../../main/page/multipart.js";
import { shownText } from "./shown.mjs";
import { prettyXml } from "../../main/page/xml.js";
import { cpuSeconds } from "./cpu.mjs";

const bytes = (text) => new TextEncoder().encode(text);
const of = (...headers) => ({ headers });
const type = (value) => of(["content-type", value]);
const names = ({ views }) => views.map(({ name }) => name);
const words = ({ remarks }) => remarks.map(({ text }) => text).join(" ");

test("jsonIsPrettyFirst", async () => {
  const body = await readBody(type("application/vnd.api+json; charset=utf-8"), bytes('{"a":1}'));
  assert.deepEqual(names(body), ["Pretty", "As sent", "Hex"]);
  assert.equal(shownText(body.views[1]), '{"a":1}');
});

test("jsonIsFoundWithoutAType", async () => {
  assert.deepEqual(names(await readBody(of(), bytes("[1]"))), ["Pretty", "As sent", "Hex"]);
  assert.deepEqual(names(await readBody(type("text/html"), bytes("{not json"))), ["As sent", "Hex"]);
});

test("brokenJsonIsMarkedAndExplained", async () => {
  const body = await readBody(type("application/json"), bytes('{"a":NaN}'));
  assert.deepEqual(names(body), ["Marked", "As sent", "Hex"]);
  assert.match(words(body), /line 1, column 6.*NaN/);
});

test("deepJsonIsReadToItsEnd", async () => {
  const open = await readBody(type("application/json"), bytes("[".repeat(20_000)));
  assert.match(words(open), /line 1, column 20001: The text ends inside an array/);
  const closed = await readBody(type("application/json"), bytes("[".repeat(20_000) + "]".repeat(20_000)));
  assert.deepEqual(names(closed), ["Pretty", "As sent", "Hex"]);
  assert.equal(closed.views[0].json.starts.length, 39_999);
});

test("gzipAndDeflateAreUnpacked", async () => {
  for (const [coding, pack] of [["gzip", gzipSync], ["deflate", deflateSync]]) {
    const body = await readBody(of(["content-type", "application/json"], ["content-encoding", coding]), new Uint8Array(pack('{"a":1}')));
    assert.equal(shownText(body.views[1]), '{"a":1}', coding);
    assert.match(words(body), /Unpacked here/);
  }
});

test("aBombIsNotUnpacked", async () => {
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
  const body = await readBody(of(["content-encoding", "gzip"]), new Uint8Array(bomb));
  assert.deepEqual(names(body), ["Hex"]);
  assert.match(words(body), /beyond 8 MiB/);
});

test("damagedGzipIsSaid", async () => {
  const damaged = new Uint8Array([...gzipSync("x").subarray(0, 10), 255, 255, 255]);
  const body = await readBody(of(["content-encoding", "gzip"]), damaged);
  assert.deepEqual([names(body), /damaged/.test(words(body))], [["Hex"], true]);
});

test("binaryIsHexFirst", async () => {
  const body = await readBody(type("application/octet-stream"), new Uint8Array([0xff, 0xfe, 0xc0]));
  assert.deepEqual(names(body), ["Hex", "Latin-1"]);
  assert.deepEqual(names(await readBody(of(), new Uint8Array([0])))[0], "Hex");
});

test("theCharsetIsHonoured", async () => {
  const body = await readBody(type("text/plain; charset=iso-8859-1"), new Uint8Array([0x63, 0xe9]));
  assert.equal(shownText(body.views[0]), "cé");
  assert.equal(shownText((await readBody(type("text/plain; charset=utf-16le"), new Uint8Array([0x41, 0, 0x42, 0]))).views[0]), "AB");
  assert.match(words(await readBody(type("text/html;charset=<script>"), bytes("x"))), /“<script>” is unknown/);
});

test("formPairsKeepOrderAndRepeats", () => {
  assert.deepEqual(formPairs("a=1&a=2&%zz&b=%00&=&c&d=x+y%2B"), [
    ["a", "1"],
    ["a", "2"],
    ["%zz", ""],
    ["b", "\0"],
    ["", ""],
    ["c", ""],
    ["d", "x y+"],
  ]);
});

test("multipartIsCutExactly", () => {
  const body = Buffer.concat([
    Buffer.from('preamble\r\n--XyZ\r\nContent-Disposition: form-data; name="né"\r\n\r\nHello\r\n'),
    Buffer.from('--XyZ\r\nContent-Disposition: form-data; name="f"; filename="\\"><img src=x onerror=alert(1)>"\r\nContent-Type: image/png\r\n\r\n'),
    Buffer.from([0, 13, 10, 45, 45, 255]),
    Buffer.from("\r\n--XyZ--\r\nepilogue"),
  ]);
  const { parts } = multipart(new Uint8Array(body), "XyZ");
  assert.deepEqual(parts.map((part) => [part.name, part.type, [...part.bytes].length]), [
    ["né", undefined, 5],
    ["f", "image/png", 6],
  ]);
  assert.deepEqual([...parts[1].bytes], [0, 13, 10, 45, 45, 255]);
});

test("brokenMultipartIsNoMultipart", async () => {
  for (const text of ["", "--XyZ", "nothing"]) assert.ok(multipart(bytes(text), "XyZ").problem, text);
  assert.match(words(await readBody(type("multipart/form-data"), bytes("x"))), /could not be told apart/);
});

test("xmlIsIndentedAsText", () => {
  assert.equal(
    prettyXml('<?xml version="1.0"?><a x="1>2"><b>t</b><c/><!-- n --><d><e>1</e></d><f></f></a>'),
    '<?xml version="1.0"?>\n<a x="1>2">\n  <b>t</b>\n  <c/>\n  <!-- n -->\n  <d>\n    <e>1</e>\n  </d>\n  <f></f>\n</a>',
  );
  for (const broken of ["<a>", "</a>", "<a", "<!--", "<a><b></a>x</b></c>"]) assert.equal(prettyXml(broken), undefined, broken);
});

test("aFormOfManyPairsIsReadInPart", async () => {
  const body = await readBody(type("application/x-www-form-urlencoded"), bytes("a&".repeat(2_000_000)));
  assert.equal(body.views[0].pairs.length, 2_000);
  assert.equal(body.views[0].count, 2_000_000);
  assert.equal(countPairs("&&a&b=&&c&"), 3);
  assert.equal(formPairs("a&".repeat(2_000)).length, 2_000);
});

test("multipartStopsAtAThousandParts", async () => {
  const of = (count) => bytes(`${"--b\r\n\r\nx\r\n".repeat(count)}--b--`);
  assert.deepEqual([multipart(of(1_000), "b").parts.length, multipart(of(1_000), "b").more], [1_000, false]);
  assert.deepEqual([multipart(of(1_001), "b").parts.length, multipart(of(1_001), "b").more], [1_000, true]);
  assert.match(words(await readBody(type("multipart/mixed; boundary=b"), of(1_001))), /more than 1000 parts/);
  assert.match(multipart(bytes(`--${"b".repeat(71)}\r\n\r\nx\r\n--${"b".repeat(71)}--`), "b".repeat(71)).problem, /longer than 70/, "RFC 2046 allows 70");
});

test("aPartWithoutABlankLineIsNotLookedForBeyondIt", () => {
  const timeOf = (count) => cpuSeconds(() => multipart(bytes(`${"--b\r\nx\r\n".repeat(count)}${"y".repeat(count * 1_000)}--b--`), "b"));
  timeOf(500);
  // Twice the parts and twice the bytes behind them: four times the work, if each part looks through all of them.
  const [one, twice] = [timeOf(400), timeOf(800)];
  assert.ok(twice < 3.5 * one + 0.05, `${one} s, ${twice} s`);
  const { parts } = multipart(bytes("--b\r\na: 1\r\n--b\r\n\r\nbody\r\n--b--"), "b");
  assert.deepEqual(parts.map((part) => [part.headers.length, Buffer.from(part.bytes).toString()]), [[0, "a: 1"], [0, "body"]]);
});

test("indentedXmlIsBounded", () => {
  const deep = (depth) => "<a>".repeat(depth) + "</a>".repeat(depth);
  assert.match(prettyXml(deep(30)), /\n {40}<a>\n {40}<a>/);
  assert.doesNotMatch(prettyXml(deep(30)), / {41}/);
  assert.equal(prettyXml(deep(290_000)), undefined, "as sent, it would be three times as long");
});

test("hostileXmlEndsSoon", () => {
  const used = cpuSeconds(() => {
    for (const piece of ["<", "<!--", "<a '", "<a>", "<![CDATA["]) prettyXml(piece.repeat(200_000));
  });
  assert.ok(used < 5);
});

test("hexHasSixteenBytesARow", () => {
  assert.equal(
    hex(new Uint8Array([0, 0x41, 0x7f, 0xff, 1, 2, 3, 4, 5])),
    `00000000  00 41 7f ff 01 02 03 04  05${" ".repeat(23)}·A·······`,
  );
  assert.equal(hex(new Uint8Array(40)).split("\n").length, 3);
});

test("inlineBytesAreExact", () => {
  assert.deepEqual([...inlineBytes({ size: 3, encoding: "base64", data: "AP+A" })], [0, 255, 128]);
  assert.deepEqual([...inlineBytes({ size: 2, encoding: "utf-8", data: "é" })], [0xc3, 0xa9]);
  assert.equal(inlineBytes({ size: 300_000 }), undefined);
  assert.equal(inlineBytes({ size: 0 }).length, 0);
});

test("theClipboardNeverGetsReplacedCharacters", () => {
  assert.deepEqual(copyable(bytes("é")), { text: "é" });
  assert.equal(copyable(new Uint8Array([255])).text, "/w==");
});

test("mediaTypesAreReadLeniently", () => {
  assert.deepEqual(mediaType('Multipart/Form-Data; boundary="a;b"; Charset=UTF-8').type, "multipart/form-data");
  assert.equal(mediaType("text/plain; charset=UTF-8; charset=x").parameters.charset, "UTF-8");
  assert.deepEqual(mediaType(undefined), { type: "", parameters: {} });
});

test("prototypeKeysDoNothing", async () => {
  await readBody(type("application/json"), bytes('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'));
  assert.deepEqual(mediaType("a/b; __proto__=x").type, "a/b");
  assert.equal({}.polluted, undefined);
});

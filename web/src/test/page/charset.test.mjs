// Text in its own encoding: what bytes say of themselves, what was said of them, and what a few bad ones spoil.

import assert from "node:assert/strict";
import { test } from "node:test";
import { readBody } from "../../main/page/body.js";
import { decodedButFew, labelled, textOf } from "../../main/page/charset.js";
import { readPairs } from "../../main/page/form.js";
import { encodedWords, mediaType } from "../../main/page/headers.js";
import { shownText } from "./shown.mjs";
import { cpuSeconds } from "./cpu.mjs";

const bytes = (text, encoding = "utf8") => new Uint8Array(Buffer.from(text, encoding));
const wide = (text) => new Uint8Array(Buffer.from(text, "utf16le"));
const swapped = (text) => new Uint8Array(Buffer.from(text, "utf16le").swap16());
const type = (value) => ({ headers: [["content-type", value]] });
const FORM = "application/x-www-form-urlencoded";
const pairsOf = async (text, encoding, declared = FORM) => (await readBody(type(declared), bytes(text, encoding))).views.find(({ pairs }) => pairs).pairs;

test("UTF-16 without a mark is known by its zeros, whatever was declared", async () => {
  for (const written of [wide, swapped]) {
    for (const declared of ["application/json", "application/json; charset=utf-8", "application/json; charset=utf-16"]) {
      const body = await readBody(type(declared), written('{"name":"José"}'));
      assert.equal(shownText(body.views[0]), '{\n  "name": "José"\n}', `${written.name} as ${declared}`);
    }
  }
  assert.match(textOf(swapped('<?xml version="1.0"?><a/>')).remark, /UTF-16BE, by its zeros/);
  for (const none of [[0, 1, 0, 2], [1, 0, 2, 0], [65, 0, 66], [65, 0, 0, 66], [0, 0, 0, 0]]) assert.notEqual(textOf(new Uint8Array(none)).charset?.slice(0, 6), "utf-16", none.join());
});

test("a charset is known by the names that senders give it", () => {
  assert.deepEqual(["'gb2312'", '"EUC-KR"', " cp932 ", "CP949", "ms950", "utf8mb4"].map(labelled), ["gbk", "euc-kr", "shift_jis", "euc-kr", "big5", "utf-8"]);
  for (const none of ["", "klingon", "constructor", "utf-7"]) assert.equal(labelled(none), undefined, none);
});

test("a text that is called Latin-1 and is UTF-8 is read as UTF-8, and said to be", () => {
  for (const name of ["iso-8859-1", "us-ascii", "windows-1252"]) {
    assert.deepEqual(textOf(bytes("häß"), name), { text: "häß", charset: "utf-8", remark: `Called ${name} by the request, but its bytes are UTF-8.` });
  }
  assert.equal(textOf(bytes("häß", "latin1"), "iso-8859-1").text, "häß");
});

test("what documents say of themselves is read in any case, and of HTML too", () => {
  const koreanLetter = (before) => new Uint8Array([...bytes(before), 0xb0, 0xa1]);
  assert.equal(textOf(koreanLetter("\n<?XML VERSION='1.0' ENCODING = 'EUC-KR'?>")).text.at(-1), "가");
  assert.equal(textOf(koreanLetter('<!DOCTYPE html><html><head><meta charset="euc-kr">')).text.at(-1), "가");
  assert.equal(textOf(koreanLetter('<html><meta http-equiv="Content-Type" content="text/html; charset=euc-kr">')).text.at(-1), "가");
  assert.equal(textOf(koreanLetter("A text about <meta charset=euc-kr> ")).charset, "windows-1252");
});

test("UTF-8 with a bad byte is called so where it was declared", () => {
  assert.deepEqual(textOf(new Uint8Array([...bytes("Zürich – grüßt "), 0xe9]), "utf-8"), { text: "Zürich – grüßt é", charset: "utf-8", remark: "Read as UTF-8; one place is no UTF-8 and is read as Latin-1." });
  assert.match(textOf(bytes("Ørsted", "latin1"), "utf-8").remark, /^Not valid UTF-8, as the request calls it; read as Latin-1\.$/);
});

test("a document that calls itself Latin-1 and is UTF-8 is read as UTF-8, and said to be", () => {
  const xml = '<?xml version="1.0" encoding="ISO-8859-1"?><a>grün</a>';
  assert.deepEqual(textOf(bytes(xml)), { text: xml, charset: "utf-8", remark: "Called ISO-8859-1 by its XML declaration, but its bytes are UTF-8." });
  const html = '<meta charset="windows-1252">grün';
  assert.deepEqual(textOf(bytes(html)), { text: html, charset: "utf-8", remark: "Called windows-1252 by its meta element, but its bytes are UTF-8." });
  assert.equal(textOf(bytes(xml, "latin1")).text, xml);
});

test("a charset with states is not gone on with after a bad byte", () => {
  const kanji = [0x1b, 0x24, 0x42, 0x46, 0x7c, 0x4b, 0x5c];
  const japanese = new Uint8Array([...kanji, 0xff, 0x38, 0x6c, 0x1b, 0x28, 0x42]);
  assert.equal(textOf(new Uint8Array(kanji), "iso-2022-jp").text, "日本");
  assert.equal(decodedButFew(japanese, "iso-2022-jp"), undefined);
});

test("a few bytes that are no text spoil nothing but themselves", () => {
  assert.deepEqual(textOf(new Uint8Array([...bytes("Zürich – grüßt "), 0xe9])), { text: "Zürich – grüßt é", charset: "utf-8", remark: "Read as UTF-8; one place is no UTF-8 and is read as Latin-1." });
  assert.equal(textOf(bytes("Zürich", "utf8").subarray(0, 2)).charset, "windows-1252");
  const cut = new Uint8Array([0xc4, 0xe3, 0xba, 0xc3, 0xc4]);
  assert.deepEqual([textOf(cut, "gbk").text, textOf(cut, "gbk").charset], ["你好Ä", "gbk"]);
  assert.equal(decodedButFew(new Uint8Array([0xb0, 0x20, 0xb0, 0xa1, 0x20, 0xb0, 0xa1]), "euc-kr").text, "° 가 가");
  // A French text has a few letters that could be UTF-8 by chance, and more that cannot.
  assert.equal(textOf(bytes("« CAFÉ » et « THÉ», déjà", "latin1")).charset, "windows-1252");
  const long = new Uint8Array([...bytes("日本語 ".repeat(30_000)), 0xe9, ...bytes("日本")]);
  assert.equal(decodedButFew(long, "utf-8").text, `${"日本語 ".repeat(30_000)}é日本`);
});

test("one bad escape spoils one character, also in the middle and at the end", () => {
  const values = (text, ...more) => readPairs(text, ...more).pairs.map(([, value]) => value);
  assert.deepEqual(values("a=Z%C3%BCrich+%E9%C3%A9&b=%E2%82%AC%&c=%E2%82%AC%C3&d=%4"), ["Zürich éé", "€%", "€Ã", "%4"]);
  assert.deepEqual(values("a=%B0%A1%B0+%B0%A1", "euc-kr"), ["가° 가"]);
});

test("the bytes of a form are read in its charset, escaped or not", async () => {
  assert.deepEqual(await pairsOf("charset=windows-1251&a=\u00cf&b=%CF", "latin1"), [["charset", "windows-1251"], ["a", "П"], ["b", "П"]]);
  assert.deepEqual(await pairsOf("_CHARSET_=windows%2D1251&a=%CF"), [["_CHARSET_", "windows-1251"], ["a", "П"]]);
  assert.deepEqual((await pairsOf('charsets={"to":"iso-8859-2","x":1}&to=%B1&x=1'))[1], ["to", "ą"]);
  assert.deepEqual(await pairsOf("a=\u00fcber&b=%C3%BC"), [["a", "über"], ["b", "ü"]]);
  assert.deepEqual(await pairsOf("\ufeffa=ü&b=%C3%BC"), [["\ufeffa", "ü"], ["b", "ü"]]);
  assert.deepEqual(await pairsOf("a=ü&b=1", "utf16le", `${FORM}; charset=utf-16le`), [["a", "ü"], ["b", "1"]]);
  assert.deepEqual(readPairs("q=\u00c3\u00bc&r=\u00fc", undefined, undefined, { areBytes: true }).pairs, [["q", "ü"], ["r", "ü"]]);
});

test("what a form says of its charset is said once", async () => {
  const said = async (text) => (await readBody(type(FORM), bytes(text, "latin1"))).remarks.map(({ text: words }) => words);
  for (const text of ["charset=windows-1251&a=\u00cf", "charset=windows-1251&a=%CF"]) assert.deepEqual(await said(text), ["Escapes are read as windows-1251, as the form says."], text);
});

test("parameters in pieces and encoded words of mail are read", () => {
  const name = (value) => mediaType(`attachment; ${value}`).parameters.filename;
  assert.equal(name("filename*0*=UTF-8''na%C3%AF; filename*1*=ve%20; filename*2=\"plan;1.txt\""), "naïve plan;1.txt");
  assert.equal(name('filename*1="name.txt"; filename*0="long "'), "long name.txt");
  assert.equal(name("filename*0*=iso-8859-1'en'%A3; filename*1*=%A3"), "££");
  assert.equal(name("filename*0*=UTF-8''%C3; filename*1*=%BC.txt"), "ü.txt");
  assert.equal(name('filename="=?UTF-8?B?w7xiZXIudHh0?="'), "über.txt");
  assert.equal(mediaType('multipart/mixed; boundary="=?utf-8?Q?a?="').parameters.boundary, "=?utf-8?Q?a?=");
  assert.equal(encodedWords("Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\n =?utf-8?q?_aus?= =?iso-8859-1*en?Q?_K=F6ln=5F?= :)"), "Subject: Grüße aus Köln_ :)");
  // A letter that is cut in two by the end of a word.
  assert.equal(encodedWords("=?utf-8?B?w7w=?= =?utf-8?B?w7w=?= =?utf-8?Q?=C3?= =?utf-8?Q?=BC?="), "üüü");
  for (const none of ["=?utf-8?Q?=FF?=", "=?klingon?Q?a?=", "=?utf-8?B?*?=", "=?utf-8?X?a?=", "a =? b"]) assert.equal(encodedWords(none), none);
});

test("encoded words may be as long as a body", () => {
  const long = "A".repeat(300_000);
  assert.equal(encodedWords(`=?utf-8?B?QUJD?= =?utf-8?Q?${long}?=`), `ABC${long}`);
});

test("a mail's header has its words in a view of their own", async () => {
  const { views } = await readBody(type("text/plain"), bytes("Subject: =?utf-8?B?R3LDvMOfZQ==?=\n"));
  assert.deepEqual(views.map((view) => [view.name, view.source?.text]), [["Characters", "Subject: Grüße\n"], ["As sent", "Subject: =?utf-8?B?R3LDvMOfZQ==?=\n"], ["Hex", undefined]]);
});

test("no text makes this slow", () => {
  const times = (work) => [cpuSeconds(() => work(100_000)), cpuSeconds(() => work(200_000))];
  const texts = {
    words: (size) => encodedWords("=?a?b?".repeat(size)),
    wordsWithSpaces: (size) => encodedWords(`${"=?utf-8?q?a?= ".repeat(size)}=?`),
    faults: (size) => textOf(new Uint8Array([...bytes("é\u00ff".repeat(size), "latin1")])),
    xml: (size) => textOf(bytes(`${" ".repeat(size)}<?xml ${"encoding ".repeat(size)}ÿ`, "latin1")),
    pieces: (size) => mediaType(`a${"; b*0*=x".repeat(size)}`),
  };
  for (const [name, work] of Object.entries(texts)) {
    work(1_000);
    const [one, two] = times(work);
    assert.ok(two < 3.5 * one + 0.05, `${name}: ${one} s, ${two} s`);
  }
});

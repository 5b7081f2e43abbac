// What others reported that they could not read, and what it should read as.

import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync, deflateRawSync } from "node:zlib";
import { readBody } from "../../main/page/body.js";
import { bodyName, partName } from "../../main/page/download.js";
import { csvRows } from "../../main/page/csv.js";
import { readPairs } from "../../main/page/form.js";
import { imageOf } from "../../main/page/image.js";
import { mediaType } from "../../main/page/headers.js";
import { JsonLines } from "../../main/page/lines.js";
import { multipart } from "../../main/page/multipart.js";
import { shownText } from "./shown.mjs";
import { cpuSeconds } from "./cpu.mjs";

const bytes = (text, encoding = "utf8") => new Uint8Array(Buffer.from(text, encoding));
const type = (value) => ({ headers: [["content-type", value]] });
const FORM = "application/x-www-form-urlencoded";
const view = ({ views }, name) => views.find((one) => one.name === name);
const words = ({ remarks }) => remarks.map(({ text }) => text).join(" ");

test("a form is read in the charset that a field of it names", async () => {
  const body = await readBody(type(FORM), bytes("charset=windows-1252&first_name=Mu%F1oz+Garc%EDa"));
  assert.deepEqual(view(body, "Form").pairs[1], ["first_name", "Muñoz García"]);
  assert.match(words(body), /windows-1252, as the form says/);
  assert.deepEqual(readPairs("a=%83A", "shift_jis").pairs, [["a", "ア"]]);
});

test("escapes that are not UTF-8 are read as Latin-1, with a remark", () => {
  const { pairs, remark } = readPairs("text=%E5ska+p%E5+v%E4g&x=%C3%A9");
  assert.deepEqual(pairs, [["text", "åska på väg"], ["x", "é"]]);
  assert.match(remark, /read as Latin-1/);
});

test("one bad escape spoils one character", () => {
  assert.deepEqual(readPairs("offer=50%+off%2C+today+only&a=%u010D&b=%zz+c&d=%").pairs, [
    ["offer", "50% off, today only"],
    ["a", "%u010D"],
    ["b", "%zz c"],
    ["d", "%"],
  ]);
});

test("JSON that is declared as a form is JSON first", async () => {
  const body = await readBody(type(FORM), bytes('{"order":5,"link":"https://x.test/?a=1&b=2"}'));
  assert.deepEqual(body.views.map(({ name }) => name), ["Pretty", "Form", "As sent", "Hex"]);
  assert.match(words(body), /Declared as a form, but it is JSON/);
  assert.equal((await readBody(type(FORM), bytes("{a=1&b=2"))).views[0].name, "Form");
});

test("JSON in a field, in a string, and text in base64 are shown beside", async () => {
  const slack = await readBody(type(FORM), bytes(`payload=${encodeURIComponent('{"type":"block_actions","n":12345678901234567890}')}`));
  assert.equal(shownText(view(slack, "Inside")), 'payload is JSON:\n{\n  "type": "block_actions",\n  "n": 12345678901234567890\n}');
  const sns = await readBody(type("text/plain"), bytes(JSON.stringify({ Message: '{"a":1}', "x/y": Buffer.from("Hello, base64 world!!").toString("base64") })));
  assert.equal(shownText(view(sns, "Inside")), '/Message is JSON:\n{\n  "a": 1\n}\n\n/x~1y is text in base64:\nHello, base64 world!!');
  assert.equal(view(await readBody(type("application/json"), bytes('{"id":"abcdefghijklmnopqrstuvwx","b":"plain"}')), "Inside"), undefined);
});

test("a token is taken apart, its times in words, and not verified", async () => {
  const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const token = `${part({ alg: "HS256" })}.${part({ sub: "ada", exp: 1795510867 })}.c2ln`;
  const text = shownText(view(await readBody(type("application/json"), bytes(JSON.stringify({ token }))), "Inside"));
  assert.match(text, /^\/token is a JWT, not verified:/);
  assert.match(text, /"sub": "ada"/);
  assert.match(text, /expires 2026-11-24T/);
});

test("escapes of JSON are characters in a view of their own", async () => {
  const body = await readBody(type("application/json"), bytes('{"day":"\\u65e5\\u672c","q":"\\u0022\\\\u65e5"}'));
  assert.equal(shownText(view(body, "Pretty")), '{\n  "day": "\\u65e5\\u672c",\n  "q": "\\u0022\\\\u65e5"\n}');
  assert.equal(shownText(view(body, "Characters")), '{\n  "day": "日本",\n  "q": "\\u0022\\\\u65e5"\n}');
});

test("bytes say what they are before their type does", async () => {
  const utf16 = new Uint8Array([0xff, 0xfe, ...Buffer.from('{"a":1}', "utf16le")]);
  assert.equal(shownText(view(await readBody(type("application/json; charset=utf-8"), utf16), "Pretty")), '{\n  "a": 1\n}');
  const soap = '<?xml version="1.0" encoding="ISO-8859-1"?><a><b>Jürgen</b></a>';
  const body = await readBody(type("application/soap+xml"), bytes(soap, "latin1"));
  assert.match(shownText(view(body, "Pretty")), /\n {2}<b>Jürgen<\/b>/);
  assert.match(words(body), /as its XML declaration says/);
});

test("text that is not UTF-8 is read as Latin-1 and said to be", async () => {
  const body = await readBody(type("text/plain"), bytes("Smørrebrød", "latin1"));
  assert.equal(shownText(body.views[0]), "Smørrebrød");
  assert.match(words(body), /read as Latin-1, which may be wrong/);
  assert.equal(shownText((await readBody(type("text/plain; charset=utf-8"), bytes("Ørsted", "latin1"))).views[0]), "Ørsted");
  assert.equal((await readBody(type("image/png"), new Uint8Array([0x89, 0x50, 0x4e, 0x47]))).views[0].name, "Hex");
});

test("gzip is known by its first bytes", async () => {
  const body = await readBody(type("application/octet-stream"), new Uint8Array(gzipSync('{"a":1}')));
  assert.equal(shownText(body.views[0]), '{\n  "a": 1\n}');
  assert.match(words(body), /gzip, though no content-encoding says so/);
  const raw = await readBody({ headers: [["content-encoding", "deflate"]] }, new Uint8Array(deflateRawSync("raw")));
  assert.equal(shownText(raw.views[0]), "raw");
  const broken = await readBody(type("application/octet-stream"), new Uint8Array([0x1f, 0x8b, 8, 0, 0]));
  assert.deepEqual([broken.views[0].name, words(broken).includes("Unpacked")], ["Hex", false]);
});

test("parameters of a header are quoted strings, escapes and extended values", () => {
  const name = (value) => mediaType(`form-data; name="f"; ${value}`).parameters.filename;
  assert.equal(name('filename="plan;v2.csv"'), "plan;v2.csv");
  assert.equal(name('filename="a \\"b\\".txt"'), 'a "b".txt');
  assert.equal(name('filename="C:\\temp\\new.txt"'), "C:\\temp\\new.txt");
  assert.equal(name("filename=\"x.txt\"; filename*=UTF-8''na%C3%AFve%3B.txt"), "naïve;.txt");
  assert.equal(name("filename=\"x.txt\"; filename*=UTF-8''%FF"), "x.txt");
  assert.equal(name("filename=bare.txt"), "bare.txt");
  assert.equal(mediaType('multipart/mixed; boundary="a;b=c"').parameters.boundary, "a;b=c");
});

const lines = (...all) => all.join("\r\n");

const partsOf = async (text, encoding) => view(await readBody(type("multipart/mixed; boundary=b"), bytes(text, encoding)), "Parts").parts;
const textOfPart = ({ body }) => shownText(body.views[0]);

test("parts may end their lines with LF", async () => {
  const [part] = await partsOf(lines("--b", 'Content-Disposition: form-data; name="a"', "", "one", "--b--").replaceAll("\r", ""));
  assert.deepEqual([part.name, textOfPart(part)], ["a", "one"]);
});

test("parts are told apart by what is there, where the boundary that is named is not, or none, or no type", async () => {
  const text = lines("--b", 'Content-Disposition: form-data; name="a"', "", "one", "--b--");
  for (const [declared, told] of [
    ["multipart/form-data; boundary=other", /The boundary that the request names is nowhere in its body; its parts are told apart/],
    ["multipart/form-data; boundary=--b", /nowhere in its body; its parts are told apart/],
    ["application/json", /Not declared as a form in parts, which it is/],
    ["", /Not declared as a form in parts, which it is/],
  ]) {
    const body = await readBody(type(declared), bytes(text));
    assert.deepEqual([view(body, "Parts")?.parts.map((part) => [part.name, textOfPart(part)]), told.test(words(body))], [[["a", "one"]], true], declared);
  }
  assert.match(words(await readBody(type("multipart/form-data; boundary=b"), bytes(text.replaceAll("\n", "")))), /its boundary stands in no line of its own/);
  assert.match(words(await readBody(type("multipart/form-data; boundary=b"), bytes("x --b\r\n"))), /its boundary never stands at the beginning of a line/);
  const related = lines("--b", "Content-Type: text/plain", "", "one", "--b--");
  assert.equal(view(await readBody(type('multipart/related; type="text/xml"; boundary=b'), bytes(related)), "Parts").parts.length, 1);
});

test("a part has the charset that the request or a part names for all, and says when it is not coded as it claims", async () => {
  const field = (name, value) => ["--b", `Content-Disposition: form-data; name="${name}"`, "", value];
  for (const name of ["charset", "_charset_"]) {
    assert.equal(textOfPart((await partsOf(lines(...field(name, "windows-1251"), ...field("a", "\u00cf"), "--b--"), "latin1"))[1]), "П");
  }
  const declared = await readBody(type("multipart/form-data; boundary=b; charset=windows-1251"), bytes(lines(...field("a", "\u00cf"), "--b--"), "latin1"));
  assert.equal(textOfPart(view(declared, "Parts").parts[0]), "П");
  const [broken] = await partsOf(lines("--b", "Content-Transfer-Encoding: base64", "", "SGVsb*8=", "--b--"));
  assert.deepEqual([textOfPart(broken), words(broken.body)], ["SGVsb*8=", "Called base64, which it is not: shown as sent."]);
});

test("a mail in a part is its head and what is below", async () => {
  const inner = lines("Subject: x", 'Content-Type: multipart/alternative; boundary="c"', "", "--c", "Content-Transfer-Encoding: quoted-printable", "", "gr=C3=BC=", "n", "--c--");
  const [mail] = await partsOf(lines("--b", "Content-Type: message/rfc822", "", inner, "--b--"));
  const [whole] = view(mail.body, "Parts").parts;
  assert.deepEqual(whole.headers[0], ["subject", "x"]);
  assert.equal(textOfPart(view(whole.body, "Parts").parts[0]), "grün");
});

test("no declared type shuts a better view out", async () => {
  const names = async (declared, text) => (await readBody(type(declared), bytes(text))).views.map(({ name }) => name).slice(0, -2);
  const said = async (declared, text) => words(await readBody(type(declared), bytes(text)));
  for (const declared of ["application/xml", "text/html", "application/octet-stream", ""]) assert.deepEqual(await names(declared, '{"a":1}'), ["Pretty"], declared);
  assert.equal(await said("application/xml", '{"a":1}'), "Declared as application/xml, but it is JSON.");
  assert.deepEqual(await names("application/json", "<a><b/></a>"), ["Pretty"]);
  assert.equal(await said("application/json", "<a><b/></a>"), "Declared as application/json, but it is XML.");
  assert.match(await said("application/json", "<a><b></a>"), /Not valid JSON, line 1, column 1/);
  for (const declared of ["text/plain", ""]) assert.deepEqual(await names(declared, "<a><b/></a>"), ["Pretty"], declared);
  assert.deepEqual(await names(FORM, "<a><b/></a>"), ["Pretty", "Form"]);
  for (const declared of ["application/json", "text/plain", ""]) assert.deepEqual(await names(declared, "a=1&payload=%7B%22b%22%3A1%7D"), ["Form", "Inside"], declared);
  for (const text of ["a=1", "1 & 2 = 3", "https://x.test/?a=1&b=2", "Dear A&B, x=1"]) assert.deepEqual(await names("text/plain", text), [], text);
});

test("values of JSON one after another are rows, each with its own places", async () => {
  for (const declared of ["application/x-ndjson", "application/json", "", FORM]) {
    const body = await readBody(type(declared), bytes('{"a":1}\r\n{"b":[1,2]}\n3\n'));
    assert.equal(shownText(view(body, "Values")), '{\n  "a": 1\n}\n{\n  "b": [\n    1,\n    2\n  ]\n}\n3', declared);
    assert.match(words(body), /3 values of JSON, one after another/);
  }
  const { source, json } = view(await readBody(type("application/x-ndjson"), bytes('{"a":1}\n{"b":[1,2]}')), "Values");
  const rows = new JsonLines(source.text, json);
  assert.deepEqual([1, 5, 6].map((row) => [rows.pointer(row), rows.value(row)]), [["/a", "1"], ["/b/0", "1"], ["/b/1", "2"]]);
  assert.match(words(await readBody(type("application/x-ndjson"), bytes('{"a":1}\n{"b":x}'))), /Not valid JSON, line 2, column 6/);
  assert.match(words(await readBody(type("application/json"), bytes('{"a":1}\n}'))), /line 2, column 1: There is more after the end/);
});

test("a boundary that is cut off, missing, or the beginning of another is said", async () => {
  const open = await readBody(type("multipart/form-data; boundary=b"), bytes(lines("--b", "", "one")));
  assert.equal(view(open, "Parts").parts.length, 1);
  assert.match(words(open), /The last boundary is missing/);
  const guessed = await readBody(type("multipart/form-data"), bytes(lines("--b", "", "one", "--b--")));
  assert.equal(view(guessed, "Parts").parts.length, 1);
  assert.match(words(guessed), /names no boundary; its parts are told apart by its first line/);
  assert.equal(textOfPart((await partsOf(lines("--b", "", "--bc", "one", "--b--")))[0]), "--bc\r\none");
});

test("a part is decoded, and read in its own charset or the one that a mail names", async () => {
  const coded = lines("--b", "Content-Transfer-Encoding: base64", "", "SGVs", "bG8=", "--b", "Content-Transfer-Encoding: quoted-printable", "", "caf=C3=A9 =", "au lait", "--b--");
  assert.deepEqual((await partsOf(coded)).map(textOfPart), ["Hello", "café au lait"]);
  const mail = lines("--b", 'Content-Disposition: form-data; name="charsets"', "", '{"text":"iso-8859-1"}', "--b", 'Content-Disposition: form-data; name="text"', "", "Grüße", "--b--");
  assert.equal(textOfPart((await partsOf(mail, "latin1"))[1]), "Grüße");
  const declared = lines("--b", "Content-Type: text/plain; charset=iso-2022-jp", "", "\u001b$B$\"\u001b(B", "--b--");
  assert.equal(textOfPart((await partsOf(declared, "latin1"))[0]), "あ");
});

test("a part is read as a body is, whatever its length: JSON, a form, parts in it, what is packed", async () => {
  const long = "x".repeat(200_000);
  const inner = lines("--c", "", "inside", "--c--");
  const packed = gzipSync('{"zipped":true}').toString("base64");
  const [text, json, form, nested, gzip] = await partsOf(
    lines("--b", "", long, "--b", "", '{"a":[1]}', "--b", `Content-Type: ${FORM}`, "", "a=%E9", "--b", "Content-Type: multipart/mixed; boundary=c", "", inner, "--b", "Content-Transfer-Encoding: base64", "", packed, "--b--"),
  );
  assert.equal(textOfPart(text), long);
  assert.equal(textOfPart(json), '{\n  "a": [\n    1\n  ]\n}');
  assert.deepEqual(form.body.views[0].pairs, [["a", "é"]]);
  assert.equal(textOfPart(nested.body.views[0].parts[0]), "inside");
  assert.equal(textOfPart(gzip), '{\n  "zipped": true\n}');
});

test("a part is saved under its own name, which no system runs", () => {
  assert.equal(partName("id", 1, "chart.png"), "id-part-1-chart.png");
  assert.equal(partName("id", 2, "../../evil.exe"), "id-part-2-evil.exe.bin");
  assert.equal(partName("id", 3, undefined), "id-part-3.bin");
  assert.equal(partName("id", 4, "C:\\Users\\ä b.TXT"), "id-part-4-__b.TXT");
  assert.equal(partName("id", 6, "", "application/json; charset=utf-8"), "id-part-6.json");
  assert.ok(partName("id", 5, `${"x".repeat(300)}.csv`).length < 100);
});

test("a body is saved by its type, if that is one that nothing runs", () => {
  assert.equal(bodyName("id", "application/vnd.api+json; charset=utf-8"), "id.json");
  assert.equal(bodyName("id", "image/png"), "id.png");
  for (const type of ["image/svg+xml", "text/html", "application/x-msdownload", undefined, "../json", "__proto__"]) assert.equal(bodyName("id", type), "id.bin", type);
});

test("nobody can make reading slow", () => {
  const used = cpuSeconds(() => {
    for (const piece of [";", "; ", '; a="', ";a", ';a=\\"', "; a*=x''%"]) mediaType(piece.repeat(20_000));
    for (const piece of ["%", "%E5", "a=%&", "&", "+%zz"]) readPairs(piece.repeat(200_000));
    for (const piece of ["\n--b", "--b\n", "\n--bc", "\r\n", " ", "="]) multipart(bytes(`--b\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${piece.repeat(300_000)}`), "b");
  });
  assert.ok(used < 5, `${used} s`);
});

test("a table is read with quotes, line ends in cells and any separator", () => {
  assert.deepEqual(csvRows('a,"b,1"\r\n"x ""y""","line\nbreak"\r\n').rows, [["a", "b,1"], ['x "y"', "line\nbreak"]]);
  assert.deepEqual(csvRows("\ufeffa;b\n1;2").rows, [["a", "b"], ["1", "2"]]);
  assert.deepEqual(csvRows("a\tb\n,\t").rows, [["a", "b"], [",", ""]]);
  for (const none of ["", "one column\n1", '"a,b']) assert.equal(csvRows(none), undefined, none);
  assert.deepEqual([csvRows("a,b\n".repeat(2_000)).more, csvRows("a,b\n".repeat(2_001)).more], [false, true]);
});

test("a table is read as programs write it", async () => {
  assert.deepEqual(csvRows("sep=;\r\na;b,c\r\n1;2").rows, [["a", "b,c"], ["1", "2"]]);
  assert.deepEqual(csvRows("a,b\r1,2\r").rows, [["a", "b"], ["1", "2"]]);
  assert.deepEqual(csvRows("a,b\n\n1,2\n\n").rows, [["a", "b"], ["1", "2"]]);
  assert.deepEqual(csvRows('a,b\n"x"y,2\n').rows, [["a", "b"], ["xy", "2"]]);
  for (const declared of ["application/csv", "text/x-csv", "application/vnd.ms-excel"]) assert.equal((await readBody(type(declared), bytes("a;b\n1;2"))).views[0].name, "Table", declared);
});

test("CSV is a table first, and as it was sent beside", async () => {
  const body = await readBody(type("text/csv; charset=utf-8"), bytes("id,name\n1,Ada\n"));
  assert.deepEqual(body.views.map(({ name }) => name), ["Table", "As sent", "Hex"]);
});

test("a picture is known by its bytes, whatever its type, and only one of points that is not too large", async () => {
  const png = (width, height) => new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, ...[width, height].flatMap((size) => [size >>> 24, (size >> 16) & 255, (size >> 8) & 255, size & 255])]);
  assert.deepEqual(imageOf(png(640, 480)), { type: "image/png", width: 640, height: 480 });
  assert.equal(imageOf(png(8_000, 5_000)).height, 5_000);
  assert.equal(imageOf(png(8_000, 5_001)), undefined);
  assert.deepEqual(imageOf(bytes("GIF89a\u0002\u0000\u0003\u0000")), { type: "image/gif", width: 2, height: 3 });
  assert.deepEqual(imageOf(new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 17, 8, 0, 9, 0, 7, 3, 0, 0])), { type: "image/jpeg", width: 7, height: 9 });
  assert.deepEqual(imageOf(bytes(`RIFF\u0000\u0000\u0000\u0000WEBPVP8X${"\u0000".repeat(8)}\u0001\u0000\u0000\u0002\u0000\u0000`)), { type: "image/webp", width: 2, height: 3 });
  for (const none of ["<svg xmlns='http://www.w3.org/2000/svg'/>", "", "GIF89a", "\u00ff\u00d8"]) assert.equal(imageOf(bytes(none, "latin1")), undefined, none);
  assert.deepEqual((await readBody(type("application/octet-stream"), png(1, 1))).views.map(({ name }) => name), ["Picture", "Hex"]);
});

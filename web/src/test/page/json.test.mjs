import assert from "node:assert/strict";
import { test } from "node:test";
import { prettyJson } from "../../main/page/json.js";
import { jsonRows } from "../../main/page/json-rows.js";
import { JsonLines } from "../../main/page/lines.js";
import { cpuSeconds } from "./cpu.mjs";

const linesOf = (source) => new JsonLines(source, jsonRows(source));
const kinds = (source) => {
  const lines = linesOf(source);
  const tokens = Array.from({ length: lines.count }, (_, row) => lines.tokens(row)).flat();
  return tokens.filter(({ kind }) => kind).map(({ kind, text }) => `${kind}:${text}`);
};

test("digitsAndEscapesStayAsSent", () => {
  const { text } = prettyJson('{"id":12345678901234567890,"x":1.0e+5,"s":"\\u00e9\\/"}');
  assert.equal(text, '{\n  "id": 12345678901234567890,\n  "x": 1.0e+5,\n  "s": "\\u00e9\\/"\n}');
});

test("kindsNameEveryToken", () => {
  assert.deepEqual(kinds('{"a":[1,"b",null]}'), ["key:\"a\"", "number:1", "string:\"b\"", "literal:null"]);
});

test("emptyContainersStayOnOneLine", () => {
  assert.equal(prettyJson('[ { } , [ ] ]').text, "[\n  {},\n  []\n]");
});

test("repeatedKeysAreKeptAndPointedAt", () => {
  const pretty = prettyJson('{"a":1,\n "\\u0061":2}');
  assert.equal(pretty.text, '{\n  "a": 1,\n  "\\u0061": 2\n}');
  assert.deepEqual(pretty.duplicates, [{ message: 'The key "\\u0061" is repeated.', line: 2, column: 2 }]);
});

test("theSameKeyInAnotherObjectIsNoRepeat", () => {
  assert.equal(prettyJson('[{"a":1},{"a":2,"b":{"a":3}}]').repeated, 0);
});

for (const [source, line, column] of [
  ["", 1, 1],
  ["{", 1, 2],
  ['{"a":1,}', 1, 8],
  ['{"a" 1}', 1, 6],
  ["[1,,2]", 1, 4],
  ["[1 2]", 1, 4],
  ["01", 1, 1],
  ["truex", 1, 1],
  ["{}\n{}", 2, 1],
  ['"open', 1, 1],
  ['["a\nb"]', 1, 4],
  ['{"a\nb":1}', 1, 4],
  ['["a\\x"]', 1, 4],
  ["[1.]", 1, 2],
  ["{'a':1}", 1, 2],
]) {
  test(`errorIsFoundIn ${JSON.stringify(source)}`, () => {
    const pretty = prettyJson(source);
    assert.equal(pretty.text, source);
    assert.deepEqual([pretty.error.line, pretty.error.column], [line, column]);
  });
}

test("whatNobodySeesIsNamedInAFault", () => {
  const message = (source) => prettyJson(source).error.message;
  assert.match(message('{\u00a0"a":1}'), /not U\+00A0, a no-break space/);
  assert.match(message("[\u200b1]"), /U\+200B, a zero width space/);
  assert.match(message("[\ufeff]"), /U\+FEFF, a byte order mark/);
  assert.match(message('{"message":"Fix\n the build"}'), /A line break stands inside a string/);
  assert.match(message('["\u0001"]'), /A control character stands inside a string: U\+0001/);
  assert.match(message('["\\x41"]'), /no escape of JSON: \\x/);
  assert.match(message('["open]'), /never ends/);
  assert.match(message("{“a”:1}"), /not “a”/);
});

test("whateverJsonParseTakesIsTakenAndMeansTheSame", () => {
  for (const source of ["0", "-0.5E-3", '"\\ud83d\\ude00"', " [ ] ", '{"":{"":[[],{}]}}', "[true,false,null]", '"\u2028"']) {
    assert.deepEqual(JSON.parse(prettyJson(source).text), JSON.parse(source), source);
  }
});

test("hostileSizesEndSoon", () => {
  const used = cpuSeconds(() => {
    assert.ok(prettyJson("[".repeat(200_000)).error);
    assert.ok(prettyJson("[".repeat(200_000) + "]".repeat(200_000)).tooLarge);
    assert.ok(prettyJson(`"${"\\\\".repeat(500_000)}`).error);
    assert.equal(prettyJson(`[${"0,".repeat(300_000)}0]`).error, undefined);
    const same = `{${'"a":0,'.repeat(100_000)}"a":0}`;
    assert.equal(prettyJson(same).repeated, 100_000);
  });
  assert.ok(used < 5);
});

test("aRowKnowsItsPathItsValueAndWhatIsAroundIt", () => {
  const source = '{"a" : 1 , "b":[ ],"c":[1,{"d/~":"x\\"y"} , null]}';
  const lines = linesOf(source);
  const rows = Array.from({ length: lines.count }, (_, row) => [lines.text(row), lines.pointer(row), lines.value(row)]);
  assert.deepEqual(rows, [
    ["{", "", source],
    ['"a": 1,', "/a", "1"],
    ['"b": [],', "/b", "[ ]"],
    ['"c": [', "/c", '[1,{"d/~":"x\\"y"} , null]'],
    ["1,", "/c/0", "1"],
    ["{", "/c/1", '{"d/~":"x\\"y"}'],
    ['"d/~": "x\\"y"', "/c/1/d~1~0", '"x\\"y"'],
    ["},", "/c/1", '{"d/~":"x\\"y"}'],
    ["null", "/c/2", "null"],
    ["]", "/c", '[1,{"d/~":"x\\"y"} , null]'],
    ["}", "", source],
  ]);
  assert.deepEqual([...lines.around(6)], [5, 3, 0]);
  assert.equal(lines.members(3), 3);
  for (let row = 0; row < lines.count; row += 1) assert.equal(lines.length(row), lines.text(row).length, `row ${row}`);
  assert.equal(lines.rowAt(source.indexOf("d/~")), 6);
});

test("a character that nobody sees is named where it stands, also within a value and before a colon", () => {
  const error = (text) => {
    const { line, column, message } = prettyJson(text).error;
    return `${line}:${column} ${message}`;
  };
  assert.equal(error('{"a":1\u200b0}'), "1:7 U+200B, a zero width space stands inside a value.");
  assert.equal(error('{"a":true\u2060}'), "1:10 U+2060, a word joiner stands inside a value.");
  assert.equal(error('{"a"\u00a0:1}'), '1:5 A colon is missing after the key "a", before U+00A0, a no-break space');
  assert.equal(error('{\u00adb:1}'), "1:2 A key in double quotes was expected, not [U+00AD, a soft hyphen]b");
  assert.equal(error('{\ue000"a":1}'), "1:2 A key in double quotes was expected, not U+E000");
  assert.equal(error('{"a":1}\u3000'), "1:8 There is more after the end of the value: U+3000, an ideographic space");
});

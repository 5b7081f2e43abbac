import assert from "node:assert/strict";
import { test } from "node:test";
import { product, qrCode } from "../../main/page/qr.js";

/** Read as a phone reads it, from what ISO/IEC 18004 says and by none of the page's own code but its field. */
const LEVELS_M = {
  // By version: codewords in all, blocks, corrections in each.
  1: [26, 1, 10],
  2: [44, 1, 16],
  3: [70, 1, 26],
  4: [100, 2, 18],
  5: [134, 2, 24],
  6: [172, 4, 16],
  7: [196, 4, 18],
  8: [242, 4, 22],
  9: [292, 5, 22],
  10: [346, 5, 26],
  11: [404, 5, 30],
  12: [466, 8, 22],
  13: [532, 9, 22],
  14: [581, 9, 24],
  15: [655, 10, 24],
  16: [733, 10, 28],
};
const ALIGNED = { 1: [], 2: [6, 18], 3: [6, 22], 4: [6, 26], 5: [6, 30], 6: [6, 34], 7: [6, 22, 38], 8: [6, 24, 42], 9: [6, 26, 46], 10: [6, 28, 50], 11: [6, 30, 54], 12: [6, 32, 58], 13: [6, 34, 62], 14: [6, 26, 46, 66], 15: [6, 26, 48, 70], 16: [6, 26, 50, 74] };
/** The format of level M for each mask, from the standard's table C.1. */
const FORMATS = [0x5412, 0x5125, 0x5e7c, 0x5b4b, 0x45f9, 0x40ce, 0x4f97, 0x4aa0];
const VERSIONS = { 7: 0x07c94, 8: 0x085bc, 9: 0x09a99, 10: 0x0a4d3, 11: 0x0bbf6, 12: 0x0c762, 13: 0x0d847, 14: 0x0e60d, 15: 0x0f928, 16: 0x10b78 };
const MASKS = [
  (i, j) => (i + j) % 2,
  (i) => i % 2,
  (i, j) => j % 3,
  (i, j) => (i + j) % 3,
  (i, j) => (Math.floor(i / 2) + Math.floor(j / 3)) % 2,
  (i, j) => ((i * j) % 2) + ((i * j) % 3),
  (i, j) => (((i * j) % 2) + ((i * j) % 3)) % 2,
  (i, j) => (((i + j) % 2) + ((i * j) % 3)) % 2,
];

function decode(modules) {
  const size = modules.length;
  const version = (size - 17) / 4;
  const at = (row, column) => Number(modules[row][column]);
  const bits = (places) => places.reduce((value, [row, column]) => 2 * value + at(row, column), 0);
  const format = bits([...[0, 1, 2, 3, 4, 5, 7, 8].map((column) => [8, column]), ...[7, 5, 4, 3, 2, 1, 0].map((row) => [row, 8])]);
  const again = bits([...[1, 2, 3, 4, 5, 6, 7].map((up) => [size - up, 8]), ...[8, 7, 6, 5, 4, 3, 2, 1].map((left) => [8, size - left])]);
  assert.equal(format, again);
  assert.ok(FORMATS.includes(format), format.toString(16));
  assert.equal(at(size - 8, 8), 1);
  if (version >= 7) {
    const six = [0, 1, 2, 3, 4, 5];
    const written = six.flatMap((row) => [0, 1, 2].map((column) => [row, size - 11 + column])).reverse();
    assert.equal(bits(written), VERSIONS[version]);
    assert.equal(bits(written.map(([row, column]) => [column, row])), VERSIONS[version]);
  }
  const isData = dataPlaces(size, version);
  const mask = MASKS[FORMATS.indexOf(format)];
  const read = [];
  let up = true;
  for (let column = size - 1; column > 0; column -= 2) {
    if (column === 6) column = 5;
    for (let step = 0; step < size; step += 1) {
      const row = up ? size - 1 - step : step;
      for (const here of [column, column - 1]) if (isData(row, here)) read.push(at(row, here) ^ Number(mask(row, here) === 0));
    }
    up = !up;
  }
  const [all, blocks, corrections] = LEVELS_M[version];
  const codewords = Array.from({ length: all }, (_, index) => Number.parseInt(read.slice(8 * index, 8 * index + 8).join(""), 2));
  return textOf(dataOf(codewords, blocks, corrections), version);
}

function dataPlaces(size, version) {
  const near = (row, column) => (row < 9 && column < 9) || (row < 9 && column >= size - 8) || (row >= size - 8 && column < 9);
  const ofVersion = (row, column) => version >= 7 && ((row < 6 && column >= size - 11) || (column < 6 && row >= size - 11));
  const centres = ALIGNED[version];
  const aligned = (row, column) =>
    centres.some((y) => centres.some((x) => Math.abs(row - y) <= 2 && Math.abs(column - x) <= 2 && !((x === 6 && y === 6) || (x === 6 && y === centres.at(-1)) || (y === 6 && x === centres.at(-1)))));
  return (row, column) => !near(row, column) && row !== 6 && column !== 6 && !ofVersion(row, column) && !aligned(row, column);
}

/** The blocks put together again, each of which its corrections have to fit. */
function dataOf(codewords, blocks, corrections) {
  const short = Math.floor(codewords.length / blocks) - corrections;
  const longer = codewords.length % blocks;
  const lengths = Array.from({ length: blocks }, (_, block) => short + (block >= blocks - longer ? 1 : 0));
  const parts = lengths.map(() => []);
  let next = 0;
  for (let at = 0; at <= short; at += 1) for (let block = 0; block < blocks; block += 1) if (at < lengths[block]) parts[block].push(codewords[next++]);
  const whole = parts.map((part) => [...part]);
  for (let at = 0; at < corrections; at += 1) for (const block of whole) block.push(codewords[next++]);
  for (const block of whole) {
    for (let root = 1, power = 0; power < corrections; power += 1, root = product(root, 2)) {
      assert.equal(block.reduce((sum, codeword) => product(sum, root) ^ codeword, 0), 0, "a syndrome");
    }
  }
  return parts.flat();
}

function textOf(data, version) {
  const bits = data.map((codeword) => codeword.toString(2).padStart(8, "0")).join("");
  assert.equal(bits.slice(0, 4), "0100");
  const lengthEnd = version < 10 ? 12 : 20;
  const length = Number.parseInt(bits.slice(4, lengthEnd), 2);
  const bytes = Uint8Array.from({ length }, (_, index) => Number.parseInt(bits.slice(lengthEnd + 8 * index, lengthEnd + 8 * index + 8), 2));
  assert.match(bits.slice(lengthEnd + 8 * length), /^0{0,11}(?:1110110000010001)*(?:11101100)?$/);
  return new TextDecoder().decode(bytes);
}

test("a code of any size is read back, and its corrections fit", () => {
  const versions = new Set();
  for (let length = 1; length <= 450; length += length < 20 ? 1 : 7) {
    const text = Array.from({ length }, (_, at) => String.fromCharCode(33 + ((at * 7 + length) % 90))).join("");
    const modules = qrCode(text);
    versions.add((modules.length - 17) / 4);
    assert.equal(decode(modules), text);
  }
  assert.deepEqual([...versions], Array.from({ length: 16 }, (_, index) => index + 1));
});

test("addresses of a hook are read back", () => {
  for (const text of [`https://hooks.example.com/h/${"AQ".padEnd(44, "x")}`, `http://127.0.0.1:8080/#/${"AQ".padEnd(44, "x")}/${"k".repeat(43)}`, "https://bücher.example/ß😀"]) assert.equal(decode(qrCode(text)), text);
});

test("what is too long for a code has none", () => {
  assert.notEqual(qrCode("x".repeat(450)), undefined);
  assert.equal(qrCode("x".repeat(451)), undefined);
});

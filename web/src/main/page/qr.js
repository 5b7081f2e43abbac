// A text as a QR code, as ISO/IEC 18004 has it: bytes, error correction M, versions 1 to 16. No DOM.

/** By version: bytes of error correction in a block, and how many blocks, at level M. */
const CORRECTION = [0, 10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28];
const BLOCKS = [0, 1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10];
const LATEST = 16;
/** Of level M, as the format bits name it. */
const LEVEL = 0;
/** What the codewords are filled up with. */
const PADDING = [0xec, 0x11];

/** Which modules a mask turns over. */
const MASKS = [
  (x, y) => (x + y) % 2 === 0,
  (x, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

/** Rows of modules, true where dark, without the quiet zone; undefined where the text is too long. */
export function qrCode(text) {
  const bytes = new TextEncoder().encode(text);
  const version = Array.from({ length: LATEST }, (_, index) => index + 1).find((each) => 4 + lengthBits(each) + 8 * bytes.length <= 8 * dataCodewords(each));
  if (version === undefined) return undefined;
  const frame = patterns(version);
  place(frame, interleaved(codewords(bytes, version), version));
  const masked = MASKS.map((mask, number) => finished(frame, mask, number));
  return masked.reduce((best, other) => (penalty(other) < penalty(best) ? other : best));
}

function lengthBits(version) {
  return version < 10 ? 8 : 16;
}

/** How many codewords there is room for, data and correction. */
function allCodewords(version) {
  const aligned = version < 2 ? 0 : Math.floor(version / 7) + 2;
  const modules = (16 * version + 128) * version + 64 - (aligned > 0 ? (25 * aligned - 10) * aligned - 55 : 0) - (version >= 7 ? 36 : 0);
  return Math.floor(modules / 8);
}

function dataCodewords(version) {
  return allCodewords(version) - CORRECTION[version] * BLOCKS[version];
}

function codewords(bytes, version) {
  const bits = [];
  const put = (value, length) => {
    for (let bit = length - 1; bit >= 0; bit -= 1) bits.push((value >> bit) & 1);
  };
  put(0b0100, 4);
  put(bytes.length, lengthBits(version));
  for (const byte of bytes) put(byte, 8);
  const room = 8 * dataCodewords(version);
  put(0, Math.min(4, room - bits.length));
  put(0, (8 - (bits.length % 8)) % 8);
  for (let index = 0; bits.length < room; index += 1) put(PADDING[index % 2], 8);
  return Array.from({ length: room / 8 }, (_, index) => bits.slice(8 * index, 8 * index + 8).reduce((value, bit) => 2 * value + bit, 0));
}

/** In blocks, each with its correction, of which the first codewords come first. */
function interleaved(data, version) {
  const blocks = BLOCKS[version];
  const short = Math.floor(data.length / blocks);
  const longer = blocks - (data.length % blocks);
  const parts = [];
  for (let index = 0, from = 0; index < blocks; index += 1) {
    const length = short + (index >= longer ? 1 : 0);
    parts.push(data.slice(from, from + length));
    from += length;
  }
  const corrections = parts.map((part) => remainder(part, divisor(CORRECTION[version])));
  const across = (lists) => Array.from({ length: Math.max(...lists.map(({ length }) => length)) }, (_, at) => lists.filter((list) => at < list.length).map((list) => list[at])).flat();
  return [...across(parts), ...across(corrections)];
}

/** In the field of 256 elements by 0x11d. */
export function product(one, other) {
  let result = 0;
  for (let bit = 7; bit >= 0; bit -= 1) {
    result = (result << 1) ^ ((result >> 7) * 0x11d);
    result ^= ((other >> bit) & 1) * one;
  }
  return result;
}

/** The coefficients of (x - 1)(x - 2)(x - 4) …, without the first, which is 1. */
function divisor(degree) {
  const result = Array(degree).fill(0);
  result[degree - 1] = 1;
  let root = 1;
  for (let step = 0; step < degree; step += 1) {
    for (let at = 0; at < degree; at += 1) result[at] = product(result[at], root) ^ (result[at + 1] ?? 0);
    root = product(root, 2);
  }
  return result;
}

function remainder(data, by) {
  const result = by.map(() => 0);
  for (const codeword of data) {
    const factor = codeword ^ result.shift();
    result.push(0);
    for (let at = 0; at < by.length; at += 1) result[at] ^= product(by[at], factor);
  }
  return result;
}

/** All that holds no data: `modules`, and which of them are `taken`. */
function patterns(version) {
  const size = 4 * version + 17;
  const modules = Array.from({ length: size }, () => Array(size).fill(false));
  const taken = Array.from({ length: size }, () => Array(size).fill(false));
  const set = (x, y, dark) => {
    if (x < 0 || y < 0 || x >= size || y >= size) return;
    modules[y][x] = dark;
    taken[y][x] = true;
  };
  for (let at = 0; at < size; at += 1) {
    set(at, 6, at % 2 === 0);
    set(6, at, at % 2 === 0);
  }
  for (const [left, top] of [[3, 3], [size - 4, 3], [3, size - 4]]) square(left, top, 4, (ring) => ring !== 2 && ring !== 4, set);
  const centres = alignment(version);
  const last = centres.length - 1;
  centres.forEach((x, column) =>
    centres.forEach((y, row) => {
      const atFinder = (column === 0 && row === 0) || (column === 0 && row === last) || (column === last && row === 0);
      if (!atFinder) square(x, y, 2, (ring) => ring !== 1, set);
    }),
  );
  // Room for the format, whose bits are known with the mask.
  for (const [x, y] of formatPlaces(size).flat()) set(x, y, false);
  set(8, size - 8, true);
  if (version >= 7) versionBits(version).forEach((dark, bit) => {
    set(size - 11 + (bit % 3), Math.floor(bit / 3), dark);
    set(Math.floor(bit / 3), size - 11 + (bit % 3), dark);
  });
  return { size, modules, taken };
}

function square(centreX, centreY, reach, isDark, set) {
  for (let y = -reach; y <= reach; y += 1) for (let x = -reach; x <= reach; x += 1) set(centreX + x, centreY + y, isDark(Math.max(Math.abs(x), Math.abs(y))));
}

/** Where squares stand, across and down. */
function alignment(version) {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = Math.ceil((4 * version + 4) / (2 * count - 2)) * 2;
  const last = 4 * version + 10;
  return [6, ...Array.from({ length: count - 1 }, (_, index) => last - step * (count - 2 - index))];
}

function versionBits(version) {
  const all = (version << 12) | bch(version, 12, 0x1f25);
  return Array.from({ length: 18 }, (_, bit) => ((all >> bit) & 1) === 1);
}

function bch(value, length, generator) {
  let rest = value;
  for (let step = 0; step < length; step += 1) rest = (rest << 1) ^ ((rest >> (length - 1)) * generator);
  return rest;
}

/** Twice the places of the 15 bits of the format, the lowest first. */
function formatPlaces(size) {
  const beside = (at) => (at < 6 ? [8, at] : at < 8 ? [8, at + 1] : at === 8 ? [7, 8] : [14 - at, 8]);
  const apart = (at) => (at < 8 ? [size - 1 - at, 8] : [8, size - 15 + at]);
  const bits = Array.from({ length: 15 }, (_, at) => at);
  return [bits.map(beside), bits.map(apart)];
}

/** Up and down in pairs of columns, from the right to the left. */
function place({ size, modules, taken }, data) {
  let bit = 0;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right -= 1;
    const up = ((right + 1) & 2) === 0;
    for (let step = 0; step < size; step += 1) {
      const y = up ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (taken[y][x] || bit >= 8 * data.length) continue;
        modules[y][x] = ((data[bit >> 3] >> (7 - (bit & 7))) & 1) === 1;
        bit += 1;
      }
    }
  }
}

function finished({ size, modules, taken }, mask, number) {
  const all = modules.map((row, y) => row.map((dark, x) => dark !== (!taken[y][x] && mask(x, y))));
  const value = (LEVEL << 3) | number;
  const format = ((value << 10) | bch(value, 10, 0x537)) ^ 0x5412;
  for (const places of formatPlaces(size)) places.forEach(([x, y], bit) => (all[y][x] = ((format >> bit) & 1) === 1));
  return all;
}

/** How hard it is to read: long runs, squares, what looks like a finder, and too much of one colour. */
function penalty(modules) {
  const size = modules.length;
  const lines = [...modules, ...modules.map((_, x) => modules.map((row) => row[x]))].map((line) => line.map(Number).join(""));
  let points = 0;
  for (const line of lines) {
    for (const [run] of line.matchAll(/0{5,}|1{5,}/g)) points += run.length - 2;
    points += 40 * ((line.match(/(?=00001011101)/g)?.length ?? 0) + (line.match(/(?=10111010000)/g)?.length ?? 0));
  }
  for (let y = 1; y < size; y += 1) for (let x = 1; x < size; x += 1) if (new Set([modules[y][x], modules[y - 1][x], modules[y][x - 1], modules[y - 1][x - 1]]).size === 1) points += 3;
  const dark = modules.flat().filter(Boolean).length;
  return points + 10 * Math.floor(Math.abs((100 * dark) / size ** 2 - 50) / 5);
}

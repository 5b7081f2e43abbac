// The differences between two captures, line by line. No DOM.

import { formPairs } from "./form.js";
import { pathTail } from "./text.js";

/** Beyond this many differing lines a shortest script is not worth its time: all old lines, then all new ones. */
const MOST_EDITS = 500;
/** And as many looks at a pair of lines: where all lines are alike, each of many ways leads past each of them. */
const MOST_LOOKS = 5_000_000;
/** Longer texts are not compared line by line. */
const MOST_LINES = 100_000;
const CONTEXT = 3;

/**
 * The lines of both texts as `{kind: "same"|"removed"|"added", text}`, with the fewest that differ (Myers' greedy
 * algorithm).
 */
export function diffLines(before, after) {
  const one = before === "" ? [] : before.split("\n");
  const two = after === "" ? [] : after.split("\n");
  let start = 0;
  while (start < one.length && start < two.length && one[start] === two[start]) start += 1;
  let end = 0;
  while (end < one.length - start && end < two.length - start && one.at(-1 - end) === two.at(-1 - end)) end += 1;
  const same = (text) => ({ kind: "same", text });
  return [
    ...one.slice(0, start).map(same),
    ...edits(one.slice(start, one.length - end), two.slice(start, two.length - end)),
    ...one.slice(one.length - end).map(same),
  ];
}

function edits(one, two) {
  const replaced = () => [...one.map((text) => ({ kind: "removed", text })), ...two.map((text) => ({ kind: "added", text }))];
  if (one.length === 0 || two.length === 0) return replaced();
  const most = Math.min(MOST_EDITS, one.length + two.length);
  // furthest[k]: how far into `one` a path gets that ends on diagonal k = x - y.
  let furthest = new Map([[1, 0]]);
  const trace = [];
  let looks = 0;
  for (let distance = 0; distance <= most; distance += 1) {
    trace.push(new Map(furthest));
    for (let k = -distance; k <= distance; k += 2) {
      const down = k === -distance || (k !== distance && (furthest.get(k - 1) ?? -1) < (furthest.get(k + 1) ?? -1));
      let x = down ? furthest.get(k + 1) : furthest.get(k - 1) + 1;
      let y = x - k;
      while (x < one.length && y < two.length && one[x] === two[y]) {
        x += 1;
        y += 1;
        looks += 1;
      }
      if (looks > MOST_LOOKS) return replaced();
      furthest.set(k, x);
      if (x >= one.length && y >= two.length) return walkBack(trace, one, two);
    }
  }
  return replaced();
}

function walkBack(trace, one, two) {
  const lines = [];
  let x = one.length;
  let y = two.length;
  for (let distance = trace.length - 1; distance >= 0; distance -= 1) {
    const furthest = trace[distance];
    const k = x - y;
    const down = k === -distance || (k !== distance && (furthest.get(k - 1) ?? -1) < (furthest.get(k + 1) ?? -1));
    const fromX = down ? furthest.get(k + 1) : furthest.get(k - 1);
    const fromY = fromX - (down ? k + 1 : k - 1);
    while (x > fromX && y > fromY && x > 0 && y > 0) {
      x -= 1;
      y -= 1;
      lines.push({ kind: "same", text: one[x] });
    }
    if (distance === 0) break;
    if (down) {
      y -= 1;
      lines.push({ kind: "added", text: two[y] });
    } else {
      x -= 1;
      lines.push({ kind: "removed", text: one[x] });
    }
  }
  return lines.reverse();
}

/** Leaves a few equal lines around each difference; a longer run of them becomes one `{kind: "skipped", count}`. */
export function shorten(lines) {
  const near = new Array(lines.length).fill(false);
  lines.forEach(({ kind }, index) => {
    if (kind === "same") return;
    for (let at = Math.max(0, index - CONTEXT); at <= Math.min(lines.length - 1, index + CONTEXT); at += 1) near[at] = true;
  });
  const short = [];
  for (const [index, line] of lines.entries()) {
    if (near[index]) short.push(line);
    else if (short.at(-1)?.kind === "skipped") short.at(-1).count += 1;
    else short.push({ kind: "skipped", count: 1 });
  }
  return short;
}

/**
 * The parts of two captures that can differ: `{name, lines}` each, shortened; `lines` is undefined where the bytes
 * differ but are no text or `tooLong` a one, and `reformatted` is set where only their re-indented text is the same. A side
 * is `{capture, bytes, text}`, `text` being the body as the page shows it best.
 */
export function compareCaptures(before, after) {
  const parts = [
    ["Request", (side) => `${side.capture.method} ${pathTail(side.capture.path)}`],
    ["Query", (side) => formPairs(side.capture.query ?? "").map((pair) => pair.join("=")).join("\n")],
    ["Headers", (side) => [...(side.capture.headers ?? [])].map(([name, value]) => `${name}: ${value}`).sort().join("\n")],
    ["Cookies", (side) => (side.capture.cookies ?? []).join("\n")],
  ].map(([name, textOf]) => ({ name, lines: shorten(diffLines(textOf(before), textOf(after))) }));
  if (before.capture.body.sha256 === after.capture.body.sha256) return [...parts, { name: "Body", lines: [] }];
  if (before.text === undefined || after.text === undefined) return [...parts, { name: "Body", lines: undefined }];
  const isLong = ({ text }) => text.split("\n", MOST_LINES + 1).length > MOST_LINES;
  if (isLong(before) || isLong(after)) return [...parts, { name: "Body", lines: undefined, tooLong: true }];
  const body = { name: "Body", lines: shorten(diffLines(before.text, after.text)) };
  return [...parts, { ...body, reformatted: isEqual(body) }];
}

/** Whether a part is the same on both sides, every byte of it. */
export function isEqual({ lines, reformatted }) {
  return !reformatted && lines !== undefined && lines.every(({ kind }) => kind === "same" || kind === "skipped");
}

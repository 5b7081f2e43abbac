// When the listed captures arrived: how many in each of so many spans of the same length. No DOM.

const MOST_BARS = 60;
/** Of fewer nothing is to be seen that the list does not show. */
const FEWEST = 12;
/** Spans are of a length that has a name. */
const LENGTHS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400].map((seconds) => seconds * 1_000);

/**
 * `{bars, length, most}` of captures, the newest first: each bar has its `start`, a `count`, and the number of its oldest
 * capture; `length` is that of a span in milliseconds. Undefined of few captures, or where all came at once.
 */
export function histogram(captures) {
  if (captures.length < FEWEST) return undefined;
  const times = captures.map(({ receivedAt }) => Date.parse(receivedAt));
  const first = times.reduce((one, other) => Math.min(one, other));
  const last = times.reduce((one, other) => Math.max(one, other));
  const length = LENGTHS.find((each) => (last - first) / each < MOST_BARS - 1) ?? LENGTHS.at(-1) * Math.ceil((last - first) / LENGTHS.at(-1) / (MOST_BARS - 2));
  const from = Math.floor(first / length) * length;
  const bars = Array.from({ length: Math.floor((last - from) / length) + 1 }, (_, index) => ({ start: from + index * length, count: 0, seq: undefined }));
  if (bars.length < 2) return undefined;
  for (const [index, time] of times.entries()) {
    const bar = bars[Math.floor((time - from) / length)];
    bar.count += 1;
    bar.seq = Math.min(bar.seq ?? Infinity, captures[index].seq);
  }
  return { bars, length, most: Math.max(...bars.map(({ count }) => count)) };
}

// Places of a word in a long text, looked for in pieces, so that nothing else has to wait. No DOM.

import { wordPattern } from "./match.js";

const AT_ONCE = 262_144;
const MOST_FOUND = 100_000;

/**
 * Where `word` stands in `text`, whatever its case: `{starts, lengths, more}`, `more` where there are others. Between two
 * pieces `pause` is awaited; undefined when it resolves to false.
 */
export async function findAll(text, word, pause) {
  const starts = [];
  const lengths = [];
  const pattern = wordPattern(word, "giu");
  // The case of a letter may change how many units it takes.
  const overlap = 2 * word.length;
  for (let from = 0; from < text.length; from += AT_ONCE) {
    if (from > 0 && !(await pause())) return undefined;
    const piece = text.slice(from, from + AT_ONCE + overlap);
    for (const { 0: found, index } of piece.matchAll(pattern)) {
      const start = from + index;
      if (index >= AT_ONCE || start < (starts.at(-1) ?? -1) + (lengths.at(-1) ?? 0)) continue;
      if (starts.length === MOST_FOUND) return { starts, lengths, more: true };
      starts.push(start);
      lengths.push(found.length);
    }
  }
  return { starts, lengths, more: false };
}

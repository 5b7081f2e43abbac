// A number in the filter, as "#217": a request to be opened, rather than a text to look for. No DOM.

/** The number that `filter` is and nothing else; undefined of any other. */
export function numberIn(filter) {
  const [, digits] = /^\s*#([1-9][0-9]{0,14})\s*$/.exec(filter) ?? [];
  return digits && Number(digits);
}

/** Whether a request of this number was ever received. */
export function isGiven(seq, { lastSeq, counts }) {
  return seq <= Math.max(lastSeq, counts?.stored ?? 0);
}

/** What Enter does with it. */
export function jumpWords(seq, feed) {
  return isGiven(seq, feed) ? `Enter opens #${seq}. In quotes it is a text to look for.` : `There is no #${seq} yet: the newest is #${Math.max(feed.lastSeq, feed.counts?.stored ?? 0)}.`;
}

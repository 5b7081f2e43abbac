// A span of time that the list is limited to, as it is chosen among the bars of the histogram. No DOM.

import { clock, count } from "./text.js";

/** Those of `captures` that arrived in the span `{from, to}`; all of them without one. */
export function within(captures, span) {
  return span ? captures.filter(({ receivedAt }) => isIn(Date.parse(receivedAt), span)) : captures;
}

function isIn(time, { from, to }) {
  return time >= from && time < to;
}

/** From the one to the other of two bars, both included. */
export function spanOf({ bars, length }, one, other) {
  return { from: bars[Math.min(one, other)].start, to: bars[Math.max(one, other)].start + length };
}

/** Which bar is there, at a part of the width between 0 and 1. */
export function barAt({ bars }, part) {
  return Math.min(bars.length - 1, Math.max(0, Math.floor(part * bars.length)));
}

/** Which bar has this time, or is the nearest to it. */
export function barOf({ bars, length }, time) {
  return Math.min(bars.length - 1, Math.max(0, Math.floor((time - bars[0].start) / length)));
}

/** How many arrived from the one bar to the other. */
export function countIn({ bars }, one, other) {
  return bars.slice(Math.min(one, other), Math.max(one, other) + 1).reduce((sum, bar) => sum + bar.count, 0);
}

/** "12:47:30 to 12:47:45" */
export function spanWords({ from, to }, now) {
  return `${clock(from, now)} to ${clock(to, now)}`;
}

/** What a bar, or several, are called where they are not seen. */
export function barWords(found, one, other, now) {
  return `${spanWords(spanOf(found, one, other), now)}, ${count(countIn(found, one, other), "request")}`;
}

/** Whether older requests would be shown in the list: not once it reaches back to the beginning of the span. */
export function goesOn({ feed: { captures, hasOlder }, span }) {
  return hasOlder && !(span && captures.length > 0 && Date.parse(captures.at(-1).receivedAt) < span.from);
}

/** Loads older requests until the list reaches back to the beginning of the span. */
export class SpanLoading {
  #asked;

  /** To be told of the model as often as it may have changed. What could not be loaded is asked for again with the next change. */
  follow(model) {
    const { feed, span, loadingOlder, actions } = model;
    if (!span || !goesOn(model) || loadingOlder || this.#asked === feed.captures) return;
    this.#asked = feed.captures;
    actions.loadOlder();
  }
}

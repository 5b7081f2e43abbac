// Notes and pins on requests. They are kept in this browser alone, and go when it deletes the request, learns that it was
// evicted, or forgets the hook. No DOM.

import { MARKS, browserStorage, forgetMarks } from "./hooks.js";

export const MOST_NOTE = 300;
/** Of one hook; the oldest others give way. */
const MOST_MARKS = 1_000;

/** What was read last, so that the same marks are the same object. */
let read = {};

/** By number, what is marked of a hook: `{note, pinned}`. The same object as long as nothing changes. */
export function marksOf(hookId, storage = browserStorage()) {
  const text = storage.getItem(MARKS + hookId);
  if (read.text !== text || read.hookId !== hookId) read = { hookId, text, marks: Object.freeze(parsed(text)) };
  return read.marks;
}

function parsed(text) {
  try {
    const marks = JSON.parse(text ?? "{}");
    return Object.fromEntries(
      Object.entries(marks)
        .filter(([seq, mark]) => /^[1-9]\d{0,15}$/.test(seq) && mark)
        .map(([seq, { note, pinned }]) => [seq, { note: typeof note === "string" ? note.slice(0, MOST_NOTE) : "", pinned: pinned === true }]),
    );
  } catch {
    return {};
  }
}

/** Changes what is marked of a request; whether the browser kept it. */
export function mark(hookId, seq, change, storage = browserStorage()) {
  const { [seq]: known, ...others } = marksOf(hookId, storage);
  const { note = "", pinned = false } = { ...known, ...change };
  const wanted = note || pinned ? { note: note.slice(0, MOST_NOTE), pinned } : undefined;
  // Numbers are in their order already.
  const kept = wanted ? { ...Object.fromEntries(Object.entries(others).slice(1 - MOST_MARKS)), [seq]: wanted } : others;
  if (!write(hookId, kept, storage)) return false;
  const found = marksOf(hookId, storage)[seq];
  return found?.note === wanted?.note && found?.pinned === wanted?.pinned;
}

/** Nothing up to this number is marked any more: those requests were evicted. */
export function forgetEvicted(hookId, evicted, storage = browserStorage()) {
  const marks = Object.entries(marksOf(hookId, storage));
  const kept = marks.filter(([seq]) => seq > evicted);
  if (kept.length < marks.length) write(hookId, Object.fromEntries(kept), storage);
}

/** Whether the browser did not refuse. */
function write(hookId, marks, storage) {
  if (Object.keys(marks).length === 0) {
    forgetMarks(hookId, storage);
    return true;
  }
  try {
    storage.setItem(MARKS + hookId, JSON.stringify(marks));
    return true;
  } catch {
    return false;
  }
}

// Notes and pins on requests. They are kept in this browser alone, and go when it forgets their hook. No DOM.

import { MARKS, browserStorage } from "./hooks.js";

export const MOST_NOTE = 300;
/** Of one hook; the oldest give way. */
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
  const { note = "", pinned = false } = { ...marksOf(hookId, storage)[seq], ...change };
  const { [seq]: _, ...others } = marksOf(hookId, storage);
  const all = note || pinned ? { ...others, [seq]: { note: note.slice(0, MOST_NOTE), pinned } } : others;
  // Numbers are in their order already.
  const kept = Object.fromEntries(Object.entries(all).slice(-MOST_MARKS));
  try {
    if (Object.keys(kept).length === 0) storage.removeItem(MARKS + hookId);
    else storage.setItem(MARKS + hookId, JSON.stringify(kept));
    return marksOf(hookId, storage)[seq]?.note === kept[seq]?.note;
  } catch {
    return false;
  }
}

/** Nothing of a hook is marked any more. */
export function forgetMarks(hookId, storage = browserStorage()) {
  try {
    storage.removeItem(MARKS + hookId);
  } catch {
    // Then nothing was kept.
  }
}

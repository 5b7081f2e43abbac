// The first words of the listed captures, fetched after their rows are drawn. No DOM.

import { MOST_BODY, previewOf, textOf } from "./preview.js";

/** What one call may bring, and how many rows of a list have words at all. */
const MOST_BYTES = 262_144;
const MOST_ROWS = 100;
const MOST_IN_ALL = 1_000;
/** Letters of bodies that are kept at hand, all together. */
const MOST_AT_HAND = 8_388_608;

export class Previews {
  #api;
  #changed;
  #hook;
  #captures = [];
  #found = new Map();
  /** By number, bodies that may be JSON. */
  #texts = new Map();
  #letters = 0;
  #running = false;

  /** Changes with what can be found. */
  version = 0;

  constructor({ api, changed }) {
    this.#api = api;
    this.#changed = changed;
  }

  /** `{event, words}`, or undefined where none are known. */
  find(seq) {
    return this.#found.get(seq);
  }

  /** Those of `captures` whose bodies are at hand and may be JSON, in their order: `{seq, kind, text}`, `kind` being their event. */
  jsonOf(captures) {
    return captures.flatMap(({ seq, event }) => (this.#texts.has(seq) ? [{ seq, kind: event || this.#found.get(seq)?.event || "", text: this.#texts.get(seq) }] : []));
  }

  /** Fetches what the newest of `captures` lack. Resolves when there is no more to do. */
  async follow(hook, captures) {
    if (hook.id !== this.#hook?.id) {
      this.#found = new Map();
      this.#texts = new Map();
      this.#letters = 0;
      this.version += 1;
    }
    this.#hook = hook;
    this.#captures = captures;
    if (this.#running) return;
    this.#running = true;
    try {
      for (;;) {
        const run = nextRun(this.#captures, this.#found);
        if (run === undefined || !(await this.#fetch(this.#hook, run))) return;
      }
    } finally {
      this.#running = false;
    }
  }

  async #fetch(hook, { first, count }) {
    const { kind, value } = await this.#api.captures(hook, { before: first + 1, limit: count, include: "body" });
    if (kind !== "ok") return false;
    // Another hook was opened meanwhile.
    if (hook.id !== this.#hook.id) return true;
    const last = value.captures.at(-1)?.seq ?? first;
    // What is gone meanwhile is not asked for again.
    for (let seq = first; seq >= last; seq -= 1) this.#found.set(seq, undefined);
    for (const capture of value.captures) {
      const text = textOf(capture);
      this.#found.set(capture.seq, previewOf(capture, text));
      this.#keep(capture.seq, text);
    }
    this.version += 1;
    this.#changed();
    return true;
  }

  /** The oldest go when all together are too long. */
  #keep(seq, text) {
    if (!/^\ufeff?\s*[[{]/.test(text ?? "")) return;
    this.#texts.set(seq, text);
    this.#letters += text.length;
    while (this.#letters > MOST_AT_HAND) {
      const oldest = Math.min(...this.#texts.keys());
      this.#letters -= this.#texts.get(oldest).length;
      this.#texts.delete(oldest);
    }
  }
}

/** The next captures to ask for, newest first, without those that are too long for a row. */
function nextRun(captures, found) {
  let run;
  let bytes = 0;
  for (const { seq, bodySize } of captures.slice(0, MOST_IN_ALL)) {
    const wanted = !found.has(seq) && bodySize > 0 && bodySize <= MOST_BODY;
    if (run === undefined) {
      if (!wanted) continue;
      run = { first: seq, count: 0 };
    }
    if (bodySize > MOST_BODY || bytes + bodySize > MOST_BYTES || run.count === MOST_ROWS || found.has(seq)) break;
    bytes += bodySize;
    run.count += 1;
  }
  return run;
}

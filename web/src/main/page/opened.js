// The requests that were opened, each with its bytes; what is loaded is kept for a while. No DOM.

import { inlineBytes } from "./inline.js";
import { Reader } from "./reader.js";

const REMEMBERED = 20;
/** Of their bytes, all together: what is read of a body takes some ten times as much. */
const MOST_BYTES = 12_582_912;

/**
 * One of them, as it gets known: `{seq, loading, capture, bytes, body}`, `body` being what readBody made of the bytes;
 * `failed` or `bodyFailed` is the outcome that ended it.
 */
export class OpenedCaptures {
  #api;
  #changed;
  #reader = new Reader();
  #opened = new Map();

  constructor({ api, changed }) {
    this.#api = api;
    this.#changed = changed;
  }

  find(hook, seq) {
    return this.#opened.get(`${hook.id}/${seq}`);
  }

  /** The capture with its bytes, as soon as all is there that can be had. */
  fetch(hook, seq) {
    const key = `${hook.id}/${seq}`;
    const known = this.#opened.get(key);
    this.#opened.delete(key);
    if (known && !known.failed) {
      this.#opened.set(key, known);
      return known.ready;
    }
    const opened = { seq, loading: true };
    this.#opened.set(key, opened);
    if (this.#opened.size > REMEMBERED) this.#opened.delete(this.#opened.keys().next().value);
    opened.ready = this.#load(hook, opened).then(() => {
      opened.loading = false;
      this.#forget(opened);
      this.#changed();
      return opened;
    });
    return opened.ready;
  }

  async #load(hook, opened) {
    const outcome = await this.#api.capture(hook, opened.seq);
    if (outcome.kind !== "ok") {
      opened.failed = outcome;
      return;
    }
    const capture = outcome.value;
    opened.capture = capture;
    if (capture.notes?.includes("body-too-large")) return;
    opened.bytes = inlineBytes(capture.body);
    if (opened.bytes === undefined) {
      this.#changed();
      const body = await this.#api.body(hook, opened.seq);
      if (body.kind !== "ok") {
        opened.bodyFailed = body;
        return;
      }
      opened.bytes = body.value;
    }
    opened.body = await this.#reader.read(capture, opened.bytes);
  }

  /** Lets the oldest go while all together are too long, but not the one that was opened last. */
  #forget(last) {
    const bytesOf = ({ bytes }) => bytes?.length ?? 0;
    let total = [...this.#opened.values()].reduce((sum, opened) => sum + bytesOf(opened), 0);
    for (const [key, opened] of this.#opened) {
      if (total <= MOST_BYTES) return;
      if (opened === last) continue;
      total -= bytesOf(opened);
      this.#opened.delete(key);
    }
  }
}

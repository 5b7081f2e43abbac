// The requests that were opened, each with its bytes; what is loaded is kept for a while. No DOM.

import { readBody } from "./body.js";
import { inlineBytes } from "./inline.js";

const REMEMBERED = 20;

/**
 * One of them, as it gets known: `{seq, loading, capture, bytes, body}`, `body` being what readBody made of the bytes;
 * `failed` or `bodyFailed` is the outcome that ended it.
 */
export class OpenedCaptures {
  #api;
  #changed;
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
      const body = await this.#api.body(hook, capture.id ?? opened.seq);
      if (body.kind !== "ok") {
        opened.bodyFailed = body;
        return;
      }
      opened.bytes = body.value;
    }
    opened.body = await readBody(capture, opened.bytes);
  }
}

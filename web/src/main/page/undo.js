// The requests that were deleted a moment ago: they have left the list, and the server is told of them when nobody can bring
// them back any more. No DOM.

import { count } from "./text.js";

const FOR = 6_000;

export class Undo {
  #changed;
  #clock;
  /** `{hook, seq, send, restore}` of each that can be brought back, the last one last. */
  #pending = [];
  #timer;
  #said = "";
  #whenLeft;
  #stay;

  /** `whenLeft` runs something as the page is hidden or closed, until what it returns is called. */
  constructor({ changed, clock = { setTimeout: (...call) => setTimeout(...call), clearTimeout: (timer) => clearTimeout(timer) }, whenLeft = whenPageIsLeft }) {
    this.#changed = changed;
    this.#clock = clock;
    this.#whenLeft = whenLeft;
  }

  /** `send` deletes it for good, `restore` puts it back. Others that can be brought back wait with it. */
  start(pending) {
    this.#pending.push(pending);
    this.#said = this.words;
    // A tab that is hidden may never be shown again.
    this.#stay ??= this.#whenLeft(() => this.finish());
    this.resume();
    this.#changed();
  }

  /** Brings back the last one. */
  undo() {
    const pending = this.#pending.pop();
    if (!pending) return;
    this.#said = `Request #${pending.seq} is back.`;
    if (this.#pending.length === 0) this.#rest();
    else this.resume();
    pending.restore();
    this.#changed();
  }

  /** Deletes all of them now. */
  finish() {
    const all = this.#pending;
    if (all.length === 0) return;
    this.#pending = [];
    this.#said = "";
    this.#rest();
    for (const { send } of all) send();
    this.#changed();
  }

  /** Nobody has to hurry who is on the way to the button. */
  pause() {
    this.#clock.clearTimeout(this.#timer);
  }

  resume() {
    this.pause();
    if (this.#pending.length > 0) this.#timer = this.#clock.setTimeout(() => this.finish(), FOR);
  }

  /** Whether the last one is of this hook. */
  isOf(hook) {
    return this.#pending.length > 0 && this.#pending.at(-1).hook.id === hook?.id;
  }

  /** What can be brought back. */
  get words() {
    if (this.#pending.length === 0) return "";
    return this.#pending.length === 1 ? `Request #${this.#pending[0].seq} is deleted.` : `${count(this.#pending.length, "request")} are deleted.`;
  }

  /** What happened last. */
  get said() {
    return this.#said;
  }

  #rest() {
    this.pause();
    this.#stay?.();
    this.#stay = undefined;
  }
}

function whenPageIsLeft(run) {
  const listening = new AbortController();
  const { signal } = listening;
  document.addEventListener("visibilitychange", () => document.hidden && run(), { signal });
  addEventListener("pagehide", run, { signal });
  return () => listening.abort();
}

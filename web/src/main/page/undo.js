// A request that was deleted a moment ago: it has left the list, and the server is told of it when nobody can bring it
// back any more. No DOM.

const FOR = 6_000;

export class Undo {
  #changed;
  #clock;
  /** `{hook, seq, send, restore}` of the request, as long as it can be brought back. */
  #pending;
  #timer;
  #said;
  #whenLeft;
  #stay;

  /** `whenLeft` runs something as the page is hidden or closed, until what it returns is called. */
  constructor({ changed, clock = { setTimeout: (...call) => setTimeout(...call), clearTimeout: (timer) => clearTimeout(timer) }, whenLeft = whenPageIsLeft }) {
    this.#changed = changed;
    this.#clock = clock;
    this.#whenLeft = whenLeft;
  }

  /** The number of the request that can be brought back. */
  get seq() {
    return this.#pending?.seq;
  }

  /** `send` deletes it for good, `restore` puts it back. The one before is not waited for any longer. */
  start(pending) {
    this.finish();
    this.#pending = pending;
    this.#said = `Request #${pending.seq} is deleted.`;
    // A tab that is hidden may never be shown again.
    this.#stay = this.#whenLeft(() => this.finish());
    this.resume();
    this.#changed();
  }

  undo() {
    const pending = this.#end();
    if (!pending) return;
    this.#said = `Request #${pending.seq} is back.`;
    pending.restore();
    this.#changed();
  }

  /** Deletes it now. */
  finish() {
    const pending = this.#end();
    if (!pending) return;
    this.#said = undefined;
    pending.send();
    this.#changed();
  }

  /** Nobody has to hurry who is on the way to the button. */
  pause() {
    this.#clock.clearTimeout(this.#timer);
  }

  resume() {
    this.pause();
    if (this.#pending) this.#timer = this.#clock.setTimeout(() => this.finish(), FOR);
  }

  /** Whether it is one of this hook's that can be brought back. */
  isOf(hook) {
    return this.#pending !== undefined && this.#pending.hook.id === hook?.id;
  }

  /** What is told of it. */
  get said() {
    return this.#said ?? "";
  }

  #end() {
    const pending = this.#pending;
    this.#pending = undefined;
    this.#clock.clearTimeout(this.#timer);
    this.#stay?.();
    return pending;
  }
}

function whenPageIsLeft(run) {
  const listening = new AbortController();
  const { signal } = listening;
  document.addEventListener("visibilitychange", () => document.hidden && run(), { signal });
  addEventListener("pagehide", run, { signal });
  return () => listening.abort();
}

// A request that was deleted a moment ago: it has left the list, and the server is told of it when nobody can bring it
// back any more.

import { html, nothing } from "./lit/lit-html.js";

const FOR = 6_000;

export class Undo {
  #changed;
  #clock;
  /** `{hook, seq, send, restore}` of the request, as long as it can be brought back. */
  #pending;
  #timer;
  #said;
  #hidden = () => document.hidden && this.finish();
  #closed = () => this.finish();

  constructor({ changed, clock = { setTimeout: (...call) => setTimeout(...call), clearTimeout: (timer) => clearTimeout(timer) } }) {
    this.#changed = changed;
    this.#clock = clock;
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
    document.addEventListener("visibilitychange", this.#hidden);
    addEventListener("pagehide", this.#closed);
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

  /** Always there, or a screen reader would not tell what comes into it. */
  show({ hook }) {
    const shown = this.#pending !== undefined && this.#pending.hook.id === hook?.id;
    return html`<div class="toast undo ${shown ? "shown" : ""}" @pointerenter=${() => this.pause()} @pointerleave=${() => this.resume()} @focusin=${() => this.pause()} @focusout=${() => this.resume()}>
      <span role="status">${this.#said ?? ""}</span>${shown
        ? html`<button type="button" class="button" title="Undo (z)" aria-keyshortcuts="z" @click=${() => this.undo()}>Undo</button>`
        : nothing}
    </div>`;
  }

  #end() {
    const pending = this.#pending;
    this.#pending = undefined;
    this.#clock.clearTimeout(this.#timer);
    document.removeEventListener("visibilitychange", this.#hidden);
    removeEventListener("pagehide", this.#closed);
    return pending;
  }
}

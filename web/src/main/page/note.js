// The pin and the note of the request that is open.

import { html, nothing } from "./lit/lit-html.js";
import { MOST_NOTE, mark, marksOf } from "./marks.js";
import { icons } from "./views.js";

const UNKEPT = "This browser keeps nothing, so it keeps no pins and notes either.";

export class Note {
  #changed;
  /** The request whose note is being written. */
  #writing;

  constructor({ changed }) {
    this.#changed = changed;
  }

  /** The two buttons. */
  buttons({ hook, route, tell }) {
    const { pinned, note } = marksOf(hook.id)[route.seq] ?? {};
    return html`<button type="button" class="button plain bare pin" aria-pressed=${pinned ? "true" : "false"} aria-label="Pin this request" aria-keyshortcuts="p" title=${pinned ? "Pinned, in this browser (p)" : "Pin it, in this browser (p)"} @click=${() => this.pin(hook, route.seq, tell)}>${icons.pin}</button>
      <button type="button" class="button plain bare" aria-label=${note ? "Change the note" : "Write a note"} aria-keyshortcuts="n" title="Note, kept in this browser (n)" @click=${() => this.write(route.seq)}>${icons.note}</button>`;
  }

  /** The note, or the field to write it in. */
  show({ hook, route, tell }) {
    const { note } = marksOf(hook.id)[route.seq] ?? {};
    if (this.#writing === route.seq) {
      return html`<form class="note-form" @submit=${(event) => this.#written(event, hook, tell)} @keydown=${(event) => this.#key(event)}>
        <input id="note" name="note" aria-label="Note on this request" maxlength=${MOST_NOTE} autocomplete="off" placeholder="A note, kept in this browser only" .value=${note ?? ""} />
        <button class="button">Save</button>
      </form>`;
    }
    return note ? html`<p class="own-note" title="Your note, kept in this browser only" @click=${() => this.write(route.seq)}>${icons.note}<span>${note}</span></p>` : nothing;
  }

  pin(hook, seq, tell) {
    const pinned = !marksOf(hook.id)[seq]?.pinned;
    const kept = mark(hook.id, seq, { pinned });
    tell?.(!kept ? UNKEPT : pinned ? "Pinned, in this browser only. is:pinned in the filter finds it." : "No longer pinned.");
    this.#changed();
  }

  write(seq) {
    this.#writing = this.#writing === seq ? undefined : seq;
    this.#changed();
    if (this.#writing) setTimeout(() => document.querySelector("#note")?.select());
  }

  /** Leaves the field as it was before. */
  #key(event) {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.write(this.#writing);
  }

  #written(event, hook, tell) {
    event.preventDefault();
    const note = new FormData(event.target).get("note").trim();
    const kept = mark(hook.id, this.#writing, { note });
    this.#writing = undefined;
    if (!kept) tell?.(UNKEPT);
    this.#changed();
  }
}

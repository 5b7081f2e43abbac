// The pin and the note of the request that is open.

import { html, nothing } from "./lit/lit-html.js";
import { MOST_NOTE, mark, marksOf } from "./marks.js";
import { icons } from "./views.js";

const UNKEPT = "This browser keeps nothing, so it keeps no pins and notes either.";

export class Note {
  #changed;
  /** Notes that are being written, by the hook and the number of the request. */
  #drafts = new Map();

  constructor({ changed }) {
    this.#changed = changed;
  }

  /** The two buttons. */
  buttons(model) {
    const { hook, route, tell } = model;
    const { pinned, note } = marksOf(hook.id)[route.seq] ?? {};
    return html`<button
        type="button"
        class="button plain bare pin"
        aria-pressed=${pinned ? "true" : "false"}
        aria-label="Pin this request"
        aria-keyshortcuts="p"
        title=${pinned ? "Pinned, in this browser (p)" : "Pin it, in this browser (p)"}
        @click=${() => this.pin(hook, route.seq, tell)}
      >${icons.pin}</button>
      <button
        type="button"
        class="button plain bare"
        aria-label=${note ? "Change the note" : "Write a note"}
        aria-keyshortcuts="n"
        title="Note, kept in this browser (n)"
        @click=${() => this.write(model)}
      >${icons.note}</button>`;
  }

  /** The note, or the field to write it in. */
  show(model) {
    const { hook, route } = model;
    const { note } = marksOf(hook.id)[route.seq] ?? {};
    const draft = this.#drafts.get(placeOf(model));
    if (draft !== undefined) {
      return html`<form class="note-form" @submit=${(event) => this.#written(event, model)} @keydown=${(event) => this.#key(event, model)}>
        <input
          id="note"
          name="note"
          aria-label="Note on this request"
          maxlength=${MOST_NOTE}
          autocomplete="off"
          placeholder="A note, kept in this browser only"
          .value=${draft}
          @input=${({ target }) => this.#draft(model, target.value)}
        />
        <button class="button">Save</button>
      </form>`;
    }
    return note ? html`<p class="own-note" title="Your note, kept in this browser only" @click=${() => this.write(model)}>${icons.note}<span>${note}</span></p>` : nothing;
  }

  pin(hook, seq, tell) {
    const pinned = !marksOf(hook.id)[seq]?.pinned;
    const kept = mark(hook.id, seq, { pinned });
    tell?.(!kept ? UNKEPT : pinned ? "Pinned, in this browser only. is:pinned in the filter finds it." : "No longer pinned.");
    this.#changed();
  }

  /** Opens the field or closes it. A request that arrives meanwhile does not open itself in its place. */
  write(model) {
    const { hook, route } = model;
    const place = placeOf(model);
    model.following = false;
    if (!this.#drafts.delete(place)) {
      this.#drafts.set(place, marksOf(hook.id)[route.seq]?.note ?? "");
      setTimeout(() => document.querySelector("#note")?.select());
    }
    this.#changed();
  }

  /** Drawn at once, or the next request whose note is open would show these letters. */
  #draft(model, text) {
    this.#drafts.set(placeOf(model), text);
    this.#changed();
  }

  /** Leaves the field as it was before. */
  #key(event, model) {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.write(model);
  }

  #written(event, model) {
    event.preventDefault();
    const { hook, route, tell } = model;
    const kept = mark(hook.id, route.seq, { note: this.#drafts.get(placeOf(model)).trim() });
    this.#drafts.delete(placeOf(model));
    if (!kept) tell?.(UNKEPT);
    this.#changed();
  }
}

function placeOf({ hook, route }) {
  return `${hook.id}/${route.seq}`;
}

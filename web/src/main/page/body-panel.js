// The body of an open request in one of its views, and its parts.

import { html, nothing } from "./lit/lit-html.js";
import { captured } from "./captured.js";
import { copyable } from "./copyable.js";
import { download, partName } from "./download.js";
import { failure, quiet } from "./panel-words.js";
import { queryTable } from "./query-panel.js";
import { Reading } from "./reading.js";
import { count, limit, size, whole } from "./text.js";
import { copyButton, icons } from "./views.js";

const MOST_PARTS = 50;
const MOST_PARTS_OF_ALL = 500;

export const panel = (inspector) => new BodyPanel(inspector);

class BodyPanel {
  id = "body";
  title = "Body";
  holds = ["body"];
  keys = [
    { key: "y", does: "copy body", press: ({ hook, route, actions }) => actions.copy("body", this.#text(hook, route.seq)) },
    { key: "f", does: "find in the body", press: (_, isShown) => isShown && this.find(document) },
  ];
  #changed;
  #opened;
  #pairs;
  #reading;
  /** Of each part its own, as soon as it was shown. */
  #parts = new Map();
  #allParts = false;

  constructor({ changed, opened, pairs }) {
    this.#changed = changed;
    this.#opened = opened;
    this.#pairs = pairs;
    this.reset();
  }

  /** Goes back to the best view. */
  reset() {
    for (const reading of [this.#reading, ...this.#parts.values()]) reading?.leave();
    this.#reading = this.#read("body");
    this.#parts.clear();
    this.#allParts = false;
  }

  #read(key) {
    return new Reading({ key, changed: this.#changed, pairs: this.#pairs, parts: (...of) => this.#partCards(...of) });
  }

  /** Draws the rows, which templates cannot. */
  afterRender(root) {
    for (const reading of [this.#reading, ...this.#parts.values()]) reading.afterRender(root);
  }

  find(root) {
    return this.#reading.find(root);
  }

  async #text(hook, seq) {
    const { bytes } = await this.#opened.fetch(hook, seq);
    return bytes && copyable(bytes);
  }

  show(model, opened) {
    const { capture } = opened;
    if (capture.notes?.includes("body-too-large")) {
      return html`<p class="detail-note warn">Not kept: ${size(capture.body.size)}, ${tooLarge(capture.body.size, model.limits)}. The sender was told (413).</p>
        ${digest(model, capture)}`;
    }
    if (capture.body.size === 0) return this.#emptyBody(model, capture);
    if (opened.bodyFailed?.kind === "damaged") {
      return html`<p class="detail-note warn">${failure(opened.bodyFailed)}</p>
        ${digest(model, capture)}`;
    }
    if (opened.bodyFailed) return quiet(failure(opened.bodyFailed));
    if (!opened.body) return quiet("Fetching the body …");
    return html`${this.#reading.show(model, capture, opened.body, opened.bytes)} ${digest(model, capture)}`;
  }

  #partCards(model, capture, parts, key) {
    const shown = parts.slice(0, this.#allParts ? MOST_PARTS_OF_ALL : MOST_PARTS);
    return html`${shown.map((part, index) => this.#partCard(model, capture, part, index, `${key}-${index + 1}`))}
      ${shown.length < parts.length
        ? html`<p class="list-end muted">The first ${whole(shown.length)} of ${whole(parts.length)} parts.
            ${this.#allParts ? nothing : this.#allPartsButton(parts.length)}</p>`
        : nothing}`;
  }

  #allPartsButton(count) {
    const words = count > MOST_PARTS_OF_ALL ? whole(MOST_PARTS_OF_ALL) : "all";
    return html`<button type="button" class="button" @click=${() => this.#showAllParts()}>Show ${words}</button>`;
  }

  #partCard(model, capture, part, index, key) {
    const reading = this.#parts.get(key) ?? this.#read(key);
    this.#parts.set(key, reading);
    const about = [part.filename, part.type, part.coding && `sent in ${part.coding}`].filter(Boolean).map((value) => html`${captured(value, { most: 500 })} · `);
    return html`<div class="part">
      <div class="panel-tools">
        <b>${part.name ? captured(part.name, { most: 500 }) : `Part ${index + 1}`}</b>
        <span class="muted grow">${about}${size(part.bytes.length)}</span>
        <button type="button" class="button plain" @click=${() => download(partName(capture.id ?? capture.seq, index + 1, part.filename, part.type), part.bytes)}>
          ${icons.download}<span>Download</span>
        </button>
      </div>
      ${part.bytes.length > 0 ? reading.show(model, capture, part.body, part.bytes) : nothing}
    </div>`;
  }

  #showAllParts() {
    this.#allParts = true;
    this.#changed();
  }

  /** A request without a body speaks by its query. */
  #emptyBody(model, capture) {
    if (!capture.query) return quiet("No body.");
    return html`<p class="muted quiet-line">No body. The query:</p>${queryTable(model, capture, this.#pairs)}`;
  }
}

/** A body below the limit can still be more than one message of the queue holds, when it does not compress. */
function tooLarge(bytes, { bodyBytes }) {
  return bytes > bodyBytes ? `limit ${limit(bodyBytes)}` : "more than one message holds, even compressed";
}

function digest(model, capture) {
  return html`<p class="digest muted">
    <span>${count(capture.body.size, "byte")}</span><span>SHA-256 <code>${capture.body.sha256}</code></span>
    ${copyButton(model, "sha256", capture.body.sha256, { title: "Copy the SHA-256" })}
  </p>`;
}

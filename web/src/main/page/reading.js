// A body, or a part of one, in one of the ways to read it: rows, pairs, parts. Rows can be searched, and of JSON folded.

import { html, nothing } from "./lit/lit-html.js";
import { captured } from "./captured.js";
import { copyable } from "./copyable.js";
import { filterButton } from "./filter-button.js";
import { findAll } from "./find.js";
import { JsonLines, TextLines } from "./lines.js";
import { termText } from "./match.js";
import { pasteable } from "./shell.js";
import { count, whole } from "./text.js";
import { copyButton, icons } from "./views.js";
import { Viewer } from "./viewer.js";

const MOST_PATH = 2_000;
const MOST_TABLE_ROWS = 200;
const MOST_TABLE_COLUMNS = 40;
const MOST_CELL = 300;
/** A filter of a place and a value of this length is one that the API takes. */
const MOST_TERM = 450;
/** Of so many rows nothing has to be searched. */
const FEW_ROWS = 12;
const FEW_LETTERS = 2_000;

export class Reading {
  #key;
  #changed;
  #pairs;
  #parts;
  #viewer;
  /** The name of the chosen view, and the content that is shown of which body. */
  #chosen;
  #shown = {};
  #search = {};

  /** `key` tells it from others on the page; `parts` shows parts; `pairs` shows pairs. */
  constructor({ key, changed, pairs, parts }) {
    this.#key = key;
    this.#changed = changed;
    this.#pairs = pairs;
    this.#parts = parts;
    this.#viewer = new Viewer(changed);
  }

  show(model, capture, body, bytes) {
    const view = body.views.find(({ name }) => name === this.#chosen) ?? body.views[0];
    if (this.#shown.view !== view) {
      this.leave();
      this.#shown = { view, sent: bytes, ...contentOf(view, bytes) };
      this.#search = {};
      this.#lookFor(model.workspace?.word);
    }
    const main = this.#key === "body";
    return html`
      <div class="panel-tools views ${main ? "" : "of-part"}">
        ${body.views.length > 1
          ? html`<div class="segments" role="group" aria-label="How to show ${main ? "the body" : "the part"}">
              ${body.views.map(({ name }) => html`<button type="button" aria-pressed=${name === view.name ? "true" : "false"} @click=${() => this.#choose(name)}>${name}</button>`)}
            </div>`
          : nothing}
        <span class="grow"></span>
        ${this.#tools(view)}
        ${copyButton(model, this.#key, () => copyable(bytes), main ? { label: "Copy", title: "Copy the body as sent (y)", key: "y" } : { title: "Copy the part" })}
      </div>
      ${body.remarks.map(({ tone, text, at }) => html`<p class="detail-note ${tone}">${captured(text)}
        ${at !== undefined && view.marks ? html` <button type="button" class="button plain small" @click=${() => this.#viewer.reveal(at)}>Show where</button>` : nothing}</p>`)}
      ${this.#searchLine(view)}
      ${this.#content(model, view, capture)}
      ${this.#place(model, view)}
    `;
  }

  afterRender(root) {
    const { lines, bytes } = this.#shown;
    const element = (lines || bytes) && root.querySelector(`[data-viewer="${this.#key}"]`);
    if (element) this.#viewer.show(element, { lines, bytes });
  }

  /** Leads to the search; false where there is none. */
  find(root) {
    if (!isLong(this.#shown.lines)) return false;
    this.#search.open = true;
    this.#changed();
    queueMicrotask(() => queueMicrotask(() => root.querySelector(`#find-${this.#key}`)?.select()));
    return true;
  }

  #content(model, view, capture) {
    if (view.pairs) return this.#pairs.show(model, capture, `${this.#key} field`, view.pairs, view.count);
    if (view.parts) return this.#parts(model, capture, view.parts, this.#key);
    if (view.table) return table(view.table);
    if (view.image) return html`<p class="picture"><img src=${this.#pictureUrl(view)} alt="The picture that was sent" width=${view.image.width} height=${view.image.height} /></p>
      <p class="muted">${whole(view.image.width)} × ${whole(view.image.height)} points, shown from its bytes by this browser.</p>`;
    const label = view.json ? `${view.name}. Arrow keys go through it and fold it` : view.name;
    return html`<div class="viewer ${view.hex ? "hex" : ""}" data-viewer=${this.#key} role="group" aria-label=${label} tabindex="0"></div>`;
  }

  /** The page's own address of the bytes, as long as they are shown. */
  #pictureUrl({ image }) {
    this.#shown.url ??= URL.createObjectURL(new Blob([image.bytes], { type: image.type }));
    return this.#shown.url;
  }

  /** To be called when it is not shown any more. */
  leave() {
    if (this.#shown.url) URL.revokeObjectURL(this.#shown.url);
    this.#shown = {};
  }

  #choose(name) {
    this.#chosen = name;
    this.#changed();
  }

  #tools(view) {
    const { lines } = this.#shown;
    const foldable = view.json && lines.count > 3;
    return html`${foldable
      ? html`<button type="button" class="button plain" @click=${() => this.#fold()}>${this.#viewer.folds ? "Unfold all" : "Fold all"}</button>`
      : nothing}
    ${isLong(lines)
      ? html`<button
          type="button"
          class="button plain"
          title="Find in the body (f)"
          aria-keyshortcuts="f"
          @click=${() => this.find(document)}
        >${icons.find}<span>Find</span></button>`
      : nothing}`;
  }

  #fold() {
    this.#viewer.foldAll(!this.#viewer.folds);
    this.#changed();
  }

  #searchLine(view) {
    if (!this.#search.open || !this.#shown.lines) return nothing;
    const { found, index } = this.#search;
    return html`<form class="find-line" @submit=${(event) => this.#submitted(event)} @keydown=${(event) => this.#keyed(event)}>
      <input
        id=${`find-${this.#key}`}
        type="search"
        aria-label=${`Find in ${view.name}`}
        placeholder="Find"
        autocomplete="off"
        spellcheck="false"
        .value=${this.#search.word ?? ""}
        @input=${(event) => this.#look(event.target.value)}
      />
      <button class="button plain bare" aria-label="Next" title="Next (Enter)">${icons.down}</button>
      <span class="muted" role="status">${found ? foundWords(found, index) : ""}</span>
      <span class="grow"></span>
      <button type="button" class="button plain bare" aria-label="Close the search" @click=${() => this.#close()}>${icons.close}</button>
    </form>`;
  }

  #submitted(event) {
    event.preventDefault();
    this.#step(1);
  }

  #keyed(event) {
    if (event.key === "Enter" && event.shiftKey) {
      event.preventDefault();
      this.#step(-1);
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.#close();
    }
  }

  #step(by) {
    const { found, index } = this.#search;
    if (!found || found.starts.length === 0) return;
    this.#search.index = (index + by + found.starts.length) % found.starts.length;
    this.#viewer.mark(found, this.#search.index);
    this.#changed();
  }

  /** The filter's word, as soon as the rows are drawn that it may stand in. */
  #lookFor(word) {
    const { lines } = this.#shown;
    if (word === undefined || lines === undefined) return;
    setTimeout(() => {
      if (this.#shown.lines === lines && this.#viewer.lines === lines && !this.#search.open) this.#look(word, { quiet: true });
    });
  }

  /** Looks for a word from the start; the word that is asked for last wins. */
  async #look(word, { quiet = false } = {}) {
    const search = { open: !quiet, word };
    this.#search = search;
    const here = () => this.#search === search;
    if (word !== "") {
      const found = await findAll(this.#shown.lines.source, word, () => pause().then(here));
      if (!here()) return;
      Object.assign(search, { found, index: 0, open: !quiet || found.starts.length > 0 });
    }
    this.#viewer.mark(search.found, 0);
    this.#changed();
  }

  #close() {
    this.#search = {};
    this.#viewer.mark(undefined);
    this.#changed();
  }

  /** The place of the chosen row of JSON, and buttons that copy it. */
  #place(model, view) {
    const { lines } = this.#shown;
    const { current } = this.#viewer;
    if (current === undefined || lines?.value === undefined || this.#viewer.lines !== lines) return nothing;
    const path = this.#pointer(current);
    return html`<div class="place" role="status">
      <code title="The JSON pointer of the chosen line">${captured(path === "" ? "the whole value" : path, { most: MOST_PATH })}</code>
      <span class="grow"></span>
      ${filterButton(model, this.#term(view, path, current), "Filter by this")}
      ${copyButton(model, `${this.#key} path`, () => pasteable(path), { label: "Copy path" })}
      ${copyButton(model, `${this.#key} value`, () => copyable(new TextEncoder().encode(lines.value(current))), { label: "Copy value" })}
    </div>`;
  }

  /** The filter that finds others with the same value there. The API reads whole bodies as JSON. */
  #term(view, path, row) {
    if (this.#key !== "body" || view.name !== "Pretty" || !this.#isAsSent() || path === "" || path.length > MOST_TERM) return undefined;
    const written = this.#shown.lines.value(row);
    if (/^[[{]/.test(written) || written.length > MOST_TERM) return undefined;
    return termText("json", `${path}=${written.startsWith('"') ? JSON.parse(written) : written}`);
  }

  /** Whether the shown text was in the request just so: bodies that a sender packed the server does not search. */
  #isAsSent() {
    const { lines, sent } = this.#shown;
    this.#shown.asSent ??= new TextEncoder().encode(lines.source.text ?? lines.source).length === sent.length;
    return this.#shown.asSent;
  }

  #pointer(row) {
    if (this.#shown.row !== row) Object.assign(this.#shown, { row, pointer: this.#shown.lines.pointer(row) });
    return this.#shown.pointer;
  }
}

/** The rows beyond the first are in the download, and as they were sent. */
function table({ rows, more }) {
  const [head, ...body] = rows.slice(0, MOST_TABLE_ROWS + 1);
  const left = more || rows.length > MOST_TABLE_ROWS + 1;
  return html`<div class="table-scroll" tabindex="0" role="group" aria-label="The rows as a table"><table class="csv">
      <thead><tr>${head.slice(0, MOST_TABLE_COLUMNS).map((cell) => html`<th scope="col">${captured(cell, { most: MOST_CELL })}</th>`)}</tr></thead>
      <tbody>${body.map((row) => html`<tr>${row.slice(0, MOST_TABLE_COLUMNS).map((cell) => html`<td>${captured(cell, { most: MOST_CELL })}</td>`)}</tr>`)}</tbody>
    </table></div>
    ${left ? html`<p class="list-end muted">The first ${count(body.length, "row")}. “As sent” has all of them.</p>` : nothing}`;
}

function contentOf({ source, rows, json, marks, hex }, bytes) {
  if (hex) return { bytes };
  if (json) return { lines: new JsonLines(source.text, json) };
  return rows ? { lines: new TextLines(source.text, rows, marks) } : {};
}

function isLong(lines) {
  return lines !== undefined && (lines.count > FEW_ROWS || lines.source.length > FEW_LETTERS);
}

function foundWords({ starts, more }, index) {
  if (starts.length === 0) return "Nowhere in it";
  return more ? `${whole(index + 1)} of more than ${whole(starts.length)}` : `${whole(index + 1)} of ${count(starts.length, "place")}`;
}

function pause() {
  return new Promise((resolve) => setTimeout(resolve));
}

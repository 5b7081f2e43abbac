// What the tabs of an open request show: body, headers, query and the whole as HTTP.

import { html, nothing } from "./lit/lit-html.js";
import { copyable } from "./body.js";
import { captured } from "./captured.js";
import { cutAt, namedText } from "./captured-text.js";
import { download, partName } from "./download.js";
import { countPairs, readPairs } from "./form.js";
import { hex } from "./hex.js";
import { partText } from "./multipart.js";
import { readableCookies, readableHeaders, readableHead } from "./readable.js";
import { copiedHeaders, copiedRequest, httpBytes, httpHead } from "./replay.js";
import { limit, size, whole } from "./text.js";
import { copyButton, icons } from "./views.js";

/** What is laid out at first, and after “Show all”, in plain letters. */
const MOST_SHOWN = 100_000;
const MOST_OF_ALL = 500_000;
/** Colours further down than anybody scrolls cost more than they tell. */
const MOST_COLOURED = MOST_SHOWN;
const MOST_HEX = 16_384;
const MOST_HEX_OF_ALL = 262_144;
const MOST_PARTS = 500;

const NO_MARKS = [];

/** The body in one of its views, in part when it is large. */
export class BodyPanel {
  #changed;
  #pairs;
  #view;
  #all = false;
  /** What was laid out last, which is drawn again each second. */
  #laidOut = {};

  /** Which stretches of the text that was shown last have a colour. */
  marks = NO_MARKS;

  constructor({ changed, pairs }) {
    this.#changed = changed;
    this.#pairs = pairs;
  }

  /** Goes back to the best view. */
  reset() {
    this.#show(undefined);
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
    const { views, remarks } = opened.body;
    const view = views.find(({ name }) => name === this.#view) ?? views[0];
    return html`
      <div class="panel-tools views">
        <div class="segments" role="group" aria-label="How to show the body">
          ${views.map(
            ({ name }) => html`<button type="button" aria-pressed=${name === view.name ? "true" : "false"} @click=${() => this.#switch(name)}>${name}</button>`,
          )}
        </div>
        <span class="grow"></span>
        ${copyButton(model, "body", () => copyable(opened.bytes), { label: "Copy", title: "Copy the body as sent (y)", key: "y" })}
      </div>
      ${remarks.map(({ tone, text }) => html`<p class="detail-note ${tone}">${captured(text)}</p>`)}
      ${this.#content(model, view, capture)}
      ${digest(model, capture)}
    `;
  }

  #content(model, view, capture) {
    if (view.pairs) return this.#pairs.show(model, capture, "field", view.pairs, view.count);
    if (view.parts) return this.#parts(view.parts, capture);
    const { text, marks, end, length } = this.#layOut(view);
    this.marks = marks;
    return html`<pre class=${view.bytes ? "text hex" : "text"} tabindex=${view.bytes ? "0" : nothing} data-coloured>${text}</pre>${this.#more(end, length)}`;
  }

  #layOut(view) {
    const known = this.#laidOut;
    if (known.view === view && known.all === this.#all) return known;
    this.#laidOut = { view, all: this.#all, ...(view.bytes ? hexOf(view.bytes, this.#all) : textOf(view, this.#all)) };
    return this.#laidOut;
  }

  #parts(parts, capture) {
    const shown = parts.slice(0, this.#all ? parts.length : MOST_PARTS);
    let left = MOST_SHOWN;
    const cards = shown.map((part, index) => {
      const { text, remark } = partText(part);
      const most = Math.max(0, left);
      left -= text?.length ?? 0;
      return partCard(part, index, capture, { text, remark, most });
    });
    return html`${cards}
      ${shown.length < parts.length ? html`<p class="list-end muted">The first ${whole(shown.length)} of ${whole(parts.length)} parts. <button type="button" class="button" @click=${() => this.#showAll()}>Show all</button></p>` : nothing}`;
  }

  #more(shown, all) {
    if (shown >= all) return nothing;
    if (this.#all) return html`<p class="list-end muted">The first ${size(shown)} of ${size(all)}. The download has all of it.</p>`;
    return html`<p class="list-end"><button type="button" class="button" @click=${() => this.#showAll()}>${all <= MOST_OF_ALL ? `Show all ${size(all)}` : `Show more of ${size(all)}`}</button></p>`;
  }

  #showAll() {
    this.#all = true;
    this.#changed();
  }

  #switch(name) {
    this.#show(name);
    this.#changed();
  }

  #show(view) {
    this.#view = view;
    this.#all = false;
  }

  /** What a request without a body says, it says in its query. */
  #emptyBody(model, capture) {
    if (!capture.query) return quiet("No body.");
    return html`<p class="muted quiet-line">No body. The query:</p>${queryTable(model, capture, this.#pairs)}`;
  }
}

function textOf({ text: whole, marks = NO_MARKS }, all) {
  const end = cutAt(whole, all ? MOST_OF_ALL : MOST_SHOWN);
  const { text, marks: moved } = namedText(whole.slice(0, end), end > MOST_COLOURED ? NO_MARKS : marks);
  return { text, marks: moved, end, length: whole.length };
}

function hexOf(bytes, all) {
  const end = Math.min(bytes.length, all ? MOST_HEX_OF_ALL : MOST_HEX);
  return { text: hex(bytes, 0, end), marks: NO_MARKS, end, length: bytes.length };
}

function queryTable(model, capture, pairs) {
  const { query } = readableHead(capture);
  const { pairs: read, remark } = readPairs(query);
  return html`${remark ? html`<p class="detail-note">${remark}</p>` : nothing}${pairs.show(model, capture, "query", read, countPairs(query))}`;
}

export function queryPanel(model, capture, pairs) {
  if (!capture.query) return quiet("No query string.");
  return html`${queryTable(model, capture, pairs)}
    <h3>As sent</h3><pre class="text">${captured(capture.query, { lines: true })}</pre>`;
}

export function headersPanel(model, capture, pairs) {
  const headers = readableHeaders(capture);
  const cookies = readableCookies(capture);
  return html`
    <div class="panel-tools"><span class="grow muted">${headers.length} headers, names in lower case and repeats joined as the edge delivers them</span>
      ${copyButton(model, "headers", () => copiedHeaders(capture), { label: "Copy all" })}</div>
    ${pairs.show(model, capture, "header", headers)}
    ${cookies.length > 0
      ? html`<h3>Cookies</h3><p class="muted">The edge takes them out of the headers, one entry a pair.</p>${pairs.show(model, capture, "cookie", cookies.map(nameAndValue))}`
      : nothing}
  `;
}

function nameAndValue(cookie) {
  const at = cookie.indexOf("=");
  return at < 0 ? [cookie, ""] : [cookie.slice(0, at), cookie.slice(at + 1)];
}

export function rawPanel(model, { capture, bytes = new Uint8Array() }) {
  const head = httpHead(capture);
  return html`
    <div class="panel-tools"><span class="grow muted">The request as HTTP/1.1 would write it</span>
      <button type="button" class="button plain" title="The request byte for byte" @click=${() => download(`${capture.id ?? capture.seq}.http`, httpBytes(capture, bytes))}>
        ${icons.download}<span>Download</span></button>
      ${copyButton(model, "raw", () => copiedRequest(capture, bytes), { label: "Copy" })}</div>
    <pre class="text">${rawText(capture, head, bytes)}</pre>
    ${bytes.length > MOST_SHOWN ? quiet(`The first ${size(MOST_SHOWN)} of ${size(bytes.length)}.`) : nothing}
  `;
}

/** Drawn again each second, laid out once. */
const rawTexts = new WeakMap();

function rawText(capture, head, bytes) {
  const known = rawTexts.get(capture);
  if (known?.bytes === bytes) return known.text;
  const text = captured(head + new TextDecoder().decode(bytes.subarray(0, MOST_SHOWN)), { most: MOST_SHOWN, lines: true });
  rawTexts.set(capture, { bytes, text });
  return text;
}

/** A body below the limit can still be more than one message of the queue holds, when it does not compress. */
function tooLarge(bytes, { bodyBytes }) {
  return bytes > bodyBytes ? `limit ${limit(bodyBytes)}` : "more than one message holds, even compressed";
}

export function quiet(text) {
  return html`<p class="muted quiet-line">${text}</p>`;
}

function digest(model, capture) {
  return html`<p class="digest muted">
    <span>${whole(capture.body.size)} bytes</span><span>SHA-256 <code>${capture.body.sha256}</code></span>
    ${copyButton(model, "sha256", capture.body.sha256, { title: "Copy the SHA-256" })}
  </p>`;
}

function partCard(part, index, capture, { text, remark, most }) {
  const about = [part.filename, part.type, part.coding && `sent in ${part.coding}`].filter(Boolean).map((value) => html`${captured(value, { most: 500 })} · `);
  return html`<div class="part">
    <div class="panel-tools">
      <b>${part.name ? captured(part.name, { most: 500 }) : `Part ${index + 1}`}</b>
      <span class="muted grow">${about}${size(part.bytes.length)}</span>
      <button type="button" class="button plain" @click=${() => download(partName(capture.id ?? capture.seq, index + 1, part.filename), part.bytes)}>
        ${icons.download}<span>Download</span>
      </button>
    </div>
    ${remark ? html`<p class="muted">${captured(remark, { most: 300 })}</p>` : nothing}
    ${text === undefined || most === 0 ? nothing : html`<pre class="text">${captured(text, { lines: true, most })}</pre>`}
  </div>`;
}

export function failure({ kind, problem }) {
  if (kind === "unknown") return "This request is not here: it was deleted, evicted, or never existed.";
  if (kind === "offline") return "The server cannot be reached.";
  if (kind === "damaged") return `This body was kept, and what is kept now is not what was received. ${problem.detail ?? ""}`;
  return problem?.detail ?? "The server could not answer just now.";
}

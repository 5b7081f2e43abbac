// What the tabs of an open request show: body, headers, query and the whole as HTTP.

import { html, nothing } from "./lit/lit-html.js";
import { captured } from "./captured.js";
import { download, partName } from "./download.js";
import { countPairs, readPairs } from "./form.js";
import { insideOf } from "./layers.js";
import { TextLines, textRows } from "./lines.js";
import { readableCookies, readableHeaders, readableHead } from "./readable.js";
import { Reading } from "./reading.js";
import { copiedHeaders, copiedRequest, httpBytes, httpHead } from "./replay.js";
import { count, limit, size, whole } from "./text.js";
import { copyButton, icons } from "./views.js";
import { Viewer } from "./viewer.js";

const MOST_PARTS = 50;
const MOST_PARTS_OF_ALL = 500;

/** The body in one of its views. */
export class BodyPanel {
  #changed;
  #pairs;
  #reading;
  /** Of each part its own, as soon as it was shown. */
  #parts = new Map();
  #allParts = false;

  constructor({ changed, pairs }) {
    this.#changed = changed;
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

  /** Draws what templates cannot. */
  afterRender(root) {
    for (const reading of [this.#reading, ...this.#parts.values()]) reading.afterRender(root);
  }

  /** Leads to the search in the body; false where there is none. */
  find(root) {
    return this.#reading.find(root);
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
            ${this.#allParts ? nothing : html`<button type="button" class="button" @click=${() => this.#showAllParts()}>Show ${parts.length > MOST_PARTS_OF_ALL ? whole(MOST_PARTS_OF_ALL) : "all"}</button>`}</p>`
        : nothing}`;
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

  /** What a request without a body says, it says in its query. */
  #emptyBody(model, capture) {
    if (!capture.query) return quiet("No body.");
    return html`<p class="muted quiet-line">No body. The query:</p>${queryTable(model, capture, this.#pairs)}`;
  }
}

function queryTable(model, capture, pairs) {
  const { query } = capture;
  const { pairs: read, remark } = readPairs(query, undefined, undefined, { areBytes: true });
  return html`${remark ? html`<p class="detail-note">${remark}</p>` : nothing}${pairs.show(model, capture, "query", read, countPairs(query))}${inside(capture, "query", read)}`;
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
    ${pairs.show(model, capture, "header", headers)} ${inside(capture, "headers", headers)}
    ${cookies.length > 0
      ? html`<h3>Cookies</h3><p class="muted">The edge takes them out of the headers, one entry a pair.</p>${pairs.show(model, capture, "cookie", cookies.map(nameAndValue))}`
      : nothing}
  `;
}

/** What is inside of values: tokens, JSON, base64. Looked for once. */
const insides = new WeakMap();

function inside(capture, what, pairs) {
  const known = insides.get(capture) ?? {};
  insides.set(capture, known);
  if (!Object.hasOwn(known, what)) known[what] = insideOf(pairs);
  return known[what] ? html`<h3>Inside</h3><pre class="text">${captured(known[what], { lines: true })}</pre>` : nothing;
}

function nameAndValue(cookie) {
  const at = cookie.indexOf("=");
  return at < 0 ? [cookie, ""] : [cookie.slice(0, at), cookie.slice(at + 1)];
}

/** The whole request as HTTP writes it. */
export class RawPanel {
  #viewer;
  #text = {};

  constructor({ changed }) {
    this.#viewer = new Viewer(changed);
  }

  show(model, { capture, bytes = new Uint8Array() }) {
    if (this.#text.capture !== capture || this.#text.bytes !== bytes) {
      const text = httpHead(capture) + new TextDecoder().decode(bytes);
      this.#text = { capture, bytes, lines: new TextLines(text, textRows(text)) };
    }
    return html`
      <div class="panel-tools"><span class="grow muted">The request as HTTP/1.1 would write it</span>
        <button type="button" class="button plain" title="The request byte for byte" @click=${() => download(`${capture.id ?? capture.seq}.http`, httpBytes(capture, bytes))}>
          ${icons.download}<span>Download</span></button>
        ${copyButton(model, "raw", () => copiedRequest(capture, bytes), { label: "Copy" })}</div>
      <div class="viewer" data-viewer="raw" role="group" aria-label="The request" tabindex="0"></div>
    `;
  }

  afterRender(root) {
    const element = root.querySelector('[data-viewer="raw"]');
    if (element) this.#viewer.show(element, { lines: this.#text.lines });
  }
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
    <span>${count(capture.body.size, "byte")}</span><span>SHA-256 <code>${capture.body.sha256}</code></span>
    ${copyButton(model, "sha256", capture.body.sha256, { title: "Copy the SHA-256" })}
  </p>`;
}

export function failure({ kind, problem }) {
  if (kind === "unknown") return "This request is not here: it was deleted, evicted, or never existed.";
  if (kind === "offline") return "The server cannot be reached.";
  if (kind === "damaged") return `This body was kept, and what is kept now is not what was received. ${problem.detail ?? ""}`;
  return problem?.detail ?? "The server could not answer just now.";
}

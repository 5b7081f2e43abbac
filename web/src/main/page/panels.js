// What the tabs of an open request show: body, headers, query and the whole as HTTP.

import { html, nothing } from "./lit/lit-html.js";
import { copyable, formPairs, hex, partText } from "./body.js";
import { download } from "./download.js";
import { httpHead } from "./replay.js";
import { limit, size, whole } from "./text.js";
import { copyButton, icons } from "./views.js";

const MOST_SHOWN = 200_000;
const MOST_HEX = 16_384;

/** The body in one of its views, in part when it is large. */
export class BodyPanel {
  #changed;
  #view;
  #all = false;

  /** Which stretches of the text that was shown last have a colour. */
  marks = [];

  constructor({ changed }) {
    this.#changed = changed;
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
    if (capture.body.size === 0) return emptyBody(model, capture);
    if (opened.bodyFailed) return quiet(failure(opened.bodyFailed));
    if (!opened.body) return quiet("Fetching the body …");
    const { views, remarks } = opened.body;
    const view = views.find(({ name }) => name === this.#view) ?? views[0];
    return html`
      <div class="panel-tools">
        <div class="segments" role="group" aria-label="How to show the body">
          ${views.map(
            ({ name }) => html`<button type="button" aria-pressed=${name === view.name ? "true" : "false"} @click=${() => this.#switch(name)}>${name}</button>`,
          )}
        </div>
        <span class="grow"></span>
        ${copyButton(model, "body", () => copyable(opened.bytes), { label: "Copy", title: "Copy the body as sent (y)", key: "y" })}
      </div>
      ${remarks.map(({ tone, text }) => html`<p class="detail-note ${tone}">${text}</p>`)}
      ${this.#content(model, view, capture)}
      ${digest(model, capture)}
    `;
  }

  #content(model, view, capture) {
    if (view.pairs) return pairTable(model, view.pairs, "field");
    if (view.parts) return view.parts.map((part, index) => partCard(model, part, index, capture));
    if (view.bytes) {
      const shown = this.#all ? view.bytes.length : Math.min(MOST_HEX, view.bytes.length);
      return html`<pre class="text hex" tabindex="0">${hex(view.bytes, 0, shown)}</pre>${this.#more(shown, view.bytes.length)}`;
    }
    const shown = this.#all ? view.text.length : Math.min(MOST_SHOWN, view.text.length);
    this.marks = view.marks ?? [];
    return html`<pre class="text" data-coloured>${view.text.slice(0, shown)}</pre>${this.#more(shown, view.text.length)}`;
  }

  #more(shown, all) {
    if (shown >= all) return nothing;
    return html`<p class="list-end"><button type="button" class="button" @click=${() => this.#showAll()}>Show all ${size(all)}</button></p>`;
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
}

/** What a request without a body says, it says in its query. */
function emptyBody(model, capture) {
  return capture.query ? html`<p class="muted quiet-line">No body. The query:</p>${pairTable(model, formPairs(capture.query), "query")}` : quiet("No body.");
}

export function queryPanel(model, { query }) {
  return query
    ? html`${pairTable(model, formPairs(query), "query")}
        <h3>As sent</h3><pre class="text">${query}</pre>`
    : quiet("No query string.");
}

export function headersPanel(model, capture) {
  const headers = capture.headers ?? [];
  const all = headers.map(([name, value]) => `${name}: ${value}`).join("\n");
  return html`
    <div class="panel-tools"><span class="grow muted">${headers.length} headers, names in lower case and repeats joined as the edge delivers them</span>
      ${copyButton(model, "headers", all, { label: "Copy all" })}</div>
    ${pairTable(model, headers, "header")}
    ${capture.cookies?.length > 0
      ? html`<h3>Cookies</h3><p class="muted">The edge takes them out of the headers, one entry a pair.</p>${pairTable(model, capture.cookies.map((cookie) => [cookie.split("=")[0], cookie.split("=").slice(1).join("=")]), "cookie")}`
      : nothing}
  `;
}

export function rawPanel(model, { capture, bytes = new Uint8Array() }) {
  const head = httpHead(capture);
  const text = new TextDecoder().decode(bytes.subarray(0, MOST_SHOWN));
  const all = () => {
    const { text: body, as } = copyable(bytes);
    return as ? { text: head, as: "without the body, which is not UTF-8 text" } : head + body;
  };
  return html`
    <div class="panel-tools"><span class="grow muted">The request as HTTP/1.1 would write it</span>
      ${copyButton(model, "raw", all, { label: "Copy" })}</div>
    <pre class="text">${head.replaceAll("\r\n", "\n")}${text}</pre>
    ${bytes.length > MOST_SHOWN ? quiet(`The first ${size(MOST_SHOWN)} of ${size(bytes.length)}.`) : nothing}
  `;
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

function pairTable(model, pairs, what) {
  return html`<table class="pairs">
    <tbody>
      ${pairs.map(
        ([name, value], index) => html`<tr>
          <th scope="row">${name}</th>
          <td>${value === "" ? html`<span class="muted">empty</span>` : value}</td>
          <td class="pair-copy">${copyButton(model, `${what} ${index}`, value, { title: `Copy the value of ${name}` })}</td>
        </tr>`,
      )}
    </tbody>
  </table>`;
}

function partCard(model, part, index, capture) {
  const text = partText(part);
  return html`<div class="part">
    <div class="panel-tools">
      <b>${part.name || `Part ${index + 1}`}</b>
      <span class="muted grow">${[part.filename, part.type, size(part.bytes.length)].filter(Boolean).join(" · ")}</span>
      <button type="button" class="button plain" @click=${() => download(`${capture.id ?? capture.seq}-part-${index + 1}.bin`, part.bytes)}>
        ${icons.download}<span>Download</span>
      </button>
    </div>
    ${text === undefined ? nothing : html`<pre class="text">${text}</pre>`}
  </div>`;
}

export function failure({ kind, problem }) {
  if (kind === "unknown") return "This request is not here: it was deleted, evicted, or never existed.";
  if (kind === "offline") return "You are offline.";
  return problem?.detail ?? "The server could not answer just now.";
}

// The request that is open, and the actions on it.

import { html, nothing } from "./lit/lit-html.js";
import { captured } from "./captured.js";
import { escaped } from "./captured-text.js";
import { Comparison } from "./comparison.js";
import { FORMS } from "./copy-as.js";
import { Deliveries } from "./deliveries.js";
import { bodyName, download } from "./download.js";
import { headerValues } from "./headers.js";
import { help } from "./help.js";
import { ladder } from "./ladder.js";
import { methodClass } from "./list.js";
import { Note } from "./note.js";
import { OpenedCaptures } from "./opened.js";
import { PairTables } from "./pairs.js";
import { failure } from "./panel-words.js";
import { readableHead, readableWords } from "./readable.js";
import { VerificationNotes } from "./verification-notes.js";
import { closeMenus, copyButton, icons } from "./views.js";
import { duration, moment, pathTail, size } from "./text.js";

const MOST_FACT = 300;

const NOTES = {
  "path-decoded": "The edge percent-decodes paths. This one may have been written differently; what you see is what was delivered.",
  "body-maybe-lossy": "The edge delivered this body as text. Bytes that were not valid UTF-8 may have been replaced before we saw them.",
  "body-not-base64": "The edge announced base64 but delivered something else. The body is kept as it was delivered.",
  "response-unavailable":
    "The script of responses could not be read within a second. The sender got the last success that was known of it, or the plain response.",
};

export class Inspector {
  #changed;
  #opened;
  /** In the order of their tabs, and the one that is shown. */
  #panels;
  #shown;
  #comparison;
  #verification;
  #deliveries;
  #note;

  /**
   * `panels` are functions, called with `{changed, opened, pairs}`: `changed` has the page drawn again, `opened` are the
   * OpenedCaptures, `pairs` the PairTables. Each makes a panel `{id, title, count, show, keys}`, of which `count` and
   * `keys` can be left out:
   *
   * - `id` names it in the address, by letters from a to z; `title` stands on its tab, and `count(capture)` unless it is 0.
   * - `show(model, opened)` is its template.
   * - `keys` are `{key, does, press(model, isShown)}`, single keys that work in every tab; `does` explains them in the help.
   *
   * It may have more. `holds` lists the parts of a request that it shows, of "headers" and "body"; without it a secret in
   * either stands behind a curtain. `reset()` is called when a request or a tab is chosen, `afterRender(root)` after each
   * drawing. `find(root)` leads to a search of its own; false where there is none.
   */
  constructor({ api, changed, panels }) {
    this.#changed = changed;
    this.#opened = new OpenedCaptures({ api, changed });
    this.#deliveries = new Deliveries({ api, changed });
    this.#note = new Note({ changed });
    const pairs = new PairTables({ changed });
    this.#panels = panels.map((panel) => panel({ changed, opened: this.#opened, pairs }));
    [this.#shown] = this.#panels;
    this.#verification = new VerificationNotes({ changed });
    this.#comparison = new Comparison({ opened: this.#opened, changed, curtain: (opened) => this.#verification.curtain(opened) });
  }

  /** The tab as the address names it; undefined of the first. */
  get tabInAddress() {
    return this.#shown === this.#panels[0] ? undefined : this.#shown.id;
  }

  /** The actions of the panels' own keys, and of the digits, which choose a panel. */
  keys(model) {
    const digits = this.#panels.map((panel, index) => [index + 1, () => this.#choose(panel)]);
    const own = this.#panels.flatMap((panel) => panel.keys?.map(({ key, press }) => [key, () => press(model, panel === this.#shown)]) ?? []);
    return Object.fromEntries([...digits, ...own]);
  }

  #choose(panel) {
    this.#shown = panel;
    this.#reset();
    this.#changed();
  }

  /** Shows a capture as it is best shown; `tab` as an address names it, or the one that was open before. */
  open(hook, seq, tab) {
    this.#shown = this.#panels.find(({ id }) => id === tab) ?? this.#shown;
    this.#reset();
    this.#opened.fetch(hook, seq);
  }

  #reset() {
    this.#comparison.reset();
    for (const panel of this.#panels) panel.reset?.();
  }

  curl(hook, seq) {
    return this.#copied(hook, seq, FORMS[0]);
  }

  /** A request in one of the forms that send it again. */
  async #copied(hook, seq, form) {
    const { capture, bytes } = await this.#opened.fetch(hook, seq);
    if (!capture) return undefined;
    const { text, inexact } = form.of(capture, bytes ?? new Uint8Array(), hook.url);
    if (!bytes) return { text, as: "without its body, which is not at hand" };
    return inexact.length === 0 ? { text } : { text, as: `but not to the last byte: ${inexact.join("; ")}` };
  }

  /** From now on signatures are checked with this secret. */
  tryHere(model, scheme, secret) {
    this.#panels.find(({ id }) => id === "signature").use(model, scheme, secret);
  }

  pin({ hook, route, tell }) {
    this.#note.pin(hook, route.seq, tell);
  }

  writeNote(model) {
    this.#note.write(model);
  }

  /** False where none before it went the same way. */
  compareWithPrevious(model) {
    const { capture } = this.#opened.find(model.hook, model.route.seq) ?? {};
    return capture !== undefined && this.#comparison.withPrevious(model, capture);
  }

  /** Draws the rows that are in sight, which templates cannot. */
  afterRender(root) {
    for (const panel of this.#panels) panel.afterRender?.(root);
  }

  /** Leads to the search in the shown panel; false where there is none. */
  find() {
    return this.#shown.find?.(document) ?? false;
  }

  help(model) {
    return help(model, this.#panels);
  }

  show(model) {
    const opened = this.#opened.find(model.hook, model.route.seq);
    const { route } = model;
    const back = model.hook.only ? nothing : html`<a class="button quiet bare back" href=${`#/${model.hook.id}`} aria-label="Back to the list" title="Back (Esc)">${icons.back}</a>`;
    if (!opened || (opened.loading && !opened.capture)) return html`<div class="detail-head">${back}<h2>#${route.seq}</h2></div>`;
    if (opened.failed) {
      return html`<div class="detail-head">${back}<h2>#${route.seq}</h2></div>
        <p class="detail-note">${failure(opened.failed)} <button type="button" class="button" @click=${() => this.open(model.hook, route.seq)}>Try again</button></p>`;
    }
    const { capture } = opened;
    // A request that only came along asks the server nothing more.
    if (!model.hook.only && (!model.following || model.cameAlong !== capture.seq)) this.#deliveries.ask(model.hook, capture, model.feed.lastSeq);
    const head = readableHead(capture);
    const readable = readableWords(capture);
    return html`
      <div class="detail-head">
        ${back}
        <span class="method ${methodClass(capture.method)}">${captured(capture.method, { most: 40 })}</span>
        <h2 class="detail-path" title=${escaped(capture.path.slice(0, 2_000))}>${captured(pathTail(head.path))}${head.query ? html`<span class="muted">?${captured(head.query)}</span>` : nothing}</h2>
        <span class="muted">#${capture.seq}</span>
        ${model.hook.only ? nothing : html`<span class="marks">${this.#note.buttons(model)}</span>`}
        ${this.#actions(model, opened)}
      </div>
      ${facts(capture, head)}
      ${model.hook.only ? nothing : this.#note.show(model)}
      ${isGone(model, capture) ? html`<p class="detail-note warn">This request was deleted meanwhile, or evicted. What is shown is what this page still holds of it.</p>` : nothing}
      ${this.#verification.show(model, opened)}
      ${this.#ladder(model, capture)}
      ${readable ? html`<p class="detail-note">${readable}</p>` : nothing}
      ${capture.notes?.map(noteWords) ?? nothing}
      ${this.#comparison.active ? this.#comparison.show(model, opened) : this.#tabbed(model, opened)}
    `;
  }

  /** The other deliveries that the list knows, until the server has told of all. */
  #ladder(model, capture) {
    const { feed, hook } = model;
    const listed = new Set(feed.redeliveries.get(capture.seq));
    const deliveries = this.#deliveries.find(hook, capture) ?? {
      by: "delivery",
      captures: listed.size > 0 ? feed.captures.filter(({ seq }) => listed.has(seq)).toReversed() : [],
      whole: !feed.hasOlder,
    };
    return deliveries.captures.length > 1 ? ladder(model, capture, deliveries) : nothing;
  }

  #actions(model, { capture, bytes }) {
    const { route, actions, hook } = model;
    return html`<div class="detail-actions">
      ${copyButton(model, "curl", () => this.curl(hook, route.seq), { label: "Copy as curl", icon: icons.terminal, title: "Copy as curl, for bash, zsh and other POSIX shells (u)", key: "u" })}
      <button type="button" class="button plain bare forms-button" popovertarget="forms" aria-label="Copy as …" title="Copy as PowerShell, HTTPie, fetch, Python, Go …">${icons.down}</button>
      ${this.#forms(model)}
      ${hook.only
        ? nothing
        : html`<button
            type="button"
            class="button plain again"
            title="Send it again to a server on your machine"
            @click=${() => actions.toLocalhost(route.seq)}
          >${icons.again}<span>Send again to …</span></button>`}
      ${copyButton(model, "link", () => actions.captureLink(route.seq), {
        name: "Copy link to this request",
        icon: icons.share,
        title: "A link that opens this request and no other. It stays in the history of the browser that opens it",
      })}
      <button
        type="button"
        class="button plain bare"
        aria-label="Download"
        title="Download the body as it was sent"
        ?disabled=${!bytes}
        @click=${() => download(bodyName(capture.id ?? capture.seq, headerValues(capture, "content-type")[0]), bytes)}
      >${icons.download}</button>
      ${this.#comparison.choice(model, capture)}
      ${hook.ownerKey && !isGone(model, capture)
        ? html`<button
            type="button"
            class="button plain bare"
            aria-label="Delete"
            title="Delete this request"
            @click=${({ detail }) => detail < 2 && actions.deleteCapture(route.seq)}
          >${icons.bin}</button>`
        : nothing}
    </div>`;
  }

  #forms({ hook, route, actions }) {
    const copy = (form) => {
      closeMenus();
      actions.copy(`as ${form.id}`, this.#copied(hook, route.seq, form));
    };
    return html`<div id="forms" class="menu forms-menu" popover>
      <h2>Copy as</h2>
      <ul>${FORMS.map((form) => html`<li><button type="button" class="item" @click=${() => copy(form)}><b>${form.name}</b></button></li>`)}</ul>
    </div>`;
  }

  #tabbed(model, opened) {
    const { capture } = opened;
    const content = this.#verification.curtain(opened, this.#shown.holds) ?? this.#shown.show(model, opened);
    return html`
      <div class="tabs" role="tablist" aria-label="Parts of the request" @keydown=${(event) => this.#arrow(event)}>
        ${this.#panels.map(
          (panel, index) => html`<button
            type="button"
            role="tab"
            id=${`tab-${panel.id}`}
            aria-selected=${panel === this.#shown ? "true" : "false"}
            aria-controls="tab-panel"
            tabindex=${panel === this.#shown ? "0" : "-1"}
            title=${`${panel.title} (${index + 1})`}
            @click=${() => this.#choose(panel)}
          >${panel.title}${tabCount(panel.count?.(capture))}</button>`,
        )}
      </div>
      <div class="tab-panel" id="tab-panel" role="tabpanel" aria-labelledby=${`tab-${this.#shown.id}`} tabindex="0">${content}</div>
    `;
  }

  #arrow(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const panels = this.#panels;
    const next = panels[(panels.indexOf(this.#shown) + step + panels.length) % panels.length];
    this.#choose(next);
    event.currentTarget.querySelector(`#tab-${next.id}`).focus();
    event.preventDefault();
  }
}

/** All about a request in one line. */
function facts(capture, head) {
  const received = Date.parse(capture.receivedAt);
  const type = head.contentType ?? headerValues(capture, "content-type")[0];
  return html`<dl class="facts-grid">
    ${fact("Received", moment(received), `Stored after ${duration(Date.parse(capture.storedAt) - received)}. In UTC: ${capture.receivedAt}`)}
    ${fact("From", captured(capture.sourceIp))}
    ${capture.sender || head.event ? fact("Event", captured([capture.sender, head.event].filter(Boolean).join(" · "), { most: MOST_FACT })) : nothing}
    ${fact("Body", html`${size(capture.body.size)}${type ? html` ${captured(type, { most: MOST_FACT })}` : nothing}`)}
    ${head.deliveryId ? fact("Delivery", captured(head.deliveryId, { most: MOST_FACT }), escaped(head.deliveryId.slice(0, MOST_FACT))) : nothing}
  </dl>`;
}

/** A note that this page does not know is shown as it is; the body's own place says that it was too large. */
function noteWords(note) {
  if (note === "body-too-large") return nothing;
  return html`<p class="detail-note">${NOTES[note] ?? html`Note of the server: ${captured(note)}`}</p>`;
}

function fact(name, value, title) {
  return html`<div title=${title ?? nothing}><dt>${name}</dt><dd>${value}</dd></div>`;
}

/** Whether the list, where it reaches back far enough, has this one no more. */
function isGone({ feed }, { seq }) {
  const reaches = seq <= feed.lastSeq && (!feed.hasOlder || seq > feed.captures.at(-1).seq);
  return reaches && !feed.captures.some((capture) => capture.seq === seq);
}

function tabCount(number) {
  return number ? html` <span class="tab-count">${number}</span>` : nothing;
}

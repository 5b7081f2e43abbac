// The request that is open, and what can be done with it.

import { html, nothing } from "./lit/lit-html.js";
import { captured } from "./captured.js";
import { escaped } from "./captured-text.js";
import { ComparePanel } from "./compare-panel.js";
import { FORMS } from "./copy-as.js";
import { copyable } from "./copyable.js";
import { Deliveries } from "./deliveries.js";
import { bodyName, download } from "./download.js";
import { countPairs } from "./form.js";
import { headerValues } from "./headers.js";
import { help } from "./help.js";
import { ladder } from "./ladder.js";
import { methodClass } from "./list.js";
import { Note } from "./note.js";
import { OpenedCaptures } from "./opened.js";
import { PairTables } from "./pairs.js";
import { BodyPanel, RawPanel, failure, headersPanel, queryPanel } from "./panels.js";
import { readableHead, readableWords } from "./readable.js";
import { SignaturePanel } from "./signature-panel.js";
import { VerificationPanel } from "./verification-panel.js";
import { closeMenus, copyButton, icons } from "./views.js";
import { duration, moment, pathTail, size } from "./text.js";

const MOST_FACT = 300;

const TABS = ["Body", "Headers", "Query", "Signature", "Raw"];

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
  #tab = "Body";
  #pairs;
  #body;
  #raw;
  #signature;
  #compare;
  #verification;
  #deliveries;
  #note;

  constructor({ api, changed }) {
    this.#changed = changed;
    this.#opened = new OpenedCaptures({ api, changed });
    this.#deliveries = new Deliveries({ api, changed });
    this.#note = new Note({ changed });
    this.#pairs = new PairTables({ changed });
    this.#body = new BodyPanel({ changed, pairs: this.#pairs });
    this.#raw = new RawPanel({ changed });
    this.#signature = new SignaturePanel({ changed });
    this.#verification = new VerificationPanel({ changed });
    this.#compare = new ComparePanel({ opened: this.#opened, changed, curtain: (opened) => this.#verification.curtain(opened) });
  }

  get tabs() {
    return TABS;
  }

  /** The tab as the address names it; undefined of the first. */
  get tabInAddress() {
    return this.#tab === TABS[0] ? undefined : this.#tab.toLowerCase();
  }

  showTab(name) {
    this.#tab = name;
    this.#compare.reset();
    this.#body.reset();
    this.#changed();
  }

  /** Shows a capture as it is best shown; `tab` as an address names it, or the one that was open before. */
  open(hook, seq, tab) {
    this.#tab = TABS.find((name) => name.toLowerCase() === tab) ?? this.#tab;
    this.#body.reset();
    this.#compare.reset();
    this.#opened.fetch(hook, seq);
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
    this.#signature.use(model, scheme, secret);
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
    return capture !== undefined && this.#compare.withPrevious(model, capture);
  }

  async bodyText(hook, seq) {
    const { bytes } = await this.#opened.fetch(hook, seq);
    return bytes && copyable(bytes);
  }

  /** What templates cannot do: rows that are drawn where they are in sight. */
  afterRender(root) {
    this.#body.afterRender(root);
    this.#raw.afterRender(root);
  }

  /** Leads to the search in the body; false where there is none. */
  find() {
    return this.#tab === "Body" && this.#body.find(document);
  }

  help(model) {
    return help(model);
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
      ${(capture.notes ?? []).map((note) => (NOTES[note] ? html`<p class="detail-note">${NOTES[note]}</p>` : note === "body-too-large" ? nothing : html`<p class="detail-note">Note of the server: ${captured(note)}</p>`))}
      ${this.#compare.active ? this.#compare.show(model, opened) : this.#tabbed(model, opened)}
    `;
  }

  /** What the list knows of other deliveries, until the server has told of all. */
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
      ${hook.only ? nothing : html`<button type="button" class="button plain again" title="Send it again to a server on your machine" @click=${() => actions.toLocalhost(route.seq)}>${icons.again}<span>Send again to …</span></button>`}
      ${copyButton(model, "link", () => actions.captureLink(route.seq), { name: "Copy link to this request", icon: icons.share, title: "A link that opens this request and no other. It stays in the history of the browser that opens it" })}
      <button type="button" class="button plain bare" aria-label="Download" title="Download the body as it was sent" ?disabled=${!bytes} @click=${() => download(bodyName(capture.id ?? capture.seq, headerValues(capture, "content-type")[0]), bytes)}>${icons.download}</button>
      ${this.#compare.choice(model, capture)}
      ${hook.ownerKey && !isGone(model, capture)
        ? html`<button type="button" class="button plain bare" aria-label="Delete" title="Delete this request" @click=${({ detail }) => detail < 2 && actions.deleteCapture(route.seq)}>${icons.bin}</button>`
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
    return html`
      <div class="tabs" role="tablist" aria-label="Parts of the request" @keydown=${(event) => this.#arrow(event)}>
        ${TABS.map(
          (tab, index) => html`<button
            type="button"
            role="tab"
            id=${`tab-${tab}`}
            aria-selected=${tab === this.#tab ? "true" : "false"}
            aria-controls="tab-panel"
            tabindex=${tab === this.#tab ? "0" : "-1"}
            title=${`${tab} (${index + 1})`}
            @click=${() => this.showTab(tab)}
          >${tab}${tabCount(tab, capture)}</button>`,
        )}
      </div>
      <div class="tab-panel" id="tab-panel" role="tabpanel" aria-labelledby=${`tab-${this.#tab}`} tabindex="0">${this.#panel(model, opened)}</div>
    `;
  }

  #arrow(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = TABS[(TABS.indexOf(this.#tab) + step + TABS.length) % TABS.length];
    this.showTab(next);
    event.currentTarget.querySelector(`#tab-${next}`).focus();
    event.preventDefault();
  }

  #panel(model, opened) {
    const curtain = this.#verification.curtain(opened, this.#tab);
    if (curtain) return curtain;
    switch (this.#tab) {
      case "Headers":
        return headersPanel(model, opened.capture, this.#pairs);
      case "Query":
        return queryPanel(model, opened.capture, this.#pairs);
      case "Signature":
        return this.#signature.show(model, opened);
      case "Raw":
        return this.#raw.show(model, opened);
      default:
        return this.#body.show(model, opened);
    }
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

function fact(name, value, title) {
  return html`<div title=${title ?? nothing}><dt>${name}</dt><dd>${value}</dd></div>`;
}

/** Whether the list, where it reaches back far enough, has this one no more. */
function isGone({ feed }, { seq }) {
  const reaches = seq <= feed.lastSeq && (!feed.hasOlder || seq > feed.captures.at(-1).seq);
  return reaches && !feed.captures.some((capture) => capture.seq === seq);
}

function tabCount(tab, capture) {
  const number = tab === "Headers" ? capture.headers?.length : tab === "Query" && capture.query ? countPairs(capture.query) : 0;
  return number ? html` <span class="tab-count">${number}</span>` : nothing;
}

// What arrived: the list and the request that is open. Loaded when there is something to look at.

import { html, nothing } from "./lit/lit-html.js";
import { copyable, formPairs, headerValues, hex, inlineBytes, partText, readBody } from "./body.js";
import { compareCaptures, isEqual } from "./compare.js";
import { CaptureList, matches, methodClass } from "./list.js";
import { curlOf, httpHead } from "./replay.js";
import { checkSignature, detectScheme, schemes } from "./signature.js";
import { copyButton, icons } from "./views.js";
import { routeOf } from "./hooks.js";
import { count, duration, limit, moment, pathTail, size, whole } from "./text.js";

const TABS = ["Body", "Headers", "Query", "Signature", "Raw"];
const MOST_SHOWN = 200_000;
const MOST_HEX = 16_384;
const REMEMBERED = 20;
const MOST_CHOICES = 50;
const MOST_LINES = 2_000;

const NOTES = {
  "path-decoded": "The edge percent-decodes paths. This one may have been written differently; what you see is what was delivered.",
  "body-maybe-lossy": "The edge delivered this body as text. Bytes that were not valid UTF-8 may have been replaced before we saw them.",
  "body-not-base64": "The edge announced base64 but delivered something else. The body is kept as it was delivered.",
};

export class Inspector {
  #api;
  #actions;
  #changed;
  #list;
  #filtered = { captures: undefined, filter: undefined, result: [] };
  #opened = new Map();
  #tab = "Body";
  #view;
  #all = false;
  #marks = [];
  /** What the reader typed for the signature check. It stays in this object, and goes with the page. */
  #secret = "";
  #scheme;
  #verdict = {};
  /** The seq of the capture that the open one is compared with. */
  #comparedWith;
  #comparison = {};

  constructor({ api, actions, changed }) {
    this.#api = api;
    this.#actions = actions;
    this.#changed = changed;
  }

  get tabs() {
    return TABS;
  }

  showTab(name) {
    this.#tab = name;
    this.#comparedWith = undefined;
    this.#view = undefined;
    this.#all = false;
    this.#changed();
  }

  /** The captures that the filter lets through. */
  visible({ feed, filter }) {
    const known = this.#filtered;
    if (known.captures !== feed.captures || known.filter !== filter) {
      const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
      const result = words.length === 0 ? feed.captures : feed.captures.filter((capture) => matches(capture, words));
      this.#filtered = { captures: feed.captures, filter, result };
    }
    return this.#filtered.result;
  }

  /** Loads a capture and its bytes; what is loaded is kept for a while. */
  open(hook, seq) {
    this.#view = undefined;
    this.#all = false;
    this.#comparedWith = undefined;
    return this.#fetch(hook, seq);
  }

  #fetch(hook, seq) {
    const key = `${hook.id}/${seq}`;
    const known = this.#opened.get(key);
    this.#opened.delete(key);
    if (known && !known.failed) {
      this.#opened.set(key, known);
      return known.ready;
    }
    const opened = { seq, loading: true };
    this.#opened.set(key, opened);
    if (this.#opened.size > REMEMBERED) this.#opened.delete(this.#opened.keys().next().value);
    opened.ready = this.#load(hook, opened).then(() => {
      opened.loading = false;
      this.#changed();
      return opened;
    });
    return opened.ready;
  }

  async #load(hook, opened) {
    const outcome = await this.#api.capture(hook, opened.seq);
    if (outcome.kind !== "ok") {
      opened.failed = outcome;
      return;
    }
    const capture = outcome.value;
    opened.capture = capture;
    if (capture.notes?.includes("body-too-large")) return;
    opened.bytes = inlineBytes(capture.body);
    if (opened.bytes === undefined) {
      this.#changed();
      const body = await this.#api.body(hook, capture.id ?? opened.seq);
      if (body.kind !== "ok") {
        opened.bodyFailed = body;
        return;
      }
      opened.bytes = body.value;
    }
    opened.body = await readBody(capture, opened.bytes);
  }

  #current({ hook, route }) {
    return route.seq ? this.#opened.get(`${hook.id}/${route.seq}`) : undefined;
  }

  async curl(hook, seq) {
    const { capture, bytes } = await this.#fetch(hook, seq);
    if (!capture) return undefined;
    if (bytes) return curlOf(capture, bytes, hook.url);
    return { text: curlOf(capture, new Uint8Array(), hook.url), as: "without its body, which is not at hand" };
  }

  async bodyText(hook, seq) {
    const { bytes } = await this.#fetch(hook, seq);
    return bytes && copyable(bytes);
  }

  workspace(model) {
    const { feed, filter, actions } = model;
    const visible = this.visible(model);
    return html`
      <div class="list-pane">
        <div class="list-head">
          <label class="filter">
            <span class="hidden-live">Filter requests</span>
            <input id="filter" type="search" placeholder="Filter" title="Filter (/)" autocomplete="off" spellcheck="false" .value=${filter} @input=${actions.filter} />
          </label>
          ${filter ? html`<span class="muted list-count">${whole(visible.length)} of ${whole(feed.captures.length)}</span>` : nothing}
        </div>
        ${model.unseen > 0 && model.away
          ? html`<button type="button" class="news" @click=${actions.newest}>${icons.up}${whole(model.unseen)} new</button>`
          : nothing}
        <div class="list-scroll" @scroll=${actions.scrolled}>
          <ul id="captures" role="list" aria-label="Requests, newest first"></ul>
          ${visible.length === 0 ? html`<p class="list-end muted">Nothing here matches the filter.</p>` : nothing}
          ${feed.hasOlder
            ? html`<p class="list-end"><button type="button" class="button" ?disabled=${model.loadingOlder} @click=${actions.loadOlder}>Load older</button></p>`
            : visible.length > 0 && !filter && feed.captures.at(-1)?.seq === 1
              ? html`<p class="list-end muted">This is where it began.</p>`
              : nothing}
        </div>
      </div>
      <div class="detail-pane">${model.route.seq ? this.#detail(model) : choose()}</div>
    `;
  }

  /** What templates cannot do: rows keyed by seq, and colours that leave text alone. */
  afterRender(root, model) {
    const element = root.querySelector("#captures");
    if (!element) return;
    if (this.#list?.element !== element) this.#list = new CaptureList(element, model.hook.id);
    this.#list.show(model.feed.captures, {
      visible: this.visible(model),
      redeliveries: model.feed.redeliveries,
      selected: model.route.seq,
      now: model.now,
    });
    colour(root.querySelector("pre[data-coloured]"), this.#marks);
  }

  tick(now, all) {
    this.#list?.tick(now, all);
  }

  focusRow(seq) {
    this.#list?.focus(seq);
  }

  #detail(model) {
    this.#marks = [];
    const opened = this.#current(model);
    const { route, actions } = model;
    const back = html`<a class="button quiet bare back" href=${`#/${model.hook.id}`} aria-label="Back to the list" title="Back (Esc)">${icons.back}</a>`;
    if (!opened || (opened.loading && !opened.capture)) return html`<div class="detail-head">${back}<h2>#${route.seq}</h2></div>`;
    if (opened.failed) {
      return html`<div class="detail-head">${back}<h2>#${route.seq}</h2></div>
        <p class="detail-note">${failure(opened.failed)} <button type="button" class="button" @click=${() => this.open(model.hook, route.seq)}>Try again</button></p>`;
    }
    const { capture } = opened;
    return html`
      <div class="detail-head">
        ${back}
        <span class="method ${methodClass(capture.method)}">${capture.method}</span>
        <h2 class="detail-path" title=${capture.path}>${pathTail(capture.path)}${capture.query ? html`<span class="muted">?${capture.query}</span>` : nothing}</h2>
        <span class="muted">#${capture.seq}</span>
      </div>
      <dl class="facts-grid">
        ${fact("Received", moment(Date.parse(capture.receivedAt)), `stored after ${duration(Date.parse(capture.storedAt) - Date.parse(capture.receivedAt))}`)}
        ${fact("From", capture.sourceIp, [capture.sender, capture.event].filter(Boolean).join(" · "))}
        ${fact("Body", size(capture.body.size), capture.contentType ?? headerValues(capture, "content-type")[0])}
        ${capture.deliveryId ? fact("Delivery", capture.deliveryId) : nothing}
      </dl>
      <div class="detail-actions">
        ${copyButton(model, "curl", () => this.curl(model.hook, route.seq), { label: "Copy as curl", title: "Copy as curl (u)", key: "u" })}
        ${copyButton(model, "link", () => actions.shareLink(route.seq), { label: "Copy link", icon: icons.share, title: "A view-only link to this request" })}
        <button type="button" class="button plain" title="Download the body as it was sent" ?disabled=${!opened.bytes} @click=${() => actions.download(capture.id ?? `${capture.seq}`, opened.bytes)}>
          ${icons.download}<span>Download</span>
        </button>
        ${model.hook.ownerKey
          ? html`<button type="button" class="button plain" @click=${() => actions.deleteCapture(route.seq)}>${icons.bin}<span>Delete</span></button>`
          : nothing}
        ${this.#compareChoice(model, capture)}
      </div>
      ${redeliveryLinks(model, capture)}
      ${(capture.notes ?? []).map((note) => (NOTES[note] ? html`<p class="detail-note">${NOTES[note]}</p>` : note === "body-too-large" ? nothing : html`<p class="detail-note">Note of the server: ${note}</p>`))}
      ${this.#comparedWith ? this.#compared(model, opened) : this.#tabbed(model, opened)}
    `;
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

  #compareChoice({ feed, hook }, capture) {
    const alike = (other) => other.method === capture.method && other.path === capture.path;
    const others = feed.captures.filter(({ seq }) => seq !== capture.seq);
    if (others.length === 0) return nothing;
    const choices = [...others.filter(alike), ...others.filter((other) => !alike(other))].slice(0, MOST_CHOICES);
    return html`<select
      class="button plain compare-choice"
      aria-label="Compare with another request"
      @change=${(event) => this.#compareWith(hook, Number(event.target.value))}
    >
      <option value="0" .selected=${!this.#comparedWith}>Compare with …</option>
      ${choices.map(
        ({ seq, method, path }) => html`<option value=${seq} .selected=${seq === this.#comparedWith}>#${seq} ${method} ${pathTail(path).slice(0, 60)}</option>`,
      )}
    </select>`;
  }

  #compareWith(hook, seq) {
    this.#comparedWith = seq || undefined;
    if (seq) this.#fetch(hook, seq);
    this.#changed();
  }

  #compared(model, opened) {
    const other = this.#opened.get(`${model.hook.id}/${this.#comparedWith}`);
    const close = html`<button type="button" class="button plain" @click=${() => this.#compareWith(model.hook, 0)}>${icons.close}<span>Close</span></button>`;
    if (other?.failed) return html`<p class="detail-note">${failure(other.failed)} ${close}</p>`;
    if (!other || other.loading || opened.loading) return quiet("Fetching both …");
    const [before, after] = other.seq < opened.seq ? [other, opened] : [opened, other];
    if (this.#comparison.before !== before || this.#comparison.after !== after) {
      this.#comparison = { before, after, parts: compareCaptures(sideOf(before), sideOf(after)) };
    }
    const { parts } = this.#comparison;
    const equal = parts.filter(isEqual).map(({ name }) => name.toLowerCase());
    return html`
      <div class="panel-tools compare-head">
        <h3 class="grow"><span class="removed-name">− #${before.seq}</span> <span class="added-name">+ #${after.seq}</span></h3>
        ${close}
      </div>
      ${equal.length > 0 ? html`<p class="muted">Equal: ${equal.join(", ")}.</p>` : nothing}
      ${parts.filter((part) => !isEqual(part)).map(
        ({ name, lines }) => html`<h3>${name}</h3>
          ${lines === undefined
            ? html`<p class="detail-note">The bytes differ: ${size(before.capture.body.size)} and ${size(after.capture.body.size)}. They are not text, or were not kept.</p>`
            : html`<div class="text diff">${lines.slice(0, MOST_LINES).map(diffLine)}</div>
                ${lines.length > MOST_LINES ? quiet(`The first ${whole(MOST_LINES)} of ${whole(lines.length)} lines.`) : nothing}`}`,
      )}
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
    const { capture } = opened;
    switch (this.#tab) {
      case "Headers":
        return this.#headers(model, capture);
      case "Query":
        return capture.query
          ? html`${pairTable(model, formPairs(capture.query), "query")}
              <h3>As sent</h3><pre class="text">${capture.query}</pre>`
          : quiet("No query string.");
      case "Signature":
        return this.#signature(opened);
      case "Raw":
        return this.#raw(model, opened);
      default:
        return this.#body(model, opened);
    }
  }

  #headers(model, capture) {
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

  #signature(opened) {
    const { capture, bytes } = opened;
    if (capture.notes?.includes("body-too-large")) return quiet("The body was not kept, so its signature cannot be checked.");
    if (!bytes) return quiet("Fetching the body …");
    const found = detectScheme(capture);
    const scheme = this.#scheme ?? found ?? "github";
    const verdict = this.#check(opened, scheme);
    return html`
      <p class="panel-intro muted">
        ${found
          ? html`Signed the way of <b>${schemes.find(({ id }) => id === found).name}</b>.`
          : "No signature that this page knows is among the headers."}
        The check runs in this page: the secret is not sent and not stored.
      </p>
      <div class="signature-form">
        <label><span class="label">Sender</span>
          <select @change=${(event) => this.#sign({ scheme: event.target.value })}>
            ${schemes.map(({ id, name }) => html`<option value=${id} .selected=${id === scheme}>${name}</option>`)}
          </select>
        </label>
        <label class="grow"><span class="label">Signing secret</span>
          <input id="secret" class="masked" type="text" autocomplete="off" autocapitalize="off" spellcheck="false" .value=${this.#secret} @input=${(event) => this.#sign({ secret: event.target.value })} />
        </label>
      </div>
      <div class="verdict" role="status">
        ${verdict
          ? html`<p class="detail-note ${verdict.fits ? "good" : "bad"}"><b>${verdict.fits ? "The signature fits." : "The signature does not fit."}</b></p>
              ${verdict.findings.map((text) => html`<p class="finding">${text}</p>`)}`
          : quiet("Enter the secret to check.")}
      </div>
    `;
  }

  #sign({ scheme = this.#scheme, secret = this.#secret }) {
    this.#scheme = scheme;
    this.#secret = secret;
    this.#changed();
  }

  /** The verdict on what is entered now, or undefined until there is one. */
  #check({ capture, bytes }, scheme) {
    if (this.#secret === "") return undefined;
    const known = this.#verdict;
    if (known.capture === capture && known.scheme === scheme && known.secret === this.#secret) return known.result;
    const asked = { capture, scheme, secret: this.#secret };
    this.#verdict = asked;
    checkSignature(scheme, capture, bytes, this.#secret).then((result) => {
      asked.result = result;
      if (this.#verdict === asked) this.#changed();
    });
    return undefined;
  }

  #raw(model, { capture, bytes = new Uint8Array() }) {
    const head = httpHead(capture);
    const text = new TextDecoder().decode(bytes.subarray(0, MOST_SHOWN));
    const whole = () => {
      const { text: body, as } = copyable(bytes);
      return as ? { text: head, as: "without the body, which is not UTF-8 text" } : head + body;
    };
    return html`
      <div class="panel-tools"><span class="grow muted">The request as HTTP/1.1 would write it</span>
        ${copyButton(model, "raw", whole, { label: "Copy" })}</div>
      <pre class="text">${head.replaceAll("\r\n", "\n")}${text}</pre>
      ${bytes.length > MOST_SHOWN ? quiet(`The first ${size(MOST_SHOWN)} of ${size(bytes.length)}.`) : nothing}
    `;
  }

  #body(model, opened) {
    const { capture } = opened;
    if (capture.notes?.includes("body-too-large")) {
      return html`<p class="detail-note warn">Not kept: ${size(capture.body.size)}, ${tooLarge(capture.body.size, model.limits)}. The sender was told (413).</p>
        ${digest(model, capture)}`;
    }
    if (capture.body.size === 0) return quiet("No body.");
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
    this.#marks = view.marks ?? [];
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
    this.#view = name;
    this.#all = false;
    this.#changed();
  }
}

/** One side of a comparison: JSON re-indented, so that only what differs in it differs. */
function sideOf({ capture, bytes, body }) {
  const texts = body?.views.filter(({ text }) => text !== undefined) ?? [];
  const text = capture.body.size === 0 ? "" : texts.find(({ name }) => name === "Pretty" || name === "As sent")?.text;
  return { capture, bytes, text };
}

function diffLine({ kind, text, count: skipped }) {
  if (kind === "skipped") return html`<div class="skipped">${count(skipped, "equal line")}</div>`;
  const sign = { same: " ", removed: "−", added: "+" }[kind];
  return html`<div class=${kind}><span class="sign">${sign}</span>${text}</div>`;
}

/** A body below the limit can still be more than one message of the queue holds, when it does not compress. */
function tooLarge(bytes, { bodyBytes }) {
  return bytes > bodyBytes ? `limit ${limit(bodyBytes)}` : "more than one message holds, even compressed";
}

function choose() {
  return html`<div class="choose muted">
    <p>Choose a request to see its body, headers and query.</p>
    <p class="hint"><kbd>j</kbd> <kbd>k</kbd> move · <kbd>/</kbd> filter · <kbd>?</kbd> all keys</p>
  </div>`;
}

function quiet(text) {
  return html`<p class="muted quiet-line">${text}</p>`;
}

function fact(name, value, more) {
  return html`<div><dt>${name}</dt><dd>${value}${more ? html` <span class="muted">${more}</span>` : nothing}</dd></div>`;
}

function redeliveryLinks({ feed, hook }, capture) {
  const seqs = feed.redeliveries.get(capture.seq);
  if (seqs === undefined) return nothing;
  return html`<p class="detail-note">
    The same delivery came ${whole(seqs.length)} times:
    ${seqs.map((seq) => (seq === capture.seq ? html` <b>#${seq}</b>` : html` <a href=${routeOf(hook.id, { seq })}>#${seq}</a>`))}
  </p>`;
}

function tabCount(tab, capture) {
  const number = tab === "Headers" ? capture.headers?.length : tab === "Query" && capture.query ? formPairs(capture.query).length : 0;
  return number ? html` <span class="tab-count">${number}</span>` : nothing;
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
      <button type="button" class="button plain" @click=${() => model.actions.download(`${capture.id ?? capture.seq}-part-${index + 1}`, part.bytes)}>
        ${icons.download}<span>Download</span>
      </button>
    </div>
    ${text === undefined ? nothing : html`<pre class="text">${text}</pre>`}
  </div>`;
}

function failure({ kind, problem }) {
  if (kind === "unknown") return "This request is not here: it was deleted, evicted, or never existed.";
  if (kind === "offline") return "You are offline.";
  return problem?.detail ?? "The server could not answer just now.";
}

/** Colours stretches of one text node. The text stays text: no element is made of it. */
function colour(element, marks) {
  if (!CSS.highlights) return;
  const kinds = ["key", "string", "number", "literal", "duplicate", "error"];
  const ranges = Object.fromEntries(kinds.map((kind) => [kind, []]));
  const node = element && Array.from(element.childNodes).find((child) => child.nodeType === Node.TEXT_NODE && child.length > 0);
  if (node) {
    for (const { start, end, kind } of marks) {
      if (end > node.length) break;
      ranges[kind].push(new StaticRange({ startContainer: node, startOffset: start, endContainer: node, endOffset: end }));
    }
  }
  for (const kind of kinds) CSS.highlights.set(`json-${kind}`, new Highlight(...ranges[kind]));
}

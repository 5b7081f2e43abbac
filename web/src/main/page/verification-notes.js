// The response to a sender's test of the URL, the steps that are left to its owner, and secrets that are shown on demand.

import { html, nothing } from "./lit/lit-html.js";
import { captured } from "./captured.js";
import { pasteable } from "./shell.js";
import { responseSentence } from "./response.js";
import { secretPlace, verification } from "./verification.js";
import { copyButton } from "./views.js";

const MOST_LINK = 4_000;
const MASK = "••••••••••••";

export class VerificationNotes {
  #changed;
  #revealed = new WeakSet();
  #found = new WeakMap();

  constructor({ changed }) {
    this.#changed = changed;
  }

  /** Above the tabs: the response, and the owner's next step. */
  show(model, opened) {
    const { sentence, todo } = this.#look(opened);
    return html`${sentence ? html`<p class="detail-note">${captured(sentence, { most: 500 })}</p>` : nothing}${todo ? this.#todo(model, opened, todo) : nothing}`;
  }

  /** The curtain before a secret until it is asked for; undefined where none is in the parts that `holds` names, by default all. */
  curtain(opened, holds = ["headers", "body"]) {
    const { secret } = this.#look(opened);
    if (!this.#hidden(opened) || !holds.includes(secret)) return undefined;
    const what = secret === "headers" ? "X-Hook-Secret" : "a verification token";
    return html`<div class="curtain">
      <p>Here stands ${what}, the key that signs what the sender sends from now on. Whoever sees it can sign as the sender does.</p>
      <p><button type="button" class="button" @click=${() => this.#reveal(opened)}>Show it</button></p>
    </div>`;
  }

  #hidden(opened) {
    return this.#look(opened).secret !== undefined && !this.#revealed.has(opened.capture);
  }

  #look(opened) {
    const { capture, bytes } = opened;
    const known = this.#found.get(capture);
    if (known && known.bytes === bytes) return known;
    const found = { bytes, sentence: responseSentence(capture), todo: verification(capture, bytes), secret: secretPlace(capture, bytes) };
    this.#found.set(capture, found);
    return found;
  }

  #todo(model, opened, { title, text, link, host, token }) {
    const value = link ?? token;
    const hidden = this.#hidden(opened);
    return html`<div class="detail-note todo">
      <b>${title}</b>
      <p>${text}</p>
      ${value === undefined
        ? nothing
        : html`<p class="todo-value">
            <code>${hidden ? MASK : captured(value, { most: MOST_LINK })}</code>
            ${hidden ? html`<button type="button" class="button plain" @click=${() => this.#reveal(opened)}>Show</button>` : nothing}
            ${copyButton(model, "verification", () => pasteable(value), { label: link ? "Copy link" : "Copy token" })}
          </p>
          ${link ? html`<p class="${fits(link, host) ? "muted" : "warn-text"}">${hostWords(link, host)}</p>` : nothing}`}
    </div>`;
  }

  #reveal({ capture }) {
    this.#revealed.add(capture);
    this.#changed();
  }
}

function hostOf(link) {
  try {
    const { protocol, hostname } = new URL(link);
    return protocol === "https:" ? hostname : undefined;
  } catch {
    return undefined;
  }
}

function fits(link, host) {
  const found = hostOf(link);
  return found !== undefined && (host === undefined || found === host || found.endsWith(`.${host}`));
}

function hostWords(link, host) {
  const found = hostOf(link);
  if (found === undefined) return "This is no https link: do not open it.";
  if (!fits(link, host)) return html`It leads to ${captured(found, { most: 300 })}, which is not ${host}: do not open it.`;
  return html`It leads to ${captured(found, { most: 300 })}.`;
}

// The signature check of an open request.

import { html, nothing } from "./lit/lit-html.js";
import { captured } from "./captured.js";
import { headerValues } from "./headers.js";
import { failure, quiet } from "./panel-words.js";
import { target } from "./replay.js";
import { HASHES, OWN, SCHEMES, detectScheme, ownScheme, schemes } from "./schemes.js";
import { checkSignature } from "./signature.js";

/** The choice of a scheme of one's own. */
const OTHER = "own";

export const panel = (inspector) => new SignaturePanel(inspector);

class SignaturePanel {
  id = "signature";
  title = "Signature";
  holds = [];
  #changed;
  /** The secret that the reader typed. It stays in this object, and goes with the page. */
  #secret = "";
  /** The scheme that the reader chose, and for which capture. */
  #chosen = {};
  /** The reader's own scheme. */
  #own = OWN;
  /** Where the sender was told to send to, where that is not the hook's URL. */
  #url;
  #verdict = {};
  #judged = {};

  constructor({ changed }) {
    this.#changed = changed;
  }

  /** As if the reader had typed this secret for this sender. */
  use(model, scheme, secret) {
    this.#chosen = {};
    this.#secret = secret;
    this.#judge(model, scheme);
  }

  show(model, opened) {
    const { capture, bytes } = opened;
    if (capture.notes?.includes("body-too-large")) return quiet("The body was not kept, so its signature cannot be checked.");
    if (opened.bodyFailed) return quiet(failure(opened.bodyFailed));
    if (!bytes) return quiet("Fetching the body …");
    const found = detectScheme(capture);
    const scheme = (this.#chosen.capture === capture ? this.#chosen.scheme : found) ?? this.#chosen.scheme ?? (signatureHeader(capture) ? OTHER : "github");
    const url = this.#url ?? urlOf(model.hook, capture);
    const verdict = this.#check(opened, scheme, url);
    this.#judge(model, scheme);
    const signsUrl = scheme === "square" || (scheme === OTHER && this.#own.template.includes("{url}"));
    return html`
      <p class="panel-intro muted">
        ${found
          ? html`Signed the way of <b>${schemes.find(({ id }) => id === found).name}</b>.`
          : "No signature that this page knows is among the headers."}
        The check runs in this page, for the open request and for those in the list: the secret is not sent and not stored.
      </p>
      <div class="signature-form">
        <label><span class="label">Sender</span>
          <select @change=${(event) => this.#choose(capture, event.target.value)}>
            ${schemes.map(({ id, name }) => html`<option value=${id} .selected=${id === scheme}>${name}</option>`)}
            <option value=${OTHER} .selected=${scheme === OTHER}>Another: any header</option>
          </select>
        </label>
        <label class="grow"><span class="label">${SCHEMES[scheme]?.secret ?? "Signing secret"}</span>
          <input id="secret" class="masked" type="text" autocomplete="off" autocapitalize="off" spellcheck="false" .value=${this.#secret} @input=${(event) => this.#enter(event.target.value)} />
        </label>
        ${scheme === OTHER ? this.#ownFields(capture) : nothing}
        ${signsUrl
          ? html`<label class="grow"><span class="label">URL that the sender was given</span>
              <input type="text" spellcheck="false" autocomplete="off" .value=${url} @input=${(event) => this.#enterUrl(event.target.value)} /></label>`
          : nothing}
      </div>
      <div class="verdict" role="status">
        ${verdict
          ? html`<p class="detail-note ${verdict.fits ? "good" : "bad"}"><b>${verdict.fits ? "The signature fits." : "The signature does not fit."}</b></p>
              ${verdict.findings.map((text) => html`<p class="finding">${captured(text)}</p>`)}`
          : quiet("Enter the secret to check.")}
      </div>
    `;
  }

  /** The fields of a scheme of the reader's own, where no sender that is known signed. */
  #ownFields(capture) {
    const own = this.#own;
    const found = signatureHeader(capture);
    if (own === OWN && found) this.#own = guessed(capture, found);
    const { header, hash, format, prefix, template } = this.#own;
    const change = (part) => (event) => {
      this.#own = { ...this.#own, [part]: event.target.value };
      this.#changed();
    };
    const field = (label, part, value) => html`<label class="grow"><span class="label">${label}</span>
      <input type="text" spellcheck="false" autocomplete="off" autocapitalize="off" .value=${value} @input=${change(part)} /></label>`;
    const choice = (label, part, value, choices) => html`<label><span class="label">${label}</span>
      <select @change=${change(part)}>${choices.map((one) => html`<option .selected=${one === value}>${one}</option>`)}</select></label>`;
    return html`${field("Header", "header", header)} ${choice("HMAC", "hash", hash, HASHES)} ${choice("Written in", "format", format, ["hex", "base64"])}
      ${field("Prefix of the signature", "prefix", prefix)} ${field("What is signed", "template", template)}
      <p class="muted hint">{body}, {url}, {method}, {timestamp} (the header whose name ends so, or t=… beside the signature)
        and any header by its name, as in <code>{x-request-id}.{body}</code>; \\n is a line break.</p>`;
  }

  #enterUrl(url) {
    this.#url = url;
    this.#changed();
  }

  /** Has the listed captures checked in the same way. */
  #judge({ hook, workspace }, scheme) {
    const own = scheme === OTHER ? this.#own : undefined;
    const known = this.#judged;
    // It is asked once there is a list to ask for.
    if (!workspace) return;
    if (known.hook === hook && known.scheme === scheme && known.secret === this.#secret && known.own === own && known.url === this.#url) return;
    if (this.#secret === "" && known.hook === undefined) return;
    this.#judged = { hook, scheme, secret: this.#secret, own, url: this.#url };
    const url = this.#url;
    const urlOfEach = (capture) => url ?? urlOf(hook, capture);
    queueMicrotask(() => workspace.judge({ secret: this.#judged.secret, id: scheme, scheme: own ? ownScheme(own) : scheme, urlOf: urlOfEach }));
  }

  #choose(capture, scheme) {
    this.#chosen = { capture, scheme };
    this.#changed();
  }

  #enter(secret) {
    this.#secret = secret;
    this.#changed();
  }

  /** The verdict by the secret that is entered now, or undefined until there is one. */
  #check({ capture, bytes }, scheme, url) {
    if (this.#secret === "") return undefined;
    const known = this.#verdict;
    const own = scheme === OTHER ? this.#own : undefined;
    if (known.capture === capture && known.scheme === scheme && known.secret === this.#secret && known.own === own && known.url === url) return known.result;
    const asked = { capture, scheme, secret: this.#secret, own, url };
    this.#verdict = asked;
    checkSignature(own ? ownScheme(own) : scheme, capture, bytes, this.#secret, url).then((result) => {
      asked.result = result;
      if (this.#verdict === asked) this.#changed();
    });
    return undefined;
  }
}

/** A header that looks as if it held a signature. */
function signatureHeader(capture) {
  return (capture.headers ?? []).map(([name]) => name.toLowerCase()).find((name) => /signature|hmac|digest/.test(name) && !/timestamp|algorithm|version|input/.test(name));
}

/** The scheme that the form of a signature suggests. */
function guessed(capture, header) {
  const value = headerValues(capture, header)[0].trim();
  const prefix = /^[a-z0-9]{1,12}[=,](?=[\w+/-]{20})/i.exec(value)?.[0] ?? "";
  const signature = value.slice(prefix.length);
  const digits = /^[0-9a-f]+$/i.test(signature);
  const bytes = digits ? signature.length / 2 : Math.floor((signature.replace(/=+$/, "").length * 3) / 4);
  const hash = { 20: "SHA-1", 64: "SHA-512" }[bytes] ?? OWN.hash;
  return { ...OWN, header, prefix, hash, format: digits ? "hex" : "base64" };
}

function urlOf(hook, capture) {
  return hook.url + target(capture);
}

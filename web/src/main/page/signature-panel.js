// The signature check of an open request.

import { html } from "./lit/lit-html.js";
import { captured } from "./captured.js";
import { failure, quiet } from "./panels.js";
import { checkSignature, detectScheme, schemes } from "./signature.js";

export class SignaturePanel {
  #changed;
  /** What the reader typed. It stays in this object, and goes with the page. */
  #secret = "";
  /** The scheme that the reader chose, and for which capture. */
  #chosen = {};
  #verdict = {};

  constructor({ changed }) {
    this.#changed = changed;
  }

  show(opened) {
    const { capture, bytes } = opened;
    if (capture.notes?.includes("body-too-large")) return quiet("The body was not kept, so its signature cannot be checked.");
    if (opened.bodyFailed) return quiet(failure(opened.bodyFailed));
    if (!bytes) return quiet("Fetching the body …");
    const found = detectScheme(capture);
    const scheme = (this.#chosen.capture === capture ? this.#chosen.scheme : found) ?? this.#chosen.scheme ?? "github";
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
          <select @change=${(event) => this.#choose(capture, event.target.value)}>
            ${schemes.map(({ id, name }) => html`<option value=${id} .selected=${id === scheme}>${name}</option>`)}
          </select>
        </label>
        <label class="grow"><span class="label">Signing secret</span>
          <input id="secret" class="masked" type="text" autocomplete="off" autocapitalize="off" spellcheck="false" .value=${this.#secret} @input=${(event) => this.#enter(event.target.value)} />
        </label>
      </div>
      <div class="verdict" role="status">
        ${verdict
          ? html`<p class="detail-note ${verdict.fits ? "good" : "bad"}"><b>${verdict.fits ? "The signature fits." : "The signature does not fit."}</b></p>
              ${verdict.findings.map((text) => html`<p class="finding">${captured(text)}</p>`)}`
          : quiet("Enter the secret to check.")}
      </div>
    `;
  }

  #choose(capture, scheme) {
    this.#chosen = { capture, scheme };
    this.#changed();
  }

  #enter(secret) {
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
}

// The tool that sends a sample event, signed with the reader's secret, from this page to the hook: a dialog.

import { html } from "./lit/lit-html.js";
import { SAMPLES, sampleOf } from "./samples.js";
import { segments } from "./segments.js";
import { noCryptography } from "./signature.js";
import { closeOnBackdrop, icons } from "./views.js";

export class SampleTool {
  #page;
  #changed;
  #id = "github";
  /** The secret that the reader typed. It stays in this object, and goes with the page. */
  #secret = "";
  #fault = "";

  /** `page` has `send`, which sends a request to the hook, and `load`, which loads the modules that show and check it. */
  constructor(page) {
    this.#page = page;
    this.#changed = page.draw;
  }

  show() {
    return html`<dialog id="sample-tool" class="dialog wide" aria-labelledby="sample-title" @click=${closeOnBackdrop}>
      <form method="dialog">
        <header><h2 id="sample-title">Send a sample event</h2><button class="button quiet bare" aria-label="Close">${icons.close}</button></header>
      </form>
      <p class="muted">An event as its sender would send it, from this page to this URL, signed with your secret. The secret stays in this tab: it is not sent and not stored.</p>
      <form @submit=${(event) => this.#send(event)}>
        <div class="row">${segments("Sender", Object.entries(SAMPLES).map(([id, { name }]) => [name, id]), this.#id, (id) => this.#choose(id))}</div>
        <div class="row">
          <label class="grow"><span class="label">Signing secret</span>
            <input
              id="sample-secret"
              class="masked"
              type="text"
              autocomplete="off"
              autocapitalize="off"
              spellcheck="false"
              required
              placeholder=${this.#id === "stripe" ? "whsec_…" : "your own"}
              .value=${this.#secret}
              @input=${(event) => this.#enter(event.target.value)}
            /></label>
          <button class="button primary">${icons.send}<span>Send</span></button>
        </div>
      </form>
      <p class="warn-text" role="status">${this.#fault}</p>
    </dialog>`;
  }

  #choose(id) {
    this.#id = id;
    this.#changed();
  }

  #enter(secret) {
    this.#secret = secret;
    this.#changed();
  }

  /** The request that arrives is checked with the same secret. */
  async #send(event) {
    event.preventDefault();
    const { model, send, load } = this.#page;
    const secret = this.#secret;
    this.#fault = noCryptography() ?? "";
    if (this.#fault) return this.#changed();
    document.querySelector("#sample-tool")?.close();
    const id = this.#id;
    const [sample] = await Promise.all([sampleOf(id, secret), load("workspace"), load("inspector")]);
    model.inspector?.tryHere(model, id, secret);
    // It is opened as it arrives, beside a list: its sender is the one that is checked for.
    model.following = true;
    return send(sample);
  }
}

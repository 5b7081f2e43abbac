// The hook for a phone: its URL, or the link to read it, as a QR code in a dialog.

import { html } from "./lit/lit-html.js";
import { qrCode } from "./qr.js";
import { segments } from "./segments.js";
import { closeOnBackdrop, icons } from "./views.js";

/** Light modules around, as readers need them. */
const QUIET = 4;

export class QrTool {
  #changed;
  #shareLink;
  #reads = false;
  #drawn = {};

  constructor({ draw, shareLink }) {
    this.#changed = draw;
    this.#shareLink = shareLink;
  }

  show({ hook }) {
    const text = !hook ? "" : this.#reads ? this.#shareLink() : hook.url;
    return html`<dialog id="qr-tool" class="dialog" aria-labelledby="qr-title" @click=${closeOnBackdrop}>
      <form method="dialog">
        <header><h2 id="qr-title">For a phone</h2><button class="button quiet bare" aria-label="Close">${icons.close}</button></header>
      </form>
      ${segments("What the code holds", [["URL, to send to", false], ["Link, to read", true]], this.#reads, (reads) => this.#choose(reads))}
      ${this.#code(text)}
      <p class="muted">${this.#reads ? "View-only: with this code a phone reads all requests of this URL, and deletes none." : "With this code a phone can send to this URL, and reads nothing."}</p>
    </dialog>`;
  }

  #choose(reads) {
    this.#reads = reads;
    this.#changed();
  }

  #code(text) {
    if (this.#drawn.text !== text) this.#drawn = { text, code: drawing(qrCode(text)) };
    return this.#drawn.code;
  }
}

/** Dark on light in every theme: some readers know nothing else. */
function drawing(modules) {
  if (!modules) return html`<p class="muted">This address is too long for a code.</p>`;
  const size = modules.length + 2 * QUIET;
  const path = modules.map((row, y) => row.map((dark, x) => (dark ? `M${x + QUIET} ${y + QUIET}h1v1h-1z` : "")).join("")).join("");
  return html`<svg class="qr" viewBox="0 0 ${size} ${size}" role="img" aria-label="QR code">
    <rect width=${size} height=${size} fill="#fff" />
    <path d=${path} fill="#000" shape-rendering="crispEdges" />
  </svg>`;
}

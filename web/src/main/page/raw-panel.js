// The whole request as HTTP writes it.

import { html } from "./lit/lit-html.js";
import { download } from "./download.js";
import { TextLines, textRows } from "./lines.js";
import { copiedRequest, httpBytes, httpHead } from "./replay.js";
import { copyButton, icons } from "./views.js";
import { Viewer } from "./viewer.js";

export const panel = (inspector) => new RawPanel(inspector);

class RawPanel {
  id = "raw";
  title = "Raw";
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

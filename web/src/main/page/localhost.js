// The tool that brings captures to a server on the reader's machine: lines to paste, in a dialog.

import { html, nothing } from "./lit/lit-html.js";
import { download } from "./download.js";
import { browserStorage } from "./hooks.js";
import { environmentLine, fetchLine, hookFile, listenLine, replayLine, SHELL_NAMES, usualShell } from "./local-lines.js";
import { segments } from "./segments.js";
import { closeOnBackdrop, copyButton, icons } from "./views.js";

const PLACE = "hookwell.target";
const FILE = "hook.env";

export class Localhost {
  #api;
  #changed;
  /** The capture that is sent again; all that arrive when undefined. */
  #seq;
  #target = browserStorage().getItem(PLACE) || "3000";
  #file = false;
  #shell = usualShell(navigator.platform);
  #digest;

  constructor({ api, changed }) {
    this.#api = api;
    this.#changed = changed;
  }

  async open(seq) {
    this.#seq = seq;
    if (this.#digest?.kind === "ok") return;
    this.#digest = undefined;
    this.#digest = await this.#api.clientDigest();
    this.#changed();
  }

  show(model) {
    const { hook } = model;
    if (!hook) return nothing;
    const seq = this.#seq;
    const way = { file: this.#file && FILE, shell: this.#shell };
    const lines = [
      ...(this.#file ? [] : [environmentLine(hook, location.origin, this.#shell)]),
      seq ? replayLine(seq, this.#target, way) : listenLine(this.#target, way),
    ].join("\n");
    return html`<dialog id="localhost" class="dialog wide" aria-labelledby="localhost-title" @click=${closeOnBackdrop}>
      <form method="dialog">
        <header><h2 id="localhost-title">${seq ? `Send #${seq} again` : "To localhost"}</h2><button class="button quiet bare" aria-label="Close">${icons.close}</button></header>
      </form>
      <p class="muted">${seq ? "Sends this request to your own machine, byte for byte." : "Every request to your own machine, byte for byte, also those that came while it slept."}
        The key is never on a command line, which others could read.</p>
      <div class="row">
        <label class="grow"><span class="label">Port or address on your machine</span>
          <input id="target" autocomplete="off" spellcheck="false" .value=${this.#target} @input=${(event) => this.#aim(event.target.value)} /></label>
        ${segments("Where the client finds the key", [["Environment", false], ["File", true]], this.#file, (file) => this.#choose(file, this.#shell))}
      </div>
      <div class="row">
        ${segments("Where the lines are pasted", SHELL_NAMES.map((name) => [name, name]), this.#shell, (shell) => this.#choose(this.#file, shell))}
      </div>
      ${this.#file
        ? html`<p class="step"><b>1</b> <button type="button" class="button" @click=${() => saveFile(hook)}>${icons.download}<span>Save ${FILE}</span></button>
            <span class="muted">It holds the key that reads this URL: keep it where only you can read it.</span></p>`
        : nothing}
      ${this.#get(model)} ${pasted(model, "local", lines)}
    </dialog>`;
  }

  #get(model) {
    const digest = this.#digest;
    if (digest === undefined) return html`<p class="step muted">Asking for the client …</p>`;
    if (digest.kind !== "ok") {
      return html`<p class="step muted">${digest.status === 404
        ? "This server does not carry the client: ./hookwell in the repository builds it. Then:"
        : "Whether this server carries the client could not be asked just now."}</p>`;
    }
    return html`<p class="step">Once, to get the client. It needs Java 17 or later:</p>
      ${pasted(model, "client", fetchLine(location.origin, this.#shell))}
      <p class="digest muted"><span>SHA-256 <code id="client-digest">${digest.value}</code></span></p>
      <p class="step">Then:</p>`;
  }

  #aim(target) {
    this.#target = target;
    try {
      browserStorage().setItem(PLACE, target);
    } catch {
      // Only not remembered.
    }
    this.#changed();
  }

  #choose(file, shell) {
    this.#file = file;
    this.#shell = shell;
    this.#changed();
  }
}

function pasted(model, what, lines) {
  return html`<div class="try"><pre class="line"><code>${lines}</code></pre>${copyButton(model, what, lines, { title: "Copy" })}</div>`;
}

function saveFile(hook) {
  download(FILE, new TextEncoder().encode(hookFile(hook, location.origin)));
}

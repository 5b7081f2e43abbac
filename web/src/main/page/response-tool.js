// The tool that decides what senders to the hook's second URL get, in a dialog.

import { html, nothing } from "./lit/lit-html.js";
import { PRESETS, nextWords, stepWords } from "./scripted.js";
import { closeOnBackdrop, copyButton, icons } from "./views.js";
import { moment } from "./text.js";

const TYPES = ["", "text/plain", "application/json", "application/xml"];

export class ResponseTool {
  #api;
  #changed;
  /** What the server says is set; undefined until it was asked. */
  #outcome;
  #hook;
  /** The steps that are being written; undefined while those that are set are shown. */
  #draft;
  #fault = "";
  #busy = false;

  constructor({ api, changed }) {
    this.#api = api;
    this.#changed = changed;
  }

  async open(hook) {
    if (this.#hook?.id !== hook.id) this.#outcome = undefined;
    this.#hook = hook;
    this.#draft = undefined;
    await this.#ask(() => this.#api.response(hook));
  }

  /** Requests arrived: some of them may have taken a step. */
  arrived() {
    const open = document.querySelector("#response-tool")?.open;
    if (open && !this.#busy && !this.#draft) this.#ask(() => this.#api.response(this.#hook));
  }

  async #ask(call) {
    this.#busy = true;
    this.#fault = "";
    this.#changed();
    const outcome = await call();
    if (outcome.kind === "ok") {
      this.#outcome = outcome;
      this.#draft = undefined;
    } else {
      this.#outcome ??= outcome;
      this.#fault = faultOf(outcome);
    }
    this.#busy = false;
    this.#changed();
  }

  #put(steps) {
    return this.#ask(() => this.#api.setResponse(this.#hook, { steps, handshakes: this.#outcome.value?.handshakes ?? true }));
  }

  async #remove() {
    const hook = this.#hook;
    await this.#ask(async () => {
      const removed = await this.#api.deleteResponse(hook);
      return removed.kind === "ok" ? this.#api.response(hook) : removed;
    });
  }

  show(model) {
    if (!model.hook) return nothing;
    const value = this.#outcome?.kind === "ok" ? this.#outcome.value : undefined;
    return html`<dialog id="response-tool" class="dialog wide" aria-labelledby="response-title" @click=${closeOnBackdrop}>
      <form method="dialog">
        <header><h2 id="response-title">Response</h2><button class="button quiet bare" aria-label="Close">${icons.close}</button></header>
      </form>
      ${value ? this.#set(model, value) : nothing}
      ${this.#outcome === undefined ? html`<p class="muted">Asking what is set …</p>` : nothing}
      <p class="warn-text" role="alert">${this.#fault}</p>
    </dialog>`;
  }

  #set(model, value) {
    const mayChange = Boolean(model.hook.ownerKey);
    const steps = this.#draft ?? value.steps;
    return html`<p class="muted">The URL on the page gives every sender a plain 200. This one, of the same hook and with the same list of requests, gives what you choose:</p>
      <div class="try"><pre class="line"><code>${value.url}</code></pre>${copyButton(model, "scripted", value.url, { title: "Copy this URL" })}</div>
      <p id="response-next" class="step"><b>${this.#draft ? "Not set yet." : nextWords(value)}</b>
        ${!this.#draft && value.failuresEndAt ? html` <span class="muted">Failing ends by itself ${moment(Date.parse(value.failuresEndAt))}.</span>` : nothing}</p>
      ${steps.length > 0
        ? html`<ol class="steps">${steps.map(
            (step, index) => html`<li><span>${stepWords(step)}</span>${this.#draft
              ? html` <button type="button" class="button quiet bare" aria-label="Remove step ${index + 1}" title="Remove" @click=${() => this.#write(steps.toSpliced(index, 1))}>${icons.close}</button>`
              : nothing}</li>`,
          )}</ol>`
        : nothing}
      ${mayChange ? this.#change(value, steps) : html`<p class="muted">Opened with a view-only link: only the owner changes what senders get.</p>`}`;
  }

  #change(value, steps) {
    return html`<div class="row wrapped">
        <label class="grow"><span class="label">Begin with</span>
          <select id="preset" @change=${(event) => this.#begin(event.target)}>
            <option value="">Choose …</option>
            ${PRESETS.map(({ name }, index) => html`<option value=${index}>${name}</option>`)}
          </select></label>
        ${value.steps.length > 0 && !this.#draft
          ? html`<button type="button" class="button" ?disabled=${this.#busy} @click=${() => this.#ask(() => this.#api.restartResponse(this.#hook))}>Start again</button>
              <button type="button" class="button" ?disabled=${this.#busy} @click=${() => this.#remove()}>Plain 200 again</button>`
          : nothing}
      </div>
      ${steps.some(({ status }) => status >= 400)
        ? html`<p class="detail-note warn">A real sender that fails too often may switch its subscription off. Failing steps end after 24 hours by themselves.</p>`
        : nothing}
      <form id="step" class="row wrapped" @submit=${(event) => this.#add(event, steps)}>
        <label><span class="label">Status</span><input name="status" type="number" min="200" max="599" value="200" required /></label>
        <label><span class="label">Requests</span><input name="times" type="number" min="1" max="1000" placeholder="all" /></label>
        <label><span class="label">Delay, s</span><input name="delay" type="number" min="0" step="0.1" placeholder="0" /></label>
        <label><span class="label">Type</span><select name="type">${TYPES.map((type) => html`<option value=${type}>${type || "none"}</option>`)}</select></label>
        <label class="grow"><span class="label">Body</span><input name="body" autocomplete="off" spellcheck="false" /></label>
        <button class="button">Add step</button>
      </form>
      ${this.#draft
        ? html`<p class="dialog-actions">
            <button type="button" class="button" @click=${() => this.#write(undefined)}>Discard</button>
            <button type="button" class="button primary" ?disabled=${this.#busy || steps.length === 0} @click=${() => this.#put(steps)}>Set</button>
          </p>`
        : nothing}`;
  }

  #begin(choice) {
    const preset = PRESETS[Number(choice.value)];
    if (choice.value !== "" && preset) this.#write(preset.steps);
    choice.value = "";
  }

  #add(event, steps) {
    event.preventDefault();
    const form = new FormData(event.target);
    const step = { status: Number(form.get("status")) };
    if (form.get("times")) step.times = Number(form.get("times"));
    if (Number(form.get("delay")) > 0) step.delay = `PT${Number(form.get("delay"))}S`;
    if (form.get("body")) step.body = form.get("body");
    if (form.get("type") && step.body) step.headers = [["Content-Type", form.get("type")]];
    this.#write([...steps, step]);
  }

  #write(steps) {
    this.#draft = steps;
    this.#changed();
  }
}

function faultOf({ kind, problem }) {
  if (kind === "offline") return "The server could not be reached. Try again.";
  return problem?.detail ?? "The server did not answer as it should. Try again.";
}

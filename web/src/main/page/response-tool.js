// The tool that decides the responses to senders to the hook's second URL, in a dialog.

import { html, nothing } from "./lit/lit-html.js";
import { HANDSHAKES, PRESETS, endWords, ends, nextWords, stepOf, stepWords, warnings, withStep } from "./scripted.js";
import { stepForm } from "./step-form.js";
import { closeOnBackdrop, copyButton, icons } from "./views.js";

export class ResponseTool {
  #api;
  #changed;
  /** The script that is set, as the server has it; undefined until it was asked. */
  #outcome;
  #hook;
  /** The steps that are being written; undefined while those that are set are shown. */
  #draft;
  /** The choice for handshakes, where that is being written too. */
  #handshakes;
  /** How the step ends that is being written. */
  #end = "all";
  #fault = "";
  #busy = false;

  constructor({ api, changed }) {
    this.#api = api;
    this.#changed = changed;
  }

  async open(hook) {
    if (this.#hook?.id !== hook.id) {
      this.#outcome = undefined;
      this.#discard();
    }
    this.#hook = hook;
    await this.#ask(() => this.#api.response(hook), { keepsDraft: true });
  }

  /** Requests arrived: some of them may have taken a step. */
  arrived() {
    const open = document.querySelector("#response-tool")?.open;
    if (open && !this.#busy && !this.#draft) this.#ask(() => this.#api.response(this.#hook), { keepsDraft: true });
  }

  async #ask(call, { keepsDraft = false } = {}) {
    const hook = this.#hook;
    this.#busy = true;
    this.#fault = "";
    this.#changed();
    const outcome = await call();
    // Another hook was opened meanwhile.
    if (hook !== this.#hook) return;
    if (outcome.kind === "ok") {
      this.#outcome = outcome;
      if (!keepsDraft) this.#discard();
    } else {
      this.#outcome ??= outcome;
      this.#fault = faultOf(outcome);
    }
    this.#busy = false;
    this.#changed();
  }

  #put(steps) {
    const handshakes = this.#handshakes ?? this.#outcome.value.handshakes;
    return this.#ask(() => this.#api.setResponse(this.#hook, { steps, handshakes }));
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
        ${!this.#draft && value.failuresEndAt ? html` <span class="muted">${endWords(Date.parse(value.failuresEndAt), Date.now())}</span>` : nothing}</p>
      ${steps.length > 0
        ? html`<ol class="steps">${steps.map(
            (step, index) => html`<li><span>${stepWords(step)}</span>${mayChange
              ? html` <button
                  type="button"
                  class="button quiet bare"
                  aria-label="Remove step ${index + 1}"
                  title="Remove"
                  @click=${() => this.#write(steps.toSpliced(index, 1))}
                >${icons.close}</button>`
              : nothing}</li>`,
          )}</ol>`
        : nothing}
      ${!mayChange && value.handshakes !== true ? html`<p class="muted">Tests of the URL ${HANDSHAKES.find(({ value: mode }) => mode === value.handshakes)?.words}.</p>` : nothing}
      ${mayChange ? this.#change(value, steps) : html`<p class="muted">Opened with a view-only link: only the owner changes what senders get.</p>`}`;
  }

  #change(value, steps) {
    return html`<div class="row fields">
        <label class="grow"><span class="label">Begin with</span>
          <select id="preset" @change=${(event) => this.#begin(event.target)}>
            <option value="">Choose …</option>
            ${PRESETS.map(({ name }, index) => html`<option value=${index}>${name}</option>`)}
          </select></label>
        <label><span class="label">Tests of the URL</span>
          <select id="handshakes" @change=${(event) => this.#decide(event.target.value, steps)}>
            ${HANDSHAKES.map(({ value: mode, words }) => html`<option value=${mode} ?selected=${mode === (this.#handshakes ?? value.handshakes)}>${words}</option>`)}
          </select></label>
        ${value.steps.length > 0 && !this.#draft
          ? html`<button type="button" class="button" ?disabled=${this.#busy} @click=${() => this.#ask(() => this.#api.restartResponse(this.#hook))}>Start again</button>
              <button type="button" class="button" ?disabled=${this.#busy} @click=${() => this.#remove()}>Plain 200 again</button>`
          : nothing}
      </div>
      ${warnings(steps).map((words) => html`<p class="detail-note warn">${words}</p>`)}
      ${this.#draft?.length > 0 && ends(this.#draft.at(-1)) ? html`<p class="muted">Add a last step for all requests that are left.</p>` : nothing}
      ${stepForm({ end: this.#end, choose: (end) => this.#choose(end), add: (fields) => this.#add(fields, steps) })}
      ${this.#draft
        ? html`<p class="dialog-actions">
            <button type="button" class="button" @click=${() => this.#forget()}>Discard</button>
            <button type="button" class="button primary" ?disabled=${this.#busy || steps.length === 0} @click=${() => this.#put(steps)}>Set</button>
          </p>`
        : nothing}`;
  }

  #begin(choice) {
    const preset = PRESETS[Number(choice.value)];
    if (choice.value !== "" && preset) this.#write(preset.steps);
    choice.value = "";
  }

  #choose(end) {
    this.#end = end;
    this.#changed();
  }

  #add(fields, steps) {
    const { step, fault = "" } = stepOf(fields, Date.now());
    this.#fault = fault;
    if (step) this.#write(withStep(steps, step));
    else this.#changed();
    return step !== undefined;
  }

  /** A script needs a step, so that the plain 200 is written as one. */
  #decide(written, steps) {
    this.#handshakes = HANDSHAKES.find(({ value: mode }) => String(mode) === written).value;
    this.#write(steps.length > 0 ? steps : [{ status: 200 }]);
  }

  #discard() {
    this.#draft = undefined;
    this.#handshakes = undefined;
  }

  #forget() {
    this.#discard();
    this.#changed();
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

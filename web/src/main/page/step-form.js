// The form that writes one step of a script.

import { html, nothing } from "./lit/lit-html.js";

const TYPES = ["", "text/plain", "application/json", "application/xml"];

/** The ways in which a step ends, each with its field. */
const ENDS = {
  all: { label: "all that come", field: nothing },
  times: { label: "a number of requests", field: html`<label><span class="label">Requests</span><input name="times" type="number" min="1" max="1000" value="3" required /></label>` },
  for: { label: "a while from now", field: html`<label><span class="label">Seconds</span><input name="for" type="number" min="1" max="86400" value="120" required /></label>` },
  until: { label: "until a time", field: html`<label><span class="label">Time</span><input name="until" type="datetime-local" step="1" required /></label>` },
  percent: { label: "a share of them", field: html`<label><span class="label">Percent</span><input name="percent" type="number" min="1" max="99" value="30" required /></label>` },
};

/** `end` is one of ENDS, `choose` takes another; `add` takes the fields as an object and returns whether they were a step. */
export function stepForm({ end, choose, add }) {
  const submit = (event) => {
    event.preventDefault();
    const form = event.target;
    if (add(Object.fromEntries(new FormData(form)))) form.reset();
  };
  return html`<form id="step" class="row fields" @submit=${submit}>
    <label><span class="label">Status</span><input name="status" type="number" min="200" max="599" value="200" required /></label>
    <label><span class="label">For</span><select name="end" .value=${end} @change=${(event) => choose(event.target.value)}>
      ${Object.entries(ENDS).map(([name, { label }]) => html`<option value=${name} ?selected=${name === end}>${label}</option>`)}</select></label>
    ${ENDS[end].field}
    <label><span class="label">Delay, s</span><input name="delay" type="number" min="0" step="0.1" placeholder="0" /></label>
    <label><span class="label">Type</span><select name="type">${TYPES.map((type) => html`<option value=${type}>${type || "none"}</option>`)}</select></label>
    <label class="grow"><span class="label">Body</span><textarea name="body" rows="1" autocomplete="off" spellcheck="false"></textarea></label>
    <label class="grow"><span class="label">Headers, one a line</span><textarea name="headers" rows="1" placeholder="Retry-After: 5" autocomplete="off" spellcheck="false"></textarea></label>
    <button class="button">Add step</button>
  </form>`;
}

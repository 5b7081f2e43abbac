// A choice of a few, all of them in sight.

import { html } from "./lit/lit-html.js";

/** One of several, each `[name, value]`. */
export function segments(label, choices, chosen, choose) {
  return html`<div class="segments" role="group" aria-label=${label}>
    ${choices.map(([name, value]) => html`<button type="button" aria-pressed=${value === chosen ? "true" : "false"} @click=${() => choose(value)}>${name}</button>`)}
  </div>`;
}

// A button that asks the filter for others of the same kind.

import { html, nothing } from "./lit/lit-html.js";
import { escaped } from "./captured-text.js";
import { icons } from "./views.js";

/** `term` is a condition as it is written, or undefined where there is no way to write it: then there is no button, nor where there is no list to filter. */
export function filterButton({ actions, hook }, term, label) {
  if (term === undefined || hook?.only) return nothing;
  return html`<button
    type="button"
    class="button plain ${label ? "" : "bare"}"
    title=${`Show only requests with the same: ${escaped(term.slice(0, 200))}`}
    aria-label=${label ? nothing : "Filter by this"}
    @click=${() => actions.filterBy(term)}
  >
    ${icons.filter}${label ? html`<span>${label}</span>` : nothing}
  </button>`;
}

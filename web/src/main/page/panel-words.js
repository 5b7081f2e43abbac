// The words of a panel that has nothing to show.

import { html } from "./lit/lit-html.js";

export function quiet(text) {
  return html`<p class="muted quiet-line">${text}</p>`;
}

/** Why a request, or its body, could not be fetched, in words. */
export function failure({ kind, problem }) {
  if (kind === "unknown") return "This request is not here: it was deleted, evicted, or never existed.";
  if (kind === "offline") return "The server cannot be reached.";
  if (kind === "damaged") return `This body was kept, and what is kept now is not what was received. ${problem.detail ?? ""}`;
  return problem?.detail ?? "The server could not answer just now.";
}

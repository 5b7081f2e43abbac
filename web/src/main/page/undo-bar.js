// The line that brings back requests that were deleted a moment ago, one by one.

import { html, nothing } from "./lit/lit-html.js";

export function undoBar({ hook, undo }) {
  const shown = undo.isOf(hook);
  const pause = () => undo.pause();
  const resume = () => undo.resume();
  // What tells of it is always there, or a screen reader would miss what comes into it.
  return html`<p class="visually-hidden" role="status">${undo.said}</p>
    <div class="toast undo ${shown ? "shown" : ""}" @pointerenter=${pause} @pointerleave=${resume} @focusin=${pause} @focusout=${resume}>
    <span aria-hidden="true">${undo.words}</span>${shown
      ? html`<button type="button" class="button" title="Undo (z)" aria-keyshortcuts="z" @click=${() => undo.undo()}>Undo</button>`
      : nothing}
  </div>`;
}

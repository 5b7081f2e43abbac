// The keys, in a dialog.

import { html } from "./lit/lit-html.js";
import { closeOnBackdrop, icons } from "./views.js";

export function help({ actions, shortcuts }) {
  const keys = [
    ["j  k", "next, previous request"],
    ["Enter", "open"],
    ["Esc", "back to the list"],
    ["/", "filter"],
    ["g", "newest"],
    ["1 – 5", "tabs"],
    ["c", "copy URL"],
    ["u", "copy as curl"],
    ["y", "copy body"],
    ["f", "find in the body"],
    ["d", "compare with the one before"],
    ["r", "check now"],
    ["?", "this help"],
  ];
  return html`<dialog id="help" class="dialog" aria-labelledby="help-title" @click=${closeOnBackdrop}>
    <form method="dialog">
      <header><h2 id="help-title">Keyboard</h2><button class="button quiet bare" aria-label="Close">${icons.close}</button></header>
      <dl>${keys.map(([key, meaning]) => html`<div><dt><kbd>${key}</kbd></dt><dd>${meaning}</dd></div>`)}</dl>
      <label class="check"><input type="checkbox" .checked=${shortcuts} @change=${actions.toggleShortcuts} /> Single-key shortcuts</label>
    </form>
  </dialog>`;
}

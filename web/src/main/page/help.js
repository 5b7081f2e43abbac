// The keys and the language of the filter, in a dialog.

import { html } from "./lit/lit-html.js";
import { closeOnBackdrop, icons } from "./views.js";

const FILTERS = [
  ["#217", "and Enter: opens this request"],
  ["paid", "a word, anywhere"],
  ['"two words"', "just so"],
  ["-paid", "without this"],
  ["method:POST", "the method"],
  ["path:/pay*", "the path; * is anything"],
  ["sender:stripe", "a known sender"],
  ["event:invoice.paid", "what it tells of"],
  ["header:x-id:abc", "a text in this header"],
  ["signature:bad", "by a secret typed in the tab Signature"],
  ["is:pinned", "or is:noted, in this browser"],
  ["json:/data/status=failed", "a value at this place of a JSON body"],
];

/** All keys, as `[keys, meaning]`; those of the panels of an open request among them. */
function keyRows(panels) {
  return [
    ["j  k", "next, previous request"],
    ["Enter", "open"],
    ["Esc", "back to the list"],
    ["/", "filter; then ↓ or Enter to its first request"],
    ["g", "newest"],
    ["o", "odd ones out"],
    [`1 – ${panels.length}`, "tabs"],
    ["⇧ ← →", "a span on the bars; Enter shows it"],
    ["c", "copy URL"],
    ["u", "copy as curl"],
    ...panels.flatMap(({ keys = [] }) => keys.map(({ key, does }) => [key, does])),
    ["d", "compare with the one before"],
    ["p  n", "pin, write a note: in this browser only"],
    ["z", "undo the deletion"],
    ["r", "check now"],
    ["?", "this help"],
  ];
}

export function help({ actions, shortcuts }, panels) {
  return html`<dialog id="help" class="dialog" aria-labelledby="help-title" @click=${closeOnBackdrop}>
    <form method="dialog">
      <header><h2 id="help-title">Keys and filter</h2><button class="button quiet bare" aria-label="Close">${icons.close}</button></header>
      <dl>${keyRows(panels).map(([key, meaning]) => html`<div><dt><kbd>${key}</kbd></dt><dd>${meaning}</dd></div>`)}</dl>
      <h3>Filter</h3>
      <p class="muted">Looks at all requests that are kept, with their headers and bodies, as they were sent and as they read.
        For words, short bodies that their senders compressed are unpacked, in the newest 50 of them. Bodies that are not searched are counted.</p>
      <dl>${FILTERS.map(([term, meaning]) => html`<div><dt><code>${term}</code></dt><dd>${meaning}</dd></div>`)}</dl>
      <label class="check"><input type="checkbox" .checked=${shortcuts} @change=${actions.toggleShortcuts} /> Single-key shortcuts</label>
    </form>
  </dialog>`;
}

// The query of an open request, as pairs and as it was sent.

import { html, nothing } from "./lit/lit-html.js";
import { captured } from "./captured.js";
import { countPairs, readPairs } from "./form.js";
import { quiet } from "./panel-words.js";

export const panel = ({ pairs }) => ({
  id: "query",
  title: "Query",
  holds: [],
  count: ({ query }) => (query ? countPairs(query) : 0),
  show(model, { capture }) {
    if (!capture.query) return quiet("No query string.");
    return html`${queryTable(model, capture, pairs)}
      <h3>As sent</h3><pre class="text">${captured(capture.query, { lines: true })}</pre>`;
  },
});

export function queryTable(model, capture, pairs) {
  const { query } = capture;
  const { pairs: read, remark } = readPairs(query, undefined, undefined, { areBytes: true });
  return html`${remark ? html`<p class="detail-note">${remark}</p>` : nothing}${pairs.show(model, capture, "query", read, countPairs(query))}${pairs.inside(capture, "query", read)}`;
}

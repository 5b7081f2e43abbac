// The headers of an open request, and its cookies.

import { html, nothing } from "./lit/lit-html.js";
import { readableCookies, readableHeaders } from "./readable.js";
import { copiedHeaders } from "./replay.js";
import { copyButton } from "./views.js";

export const panel = ({ pairs }) => ({
  id: "headers",
  title: "Headers",
  holds: ["headers"],
  count: ({ headers }) => headers?.length ?? 0,
  show(model, { capture }) {
    const headers = readableHeaders(capture);
    const cookies = readableCookies(capture);
    return html`
      <div class="panel-tools"><span class="grow muted">${headers.length} headers, names in lower case and repeats joined as the edge delivers them</span>
        ${copyButton(model, "headers", () => copiedHeaders(capture), { label: "Copy all" })}</div>
      ${pairs.show(model, capture, "header", headers)} ${pairs.inside(capture, "headers", headers)}
      ${cookies.length > 0
        ? html`<h3>Cookies</h3><p class="muted">The edge takes them out of the headers, one entry a pair.</p>${pairs.show(model, capture, "cookie", cookies.map(nameAndValue))}`
        : nothing}
    `;
  },
});

function nameAndValue(cookie) {
  const at = cookie.indexOf("=");
  return at < 0 ? [cookie, ""] : [cookie.slice(0, at), cookie.slice(at + 1)];
}

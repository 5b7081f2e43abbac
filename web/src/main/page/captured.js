// Captured text in templates. Whatever a sender wrote is shown through here.

import { html, nothing } from "./lit/lit-html.js";
import { cutAt, namedPieces } from "./captured-text.js";

/**
 * The first characters of `text`, as many as `most` plain letters take, with a name for each one that is not seen.
 * `lines` for text that may have several lines.
 */
export function captured(text, { most = 20_000, lines = false } = {}) {
  if (!text) return text ?? "";
  const end = cutAt(text, most);
  const pieces = namedPieces(text.slice(0, end), { lines });
  if (end === text.length && pieces.length === 1 && typeof pieces[0] === "string") return text;
  return html`${pieces.map((piece) => (typeof piece === "string" ? piece : html`<span class="codepoint">${piece.name}</span>`))}${end < text.length ? "…" : nothing}`;
}

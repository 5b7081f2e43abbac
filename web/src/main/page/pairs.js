// Names and values as tables: headers, cookies, the fields of a form, a query.

import { html, nothing } from "./lit/lit-html.js";
import { captured } from "./captured.js";
import { escaped } from "./captured-text.js";
import { filterButton } from "./filter-button.js";
import { timeWords } from "./hints.js";
import { insideOf } from "./layers.js";
import { termText } from "./match.js";
import { pasteable } from "./shell.js";
import { whole } from "./text.js";
import { copyButton } from "./views.js";

const MOST_ROWS = 500;
const MOST_ROWS_OF_ALL = 2_000;
const MOST_NAME = 500;
/** A filter of this and its name is one that the API takes. */
const MOST_TERM = 800;
/** In plain letters: of one value, and of all together. */
const MOST_VALUE = 20_000;
const MOST_TEXT = 100_000;

export class PairTables {
  #changed;
  /** Which tables of which captures are shown with all of their rows. */
  #all = new WeakMap();
  /** The insides of values, as text, by the capture and the name of its pairs. Looked for once. */
  #insides = new WeakMap();

  constructor({ changed }) {
    this.#changed = changed;
  }

  /** `what` names the pairs of one capture; `count` is how many there are, where not all were read. */
  show(model, capture, what, pairs, count = pairs.length) {
    const all = this.#all.get(capture)?.has(what);
    let left = MOST_TEXT;
    const rows = pairs.slice(0, all ? MOST_ROWS_OF_ALL : MOST_ROWS).map(([name, value], index) => {
      const most = Math.min(MOST_VALUE, Math.max(100, left));
      left -= Math.min(most, value.length);
      return row(model, { what, index, name, value, most });
    });
    return html`<table class="pairs"><tbody>${rows}</tbody></table>
      ${rows.length < count ? this.#rest(capture, what, all, rows.length, count) : nothing}`;
  }

  /** The insides of the values of pairs: tokens, JSON, base64. */
  inside(capture, what, pairs) {
    const known = this.#insides.get(capture) ?? {};
    this.#insides.set(capture, known);
    if (!Object.hasOwn(known, what)) known[what] = insideOf(pairs);
    return known[what] ? html`<h3>Inside</h3><pre class="text">${captured(known[what], { lines: true })}</pre>` : nothing;
  }

  #rest(capture, what, all, shown, count) {
    const words = count > MOST_ROWS_OF_ALL ? `Show ${whole(MOST_ROWS_OF_ALL)}` : "Show all";
    return html`<p class="list-end muted">The first ${whole(shown)} of ${whole(count)}.
      ${all ? nothing : html`<button type="button" class="button" @click=${() => this.#showAll(capture, what)}>${words}</button>`}</p>`;
  }

  #showAll(capture, what) {
    this.#all.set(capture, new Set([...(this.#all.get(capture) ?? []), what]));
    this.#changed();
  }
}

function row(model, { what, index, name, value, most }) {
  const term = what === "header" && value.length <= MOST_TERM ? termText("header", `${name}:${value}`) : undefined;
  return html`<tr>
    <th scope="row">${captured(name, { most: MOST_NAME, lines: true })}</th>
    <td title=${timeWords(value) ?? nothing}>${value === "" ? html`<span class="muted">empty</span>` : captured(value, { most, lines: true })}</td>
    <td class="pair-copy">${filterButton(model, term)}${copyButton(model, `${what} ${index}`, () => pasteable(value), { title: `Copy the value of ${escaped(name.slice(0, 60))}` })}</td>
  </tr>`;
}

// The choice of a second request, and the differences between the two.

import { html, nothing } from "./lit/lit-html.js";
import { captured } from "./captured.js";
import { escaped } from "./captured-text.js";
import { compareCaptures, isEqual } from "./compare.js";
import { indented } from "./json.js";
import { failure, quiet } from "./panel-words.js";
import { count, pathTail, whole } from "./text.js";
import { icons } from "./views.js";

const MOST_CHOICES = 50;
const MOST_LINES = 2_000;
/** In plain letters: of one line, and of all together. */
const MOST_IN_LINE = 5_000;
const MOST_TEXT = 100_000;

export class Comparison {
  #opened;
  #changed;
  #curtain;
  /** The seq of the capture that the open one is compared with. */
  #with;
  #comparison = {};

  /** `opened` fetches the other capture; `curtain` gives the curtain before one that holds a secret. */
  constructor({ opened, changed, curtain }) {
    this.#curtain = curtain;
    this.#opened = opened;
    this.#changed = changed;
  }

  get active() {
    return this.#with !== undefined;
  }

  reset() {
    this.#with = undefined;
  }

  choice({ feed, hook }, capture) {
    const alike = (other) => other.method === capture.method && other.path === capture.path;
    const others = feed.captures.filter(({ seq }) => seq !== capture.seq);
    if (others.length === 0) return nothing;
    const choices = [...others.filter(alike), ...others.filter((other) => !alike(other))].slice(0, MOST_CHOICES);
    return html`<label class="button plain compare-choice">
      ${icons.compare}
      <select aria-label="Compare with another request" @change=${(event) => this.#choose(hook, Number(event.target.value))}>
        <option value="0" .selected=${!this.#with}>Compare with …</option>
        ${choices.map(
          ({ seq, method, path }) => html`<option value=${seq} .selected=${seq === this.#with}>#${seq} ${escaped(method.slice(0, 20))} ${escaped(pathTail(path).slice(0, 60))}</option>`,
        )}
      </select>
    </label>`;
  }

  /** Compares with the one before that went the same way. */
  withPrevious({ feed, hook }, { seq, method, path }) {
    const previous = feed.captures.find((other) => other.seq < seq && other.method === method && other.path === path);
    if (previous) this.#choose(hook, previous.seq);
    return previous !== undefined;
  }

  #choose(hook, seq) {
    this.#with = seq || undefined;
    if (seq) this.#opened.fetch(hook, seq);
    this.#changed();
  }

  show(model, opened) {
    const other = this.#opened.find(model.hook, this.#with);
    const close = html`<button type="button" class="button plain" @click=${() => this.#choose(model.hook, 0)}>${icons.close}<span>Close</span></button>`;
    if (other?.failed) return html`<p class="detail-note">${failure(other.failed)} ${close}</p>`;
    if (!other || other.loading || opened.loading) return quiet("Fetching both …");
    const curtain = this.#curtain(opened) ?? this.#curtain(other);
    if (curtain) return html`<div class="panel-tools"><span class="grow"></span>${close}</div>${curtain}`;
    const [before, after] = other.seq < opened.seq ? [other, opened] : [opened, other];
    if (this.#comparison.before !== before || this.#comparison.after !== after) {
      this.#comparison = { before, after, parts: bodyFirst(compareCaptures(sideOf(before), sideOf(after))) };
    }
    const { parts } = this.#comparison;
    const equal = parts.filter(isEqual).map(({ name }) => name.toLowerCase());
    return html`
      <div class="panel-tools compare-head">
        <h3 class="grow"><span class="removed-name">− only in #${before.seq}</span> <span class="added-name">+ only in #${after.seq}</span></h3>
        ${close}
      </div>
      ${equal.length > 0 ? html`<p class="muted">Equal: ${equal.join(", ")}.</p>` : nothing}
      ${parts.filter((part) => !isEqual(part)).map(
        ({ name, lines, ...how }) => html`<h3>${name}</h3>
          ${lines === undefined || how.reformatted
            ? html`<p class="detail-note">The bytes differ, ${whole(before.capture.body.size)} and ${whole(after.capture.body.size)} of them${whyNotLines(how)}</p>`
            : html`<div class="text diff">${diffLines(lines)}</div>
                ${lines.length > MOST_LINES ? quiet(`The first ${whole(MOST_LINES)} of ${whole(lines.length)} lines.`) : nothing}`}`,
      )}
    `;
  }
}

function whyNotLines({ reformatted, tooLong }) {
  if (reformatted) return ", but only in spaces between the same values.";
  return tooLong ? "; they have too many lines to be compared." : "; they are not text, or were not kept.";
}

function bodyFirst(parts) {
  return parts.toSorted((one, other) => Number(other.name === "Body") - Number(one.name === "Body"));
}

/** One side of a comparison: JSON re-indented, so that only what differs in it differs; a body that is best shown as hex is no text. */
function sideOf({ capture, bytes, body }) {
  const [best] = body?.views ?? [];
  const view = best && !best.hex ? body.views.find(({ name, source }) => source && (name === "Pretty" || name === "As sent")) : undefined;
  return { capture, bytes, text: capture.body.size === 0 ? "" : view && plainText(view) };
}

function plainText({ source, json }) {
  return json ? (indented(source.text, json) ?? source.text) : source.text;
}

function diffLines(lines) {
  let left = MOST_TEXT;
  return lines.slice(0, MOST_LINES).map((line) => {
    const most = Math.min(MOST_IN_LINE, Math.max(100, left));
    left -= Math.min(most, line.text?.length ?? 0);
    return diffLine(line, most);
  });
}

function diffLine({ kind, text, count: skipped }, most) {
  if (kind === "skipped") return html`<div class="skipped">${count(skipped, "equal line")}</div>`;
  const sign = { same: " ", removed: "−", added: "+" }[kind];
  return html`<div class=${kind}><span class="sign">${sign}</span>${captured(text, { most })}</div>`;
}

// The panel that tells which of the listed requests differs from the others, and in which field.

import { html, nothing } from "./lit/lit-html.js";
import { captured } from "./captured.js";
import { escapedJson } from "./captured-text.js";
import { chosenIn, differences, inSlices, isChosen } from "./facets.js";
import { termText } from "./match.js";
import { fresh, jsonSchema, learn, typeScript } from "./schema.js";
import { count, whole } from "./text.js";
import { copyButton, icons } from "./views.js";

const MOST_LETTERS = 60;
const MOST_PATH = 120;
/** Requests that arrive one after the other are looked at together. */
const PAUSE = 1_000;
/** Of so many letters of bodies a type is made. */
const MOST_TYPED = 1_000_000;

export class Odd {
  #changed;
  #previews;
  #isOpen = false;
  #found;
  /** Of which hook, list and bodies it was found. */
  #of = {};
  #running = false;

  constructor({ previews, changed }) {
    this.#previews = previews;
    this.#changed = changed;
  }

  get isOpen() {
    return this.#isOpen;
  }

  toggle() {
    this.#isOpen = !this.#isOpen;
    this.#changed();
  }

  show(model) {
    if (!this.#isOpen) return html`<section id="odd" hidden></section>`;
    this.#look(model);
    const { captures, hasOlder } = model.feed;
    const found = this.#of.hookId === model.hook.id ? this.#found : undefined;
    return html`<section id="odd" class="odd" aria-label="Odd ones out" tabindex="0">
      <div class="odd-head">
        <p class="muted grow" role="status">${found ? comparedWords(found, captures.length, hasOlder) : "Comparing …"}</p>
        <button type="button" class="button plain bare" aria-label="Close" title="Close (o)" @click=${() => this.toggle()}>${icons.close}</button>
      </div>
      ${found ? this.#differences(model, found) : nothing}
    </section>`;
  }

  #differences(model, { facets, added, lacking, changed }) {
    const isNothing = facets.length + added.length + lacking.length + changed.length === 0;
    return html`${isNothing ? html`<p>No field has only a few values, and none comes or goes.</p>` : nothing}
      ${facets.length > 0 ? html`<dl>${facets.map((facet) => this.#facet(model, facet))}</dl>` : nothing}
      ${this.#list(model, "Fields first seen", added, () => "")}
      ${this.#list(model, "Fields that one lacks", lacking, () => "")}
      ${this.#list(model, "Types that changed", changed, ({ from, to }) => `${from} before, ${to} here`)}
      ${this.#copies(model)}`;
  }

  #facet({ filter, actions }, { path, values }) {
    const choose = (term) => {
      actions.pick();
      actions.filter({ target: { value: chosenIn(filter, path, term) } });
    };
    return html`<div class="facet">
      <dt>${captured(path, { most: MOST_PATH })}</dt>
      <dd>${values.map(({ value, count: times, seq }) => {
        const term = termText("json", `${path}=${value}`);
        const name = value === "" ? "(empty)" : captured(String(value), { most: MOST_LETTERS });
        const inside = html`<span class="facet-value ${times === 1 ? "odd-one" : ""}">${name}</span> <b>${whole(times)}</b>`;
        return term === undefined
          ? html`<button type="button" class="chip" title=${`Opens #${seq}`} @click=${() => actions.show(seq)}>${inside}</button>`
          : html`<button type="button" class="chip" aria-pressed=${isChosen(filter, term) ? "true" : "false"} @click=${() => choose(term)}>${inside}</button>`;
      })}</dd>
    </div>`;
  }

  #list({ actions }, title, found, about) {
    if (found.length === 0) return nothing;
    return html`<h3>${title}</h3>
      <ul>${found.map((each) => html`<li>
        <button type="button" class="chip" title=${`Opens #${each.seq}`} @click=${() => actions.show(each.seq)}>#${each.seq}</button>
        <code>${captured(each.path, { most: MOST_PATH })}</code> <span class="muted">${about(each)}</span>
      </li>`)}</ul>`;
  }

  #copies(model) {
    const written = async (write) => inLines(write(await this.#typeOf(model)));
    return html`<p class="odd-copies">
      ${copyButton(model, "JSON Schema", () => written(jsonSchema), { label: "JSON Schema", title: "Copy a JSON Schema of the bodies that the list shows" })}
      ${copyButton(model, "TypeScript type", () => written(typeScript), { label: "TypeScript", title: "Copy a TypeScript type of the bodies that the list shows" })}
    </p>`;
  }

  /** The type of the newest of those that the list shows and that are at hand. */
  async #typeOf(model) {
    const type = fresh();
    let letters = 0;
    await inSlices(this.#previews.jsonOf(model.workspace.visible(model)), ({ text }) => {
      letters += text.length;
      if (letters > MOST_TYPED) return;
      try {
        learn(type, JSON.parse(text));
      } catch {
        // It only began like JSON.
      }
    });
    return type;
  }

  /** Compares anew, with the requests that came meanwhile. */
  async #look({ hook, feed: { captures } }) {
    const { version } = this.#previews;
    const isSame = this.#of.hookId === hook.id;
    if (this.#running || (isSame && this.#of.captures === captures && this.#of.version === version)) return;
    this.#running = true;
    try {
      if (isSame) await new Promise((resolve) => setTimeout(resolve, PAUSE));
      this.#found = await differences(this.#previews.jsonOf(captures));
      this.#of = { hookId: hook.id, captures, version };
    } finally {
      this.#running = false;
    }
    this.#changed();
  }
}

function comparedWords({ count: bodies, isPart }, listed, hasOlder) {
  const older = hasOlder ? "; older ones are not loaded" : "";
  const part = isPart ? "; not all fields were looked at" : "";
  return html`${count(bodies, "JSON body", "JSON bodies")} at hand, of ${count(listed, "listed request")}${older}${part}`;
}

/** Characters that nobody sees are escaped, in strings of JSON as of TypeScript. */
function inLines(text) {
  return text.split("\n").map(escapedJson).join("\n");
}

// The menu of the hooks that this browser remembers.

import { html, nothing } from "./lit/lit-html.js";
import { HookNews, hookWords, orderedHooks, unreadOf, unreadWords } from "./hook-news.js";
import { isShared, routeOf } from "./hooks.js";
import { whole } from "./text.js";
import { closeMenus, icons } from "./views.js";

/** Of so many on a search helps. */
const MANY = 10;

export class HooksMenu {
  #news;
  #changed;
  #searched = "";
  #isOpen = false;
  /** Whether a hook was pinned as the menu was opened: nothing moves under a pointer. */
  #wasPinned;

  constructor({ api, changed }) {
    this.#changed = changed;
    this.#news = new HookNews({ api, changed });
  }

  show(model) {
    const { hooks } = model;
    const found = orderedHooks(hooks, this.#searched, this.#wasPinned);
    if (this.#isOpen) this.#news.ask(found.filter(({ id }) => id !== model.hook?.id));
    return html`<div id="my-urls" class="menu urls-menu" popover @toggle=${(event) => this.#toggled(event, hooks)}>
      ${hooks.length >= MANY
        ? html`<label class="filter menu-search"><span class="visually-hidden">Search by name</span>
            <input
              type="search"
              placeholder="Search ${whole(hooks.length)} URLs"
              autocomplete="off"
              spellcheck="false"
              autofocus
              .value=${this.#searched}
              @input=${(event) => this.#search(event)}
            /></label>`
        : nothing}
      ${this.#list(model, "Your URLs", found.filter((hook) => !isShared(hook)))}
      ${this.#list(model, "Shared with you: their owners read along", found.filter(isShared))}
      ${found.length === 0 && hooks.length > 0 ? html`<p>None of them has this in its name or its end.</p>` : nothing}
      <p>Remembered only here, with names and pins. Forgetting one removes its key from this browser; the URL itself keeps working.</p>
    </div>`;
  }

  #toggled({ newState }, hooks) {
    this.#isOpen = newState === "open";
    const pinned = new Set(hooks.filter((hook) => hook.pinned).map(({ id }) => id));
    this.#wasPinned = this.#isOpen ? ({ id }) => pinned.has(id) : undefined;
    if (!this.#isOpen) this.#searched = "";
    this.#changed();
  }

  #search({ target }) {
    this.#searched = target.value;
    this.#changed();
  }

  #list(model, title, hooks) {
    if (hooks.length === 0) return nothing;
    return html`<h2>${title}</h2>
      <ul>${hooks.map((hook) => this.#row(model, hook))}</ul>`;
  }

  #row(model, hook) {
    const { actions, now } = model;
    const isCurrent = hook.id === model.hook?.id;
    const news = isCurrent ? newsOf(model.feed) : this.#news.find(hook);
    const unread = isCurrent ? 0 : unreadOf(hook, news);
    const name = hook.name || `…${hook.id.slice(-8)}`;
    const called = hook.name || hook.id.slice(-8);
    return html`<li>
      ${model.renaming === hook.id
        ? renaming(hook, actions)
        : html`<a href=${routeOf(hook.id)} aria-current=${isCurrent ? "true" : nothing} @click=${closeMenus}>
            <span class="menu-title"><span class="menu-name">${name}</span>${unread > 0 ? html`<span class="menu-new">${unreadWords(unread)}</span>` : nothing}</span>
            <span class="menu-note">${hookWords(hook, news, now)}</span>
          </a>`}
      <button
        type="button"
        class="button quiet bare pin"
        aria-pressed=${hook.pinned ? "true" : "false"}
        title=${hook.pinned ? "Pinned to the top" : "Pin to the top"}
        aria-label="Pin ${called}"
        @click=${() => actions.pin(hook)}
      >${icons.pin}</button>
      <button type="button" class="button quiet bare" title="Rename" aria-label="Rename ${called}" @click=${() => actions.rename(hook)}>${icons.pen}</button>
      <button type="button" class="button quiet bare" title="Forget here (the URL keeps working)" aria-label="Forget ${called}" @click=${() => actions.forget(hook)}>
        ${icons.close}
      </button>
    </li>`;
  }
}

/** Of the hook that is open the page knows by itself. */
function newsOf(feed) {
  return feed?.counts && { ...feed.counts, lastAt: feed.captures[0]?.receivedAt };
}

function renaming(hook, actions) {
  return html`<form class="rename" @submit=${(event) => {
    event.preventDefault();
    actions.renamed(event, hook);
  }}>
    <input name="name" aria-label="Name" maxlength="60" autocomplete="off" placeholder="A name, kept in this browser only" .value=${hook.name ?? ""} />
    <button class="button">Save</button>
  </form>`;
}

// Captures as a list, and room for the request that is open. Drawn before the modules are loaded that read requests:
// contents.js those of the list, inspector.js the open one.

import { html, nothing } from "./lit/lit-html.js";
import { Arrivals } from "./arrivals.js";
import { bar, foot } from "./frame.js";
import { jumpWords, numberIn } from "./jump.js";
import { CaptureList } from "./list.js";
import { forgetEvicted, marksOf } from "./marks.js";
import { Place } from "./place.js";
import { SpanLoading, goesOn, spanWords, within } from "./span.js";
import { count, whole } from "./text.js";
import { icons } from "./views.js";

/** Stands in for the contents until they are loaded: nothing is known of a body, and nothing is looked for. */
const UNREAD = Object.freeze({
  previews: { version: 0, find: () => undefined, follow: () => undefined },
  odd: { isOpen: false, show: () => nothing, toggle: () => undefined },
  verdicts: { version: 0, find: () => undefined, follow: () => undefined, use: () => undefined },
  search: { version: 0, among: (captures) => captures, hit: () => undefined, follow: () => undefined, stop: () => undefined },
});

export class Workspace {
  #api;
  #load;
  #list;
  #contents = UNREAD;
  /** The secret and the scheme that signatures are checked with, once a secret was typed. */
  #judged;
  #previewed;
  #arrivals;
  #changed;
  #place = new Place();
  #spanLoading = new SpanLoading();
  #filtered = { captures: undefined, version: undefined, judged: undefined, span: undefined, result: [] };

  /** `load` resolves to a module that comes later, by its name, or to undefined. */
  constructor({ api, load, changed }) {
    this.#api = api;
    this.#load = load;
    this.#changed = changed;
    this.#arrivals = new Arrivals({ changed });
  }

  /** The captures that the filter lets through, of the span of time that was chosen. */
  visible(model) {
    const { span } = model;
    const { captures } = model.feed;
    this.#look(model);
    const { search, verdicts } = this.#contents;
    // It is not known yet which these are.
    if (search === UNREAD.search && filterOf(model)) return [];
    const { version } = search;
    const judged = verdicts.version;
    if (this.#filtered.captures !== captures || this.#filtered.version !== version || this.#filtered.judged !== judged || this.#filtered.span !== span) {
      this.#filtered = { captures, version, judged, span, result: within(search.among(captures), span) };
    }
    return this.#filtered.result;
  }

  /** Whether the list shows a part of what is there. */
  isNarrowed(model) {
    return this.visible(model) !== model.feed.captures;
  }

  toggleOdd() {
    this.#contents.odd.toggle();
  }

  /** From now on the rows tell whether their signatures fit: see Verdicts. */
  judge(asked) {
    this.#judged = asked;
    return this.#contents.verdicts.use(asked);
  }

  /** The word that the filter looks for, if there is one. */
  get word() {
    return this.#contents.search.word;
  }

  /** All of the page while there are captures. */
  screen(model) {
    return html`${bar(model)}
      <main class="hook busy ${model.route.seq ? "reading" : ""}">
        <h1 class="visually-hidden reading-title">Hookwell</h1>
        <section class="workspace" aria-label="Captured requests">${this.#panes(model)}</section>
      </main>`;
  }

  #panes(model) {
    const { feed, filter, actions, following, returned, announcement, span } = model;
    const visible = this.visible(model);
    const { odd, search } = this.#contents;
    const searched = search.state;
    const number = numberIn(filter);
    const inSpan = `${count(visible.length, "request")}${goesOn(model) ? " so far" : ""}`;
    return html`
      <div class="list-pane">
        <div class="list-head">
          <label class="filter">
            <span class="visually-hidden">Filter requests</span>
            <input id="filter" type="search" placeholder="Filter" title="Filter (/)" autocomplete="off" spellcheck="false" .value=${filter} @input=${actions.filter} />
          </label>
          ${searched ? html`<span class="muted list-count">${whole(visible.length)} of ${whole(searched.total)}</span>` : nothing}
          <button
            type="button"
            class="button plain bare odd-button"
            aria-expanded=${odd.isOpen ? "true" : "false"}
            aria-controls="odd"
            aria-label="Odd ones out"
            title="Odd ones out: values and fields that few requests have (o)"
            aria-keyshortcuts="o"
            ?disabled=${feed.captures.length < 2}
            @click=${() => odd.toggle()}
          >${icons.odd}</button>
          <button
            type="button"
            class="button plain bare follow"
            aria-pressed=${following ? "true" : "false"}
            aria-label="Follow the newest"
            title="Open each request as it arrives"
            @click=${actions.followNewest}
          >${icons.follow}</button>
        </div>
        ${searched ? html`<p class="searched ${searched.refused ? "warn-text" : "muted"}" role="status">${search.words}</p>` : nothing}
        ${number ? html`<p class="searched muted" role="status">${jumpWords(number, feed)}</p>` : nothing}
        ${this.#arrivals.show({ captures: feed.captures, now: model.now, span, choose: (chosen) => this.#choose(model, chosen), open: (seq) => this.focusRow(seq) })}
        <p class="visually-hidden" role="status">${span ? `${inSpan} from ${spanWords(span, model.now)}` : ""}</p>
        ${span
          ? html`<p class="span-line"><span><b>${spanWords(span, model.now)}</b> · ${inSpan}</span>
              <button type="button" class="button plain" title="Show all times" @click=${() => this.#choose(model, undefined)}>${icons.close}<span>All times</span></button></p>`
          : nothing}
        ${odd.show(model)}
        ${returned ? html`<p class="returned" role="status">${whole(returned.count)} new while you were away</p>` : nothing}
        <p class="visually-hidden" role="status">${announcement ?? ""}</p>
        ${model.unseen > 0 && model.away
          ? html`<button type="button" class="news" @click=${actions.newest}>${icons.up}${whole(model.unseen)} new</button>`
          : nothing}
        <div class="list-scroll" @scroll=${(event) => this.#scrolled(event.target, model)} @click=${actions.pick}>
          <ul id="captures" role="list" aria-label="Requests, newest first"></ul>
          ${visible.length === 0 && foundAll(searched) ? html`<p class="list-end muted">Nothing matches the filter${span ? " in this span of time" : ""}.</p>` : nothing}
          ${goesOn(model) && (!searched || searched.refused)
            ? html`<p class="list-end"><button type="button" class="button" ?disabled=${model.loadingOlder} @click=${actions.loadOlder}>Load older</button></p>`
            : visible.length > 0 && !filter && !span && feed.captures.at(-1)?.seq === 1
              ? html`<p class="list-end muted">This is where it began.</p>`
              : nothing}
        </div>
        ${foot(model)}
      </div>
      <div class="detail-pane" @pointerdown=${actions.pick}>${model.route.seq ? (model.inspector?.show(model) ?? nothing) : choose()}</div>
    `;
  }

  #look(model) {
    this.#contents.search.follow({ ...model, filter: filterOf(model), marks: marksOf(model.hook.id) });
  }

  #choose(model, span) {
    model.span = span;
    if (span) model.following = false;
    this.#changed();
  }

  /** Near its end the list goes on by itself. */
  #scrolled({ scrollHeight, scrollTop, clientHeight }, model) {
    const { loadingOlder, actions } = model;
    actions.scrolled();
    if (goesOn(model) && !loadingOlder && scrollHeight - scrollTop - clientHeight < clientHeight) actions.loadOlder();
  }

  /** Asked for at each drawing until it is there. */
  async #read() {
    const module = await this.#load("contents");
    if (!module || this.#contents !== UNREAD) return;
    this.#contents = module.contents({ api: this.#api, changed: this.#changed });
    this.#previewed = undefined;
    if (this.#judged) this.#contents.verdicts.use(this.#judged);
    this.#changed();
  }

  /** Rows are keyed by seq, which templates cannot do. */
  afterRender(root, model) {
    if (this.#contents === UNREAD) this.#read();
    // Also where no list is shown: the search of before is not gone on with.
    if (model.feed) this.#look(model);
    else this.#contents.search.stop();
    const element = root.querySelector("#captures");
    if (!element) return;
    this.#place.keep(model);
    this.#spanLoading.follow(model);
    if (this.#list?.element !== element) this.#list = new CaptureList(element, model.hook.id);
    // The list comes first while it is being caught up with.
    if (this.#previewed !== model.feed.captures && !model.feed.behind) {
      this.#previewed = model.feed.captures;
      this.#contents.previews.follow(model.hook, model.feed.captures);
      this.#contents.verdicts.follow(model.hook, model.feed.captures);
      forgetEvicted(model.hook.id, model.feed.counts?.evicted ?? 0);
    }
    this.#list.show(model.feed.captures, {
      visible: this.visible(model),
      redeliveries: model.feed.redeliveries,
      selected: model.route.seq,
      now: model.now,
      unread: model.unread,
      previews: this.#contents.previews,
      verdicts: this.#contents.verdicts,
      search: this.#contents.search,
      marks: marksOf(model.hook.id),
      since: model.returned?.since,
    });
  }

  tick(now, all) {
    this.#list?.tick(now, all);
  }

  focusRow(seq) {
    this.#list?.focus(seq);
  }

  /** Leads to the top of the list, be it the page that scrolls or the pane. */
  newest(model) {
    document.querySelector(".list-scroll")?.scrollTo({ top: 0 });
    const list = document.querySelector(".list-pane");
    if (list?.getBoundingClientRect().top < 0) list.scrollIntoView({ block: "start" });
    const first = this.visible(model)[0];
    if (first) this.focusRow(first.seq);
  }
}

/** Without a number alone: that is opened, and nothing is looked for. */
function filterOf({ filter }) {
  return numberIn(filter) ? "" : filter;
}

/** Whether the search has looked at everything, so that nobody waits for more. */
function foundAll(searched) {
  return searched?.isDone && !searched.refused && !searched.unverified && searched.partial === 0;
}

function choose() {
  return html`<div class="choose muted">
    <p>Choose a request to see its body, headers and query.</p>
    <p class="hint"><kbd>j</kbd> <kbd>k</kbd> move · <kbd>/</kbd> filter · <kbd>?</kbd> all keys</p>
  </div>`;
}

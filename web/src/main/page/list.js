// The list of captures. Rows are keyed by seq and never made twice; the list only inserts, removes, hides and leaves
// alone.

import { html, nothing, render } from "./lit/lit-html.js";
import { captured } from "./captured.js";
import { routeOf } from "./hooks.js";
import { readableHead } from "./readable.js";
import { responseWords } from "./response.js";
import { icons } from "./views.js";
import { age, clock, moment, pathTail, size } from "./text.js";

/** In plain letters: no row shows more. */
const MOST_PATH = 300;
const MOST_ABOUT = 120;
/** How many deliveries there are is not counted beyond this, or each new one would change all rows. */
const MOST_DELIVERIES = 100;
/** Longer than the style sheet has a row slide in, in milliseconds. */
const SLIDES_FOR = 500;

export class CaptureList {
  #list;
  /** By number: `{element, delivery, preview, verdict, hit, mark}`, all but the first as they were drawn. */
  #rows = new Map();
  #captures = [];
  #previewed;
  #judged;
  #searched;
  #marks;
  #visible;
  #folded = new Set();
  #selected;
  #hookId;

  constructor(list, hookId) {
    this.#list = list;
    this.#hookId = hookId;
  }

  get element() {
    return this.#list;
  }

  /**
   * Shows those of `captures` that are `visible`, in their order, without moving the row that the reader is looking at.
   * `previews` finds their first words, `verdicts` whether their signatures fit, `search` where the filter's
   * word stands, `marks` has notes and pins by number; `unread` has the numbers of those that were not opened; `since` is the newest
   * that had been seen when the reader went away.
   */
  show(captures, { visible, redeliveries, selected, now, previews, verdicts, search, marks, unread, since }) {
    if (captures !== this.#captures || marks !== this.#marks || previews.version !== this.#previewed || verdicts.version !== this.#judged || search.version !== this.#searched) {
      const scroller = this.#list.parentElement;
      const away = scroller.scrollTop > 0;
      const wasFirst = this.#list.firstElementChild;
      const top = wasFirst?.getBoundingClientRect().top;
      this.#arrange(captures, { redeliveries, now, previews, verdicts, search, marks, unread });
      const insertedAbove = wasFirst?.isConnected && wasFirst !== this.#list.firstElementChild;
      if (away && insertedAbove) scroller.scrollTop += wasFirst.getBoundingClientRect().top - top;
      this.#captures = captures;
      this.#previewed = previews.version;
      this.#judged = verdicts.version;
      this.#searched = search.version;
      this.#marks = marks;
    }
    this.#hide(captures, visible, foldedOf(captures, visible, redeliveries, selected));
    if (selected !== this.#selected) {
      this.#link(this.#selected)?.removeAttribute("aria-current");
      this.#selected = selected;
    }
    this.#link(selected)?.setAttribute("aria-current", "true");
    if (unread.delete(selected)) this.#rows.get(selected)?.element.classList.remove("unread");
    this.#mark(since);
  }

  /** Ages of at most a minute change every second, the others once in a while. */
  tick(now, all) {
    for (const capture of this.#captures) {
      const received = Date.parse(capture.receivedAt);
      if (!all && now - received > 65_000) return;
      const shown = this.#rows.get(capture.seq)?.element.querySelector(".row-age");
      const words = age(received, now);
      if (shown && shown.textContent !== words) shown.textContent = words;
    }
  }

  focus(seq) {
    this.#link(seq)?.focus({ preventScroll: true });
    this.#link(seq)?.scrollIntoView({ block: "nearest" });
  }

  #link(seq) {
    return this.#rows.get(seq)?.element.firstElementChild;
  }

  #hide(captures, visible, folded) {
    if (visible === this.#visible && sameNumbers(folded, this.#folded)) return;
    const wanted = visible === captures ? undefined : new Set(visible.map((capture) => capture.seq));
    for (const [seq, { element }] of this.#rows) {
      const hidden = folded.has(seq) || (wanted !== undefined && !wanted.has(seq));
      if (element.hidden !== hidden) element.hidden = hidden;
    }
    this.#visible = visible;
    this.#folded = folded;
  }

  /** The line between the requests that came while the reader was away and those of before. */
  #mark(since) {
    const first = since === undefined ? undefined : this.#captures.find(({ seq }) => seq <= since);
    const element = this.#rows.get(first?.seq)?.element ?? null;
    const marked = this.#list.querySelector(".seen-before");
    if (marked === element) return;
    marked?.classList.remove("seen-before");
    element?.classList.add("seen-before");
  }

  #arrange(captures, { redeliveries, now, previews, verdicts, search, marks, unread }) {
    const wanted = new Set(captures.map((capture) => capture.seq));
    for (const [seq, { element }] of this.#rows) {
      if (wanted.has(seq)) continue;
      element.remove();
      this.#rows.delete(seq);
    }
    let next = this.#list.firstElementChild;
    for (const capture of captures) {
      const delivery = deliveryWords(redeliveries.get(capture.seq), capture.seq);
      const row = this.#rowOf(capture, { delivery, preview: previews.find(capture.seq), verdict: verdicts.find(capture.seq), hit: search.hit(capture), mark: marks[capture.seq] }, now, unread);
      if (row === next) next = next.nextElementSibling;
      else this.#list.insertBefore(row, next);
    }
  }

  #rowOf(capture, shown, now, unread) {
    const known = this.#rows.get(capture.seq);
    if (known && Object.entries(shown).every(([name, value]) => known[name] === value)) return known.element;
    const element = known?.element ?? document.createElement("li");
    if (!known && unread.has(capture.seq)) slideIn(element);
    this.#rows.set(capture.seq, { element, ...shown });
    render(rowContent(capture, this.#hookId, { ...shown, now }), element);
    return element;
  }
}

/** Once: a row that a filter hides and shows again would slide in again. */
function slideIn(element) {
  element.className = "unread fresh";
  setTimeout(() => element.classList.remove("fresh"), SLIDES_FOR);
}

/** Earlier deliveries of the same thing stand behind the last one, unless one of them is open or a filter looks for them. */
function foldedOf(captures, visible, redeliveries, selected) {
  if (visible !== captures || redeliveries.size === 0) return new Set();
  const open = redeliveries.get(selected);
  const folded = new Set();
  for (const seqs of new Set(redeliveries.values())) {
    if (seqs === open && selected !== seqs.at(-1)) continue;
    for (const seq of seqs.slice(0, -1)) folded.add(seq);
  }
  return folded;
}

function sameNumbers(one, other) {
  return one.size === other.size && [...one].every((number) => other.has(number));
}

/** "delivery 2 of 3" for one of several deliveries of the same thing, else nothing. */
function deliveryWords(seqs, seq) {
  if (seqs === undefined) return "";
  return `delivery ${numberOf(seqs, seq)} of ${seqs.length > MOST_DELIVERIES ? `more than ${MOST_DELIVERIES}` : seqs.length}`;
}

const numbered = new WeakMap();

function numberOf(seqs, seq) {
  let numbers = numbered.get(seqs);
  if (numbers === undefined) {
    numbers = new Map(seqs.map((other, index) => [other, index + 1]));
    numbered.set(seqs, numbers);
  }
  return numbers.get(seq);
}

/** The part that differs from row to row stands first: the event or the first words; then where it went and who sent it. */
function rowContent(capture, hookId, { delivery, preview, verdict, hit, mark, now }) {
  const received = Date.parse(capture.receivedAt);
  const head = readableHead(capture);
  const event = head.event || preview?.event;
  const words = preview?.words;
  const title = event || words;
  const about = [capture.sender, delivery].filter(Boolean).join(" · ") || shortType(head.contentType) || head.userAgent;
  return html`<a href=${routeOf(hookId, { seq: capture.seq })}>
    <span class="method ${methodClass(capture.method)}">${captured(capture.method, { most: 20 })}</span>
    ${title ? titleContent(event, words) : pathContent(head)}
    <time datetime=${capture.receivedAt} title=${`${moment(received)}, in UTC ${capture.receivedAt}`}>${clock(received, now)}</time>
    <span class="row-seq">#${capture.seq}</span>
    <span class="row-second">${markedContent(capture, mark)}${hit ? hitContent(hit) : html`${title ? pathContent(head) : nothing}${aboutContent(about)}`}</span>
    <span class="row-end">${pinContent(mark)}${verdictContent(verdict)}${sizeContent(capture)} <span class="row-age" .textContent=${age(received, now)}></span></span>
  </a>`;
}

function titleContent(event, words) {
  return html`<span class="row-title">${event ? html`<b>${captured(event, { most: MOST_ABOUT })}</b> ` : nothing}${captured(words, { most: MOST_ABOUT })}</span>`;
}

function pathContent({ path, query }) {
  const asked = query ? html`<span class="muted">?${captured(query, { most: MOST_PATH })}</span>` : nothing;
  return html`<span class="row-path">${captured(pathTail(path), { most: MOST_PATH })}${asked}</span>`;
}

function aboutContent(about) {
  return html`<span class="row-about">${captured(about, { most: MOST_ABOUT }) || "no content type"}</span>`;
}

/** The reader's own note, and the response where that was not the plain one. */
function markedContent(capture, mark) {
  const answered = responseWords(capture);
  const note = mark?.note ? html`<span class="row-note" title="Your note, kept in this browser only">${mark.note}</span>` : nothing;
  return html`${note}${answered ? html`<span class="row-response">${captured(answered, { most: MOST_ABOUT })}</span>` : nothing}`;
}

function pinContent(mark) {
  if (!mark?.pinned) return nothing;
  return html`<span class="row-pin" title="Pinned, in this browser">${icons.pin}<span class="visually-hidden">pinned</span></span> `;
}

function verdictContent(verdict) {
  if (!verdict) return nothing;
  const [tone, sign, words] = verdict.fits ? ["good", "✓", "signature fits"] : ["bad", "✗", "signature does not fit"];
  return html`<span class="row-verdict ${tone}" title=${verdict.fits ? "The signature fits." : verdict.reason}
    ><span aria-hidden="true">${sign}</span><span class="visually-hidden">${words}</span></span> `;
}

function sizeContent({ notes, bodySize }) {
  return notes?.includes("body-too-large") ? html`<span class="warn-text">not kept</span>` : html`<span class="row-size">${size(bodySize)}</span>`;
}

/** Where the filter's word stands, in place of the row's usual second line. */
function hitContent({ place, name, before, word, after }) {
  const where = name ? captured(name, { most: 60 }) : place;
  const around = word ? html`${captured(before)}<mark class="found">${captured(word, { most: MOST_ABOUT })}</mark>${captured(after)}` : nothing;
  return html`<span class="row-about"><span class="row-place">${where}${word ? ":" : nothing}</span> ${around}</span>`;
}

function shortType(contentType) {
  return (contentType ?? "").split(";")[0].trim();
}

/** Only known methods get a colour; the text of any other never becomes a class name. */
export function methodClass(method) {
  return /^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)$/.test(method) ? `is-${method.toLowerCase()}` : "";
}

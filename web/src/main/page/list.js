// The list of captures. Rows are keyed by seq and never made twice; the list only inserts, removes, hides and leaves
// alone.

import { html, nothing, render } from "./lit/lit-html.js";
import { captured } from "./captured.js";
import { readableHead } from "./readable.js";
import { age, moment, pathTail, size } from "./text.js";
import { routeOf } from "./hooks.js";
import { responseWords } from "./response.js";

/** In plain letters: no row shows more. */
const MOST_PATH = 300;
const MOST_ABOUT = 120;
/** How many deliveries there are is not counted beyond this, or each new one would change all rows. */
const MOST_DELIVERIES = 100;

export class CaptureList {
  #list;
  #rows = new Map();
  #captures = [];
  #visible = [];
  #selected;
  #hookId;

  constructor(list, hookId) {
    this.#list = list;
    this.#hookId = hookId;
  }

  get element() {
    return this.#list;
  }

  /** Shows those of `captures` that are `visible`, in their order, without moving what the reader is looking at. */
  show(captures, { visible, redeliveries, selected, now }) {
    if (captures !== this.#captures) {
      const scroller = this.#list.parentElement;
      const away = scroller.scrollTop > 0;
      const wasFirst = this.#list.firstElementChild;
      const top = wasFirst?.getBoundingClientRect().top;
      this.#arrange(captures, redeliveries, now);
      const insertedAbove = wasFirst?.isConnected && wasFirst !== this.#list.firstElementChild;
      if (away && insertedAbove) scroller.scrollTop += wasFirst.getBoundingClientRect().top - top;
      this.#captures = captures;
    }
    if (visible !== this.#visible) {
      const wanted = visible === captures ? undefined : new Set(visible.map((capture) => capture.seq));
      for (const [seq, row] of this.#rows) row.hidden = wanted !== undefined && !wanted.has(seq);
      this.#visible = visible;
    }
    if (selected !== this.#selected) {
      this.#link(this.#selected)?.removeAttribute("aria-current");
      this.#selected = selected;
    }
    this.#link(selected)?.setAttribute("aria-current", "true");
  }

  /** Ages of at most a minute change every second, the others once in a while. */
  tick(now, all) {
    for (const capture of this.#captures) {
      const received = Date.parse(capture.receivedAt);
      if (!all && now - received > 65_000) return;
      const time = this.#rows.get(capture.seq)?.querySelector("time");
      const words = age(received, now);
      if (time && time.textContent !== words) time.textContent = words;
    }
  }

  focus(seq) {
    this.#link(seq)?.focus({ preventScroll: true });
    this.#link(seq)?.scrollIntoView({ block: "nearest" });
  }

  #link(seq) {
    return this.#rows.get(seq)?.firstElementChild;
  }

  #arrange(captures, redeliveries, now) {
    const wanted = new Set(captures.map((capture) => capture.seq));
    for (const [seq, row] of this.#rows) {
      if (wanted.has(seq)) continue;
      row.remove();
      this.#rows.delete(seq);
    }
    let next = this.#list.firstElementChild;
    for (const capture of captures) {
      let row = this.#rows.get(capture.seq);
      const delivery = deliveryWords(redeliveries.get(capture.seq), capture.seq);
      if (row !== undefined && row.dataset.delivery !== delivery) {
        row.dataset.delivery = delivery;
        render(rowOf(capture, this.#hookId, delivery, now), row);
      }
      if (row !== undefined && row === next) {
        next = next.nextElementSibling;
        continue;
      }
      if (row === undefined) {
        row = document.createElement("li");
        row.dataset.delivery = delivery;
        render(rowOf(capture, this.#hookId, delivery, now), row);
        this.#rows.set(capture.seq, row);
      }
      this.#list.insertBefore(row, next);
    }
  }
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

function rowOf(capture, hookId, delivery, now) {
  const received = Date.parse(capture.receivedAt);
  const head = readableHead(capture);
  const about = [capture.sender, head.event, responseWords(capture), delivery].filter(Boolean).join(" · ") || shortType(head.contentType) || head.userAgent;
  const kept = !capture.notes?.includes("body-too-large");
  return html`<a href=${routeOf(hookId, { seq: capture.seq })}>
    <span class="method ${methodClass(capture.method)}">${captured(capture.method, { most: 20 })}</span>
    <span class="row-path">${captured(pathTail(head.path), { most: MOST_PATH })}${head.query ? html`<span class="muted">?${captured(head.query, { most: MOST_PATH })}</span>` : nothing}</span>
    <time datetime=${capture.receivedAt} title=${moment(received)} .textContent=${age(received, now)}></time>
    <span class="row-seq">#${capture.seq}</span>
    <span class="row-about">${captured(about, { most: MOST_ABOUT }) || "no content type"}</span>
    <span class="row-size ${kept ? "" : "warn-text"}">${kept ? size(capture.bodySize) : "not kept"}</span>
  </a>`;
}

function shortType(contentType) {
  return (contentType ?? "").split(";")[0].trim();
}

/** Only known methods get a colour; the text of any other never becomes a class name. */
export function methodClass(method) {
  return /^(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)$/.test(method) ? `is-${method.toLowerCase()}` : "";
}

/** Whether every one of `words`, in lower case, is somewhere in what the list shows of a capture. */
export function matches(capture, words) {
  let text = searched.get(capture);
  if (text === undefined) {
    text = searchText(capture);
    searched.set(capture, text);
  }
  return words.every((word) => text.includes(word));
}

const searched = new WeakMap();

/** Both as it is kept and as it reads. */
function searchText(capture) {
  const shown = [capture, ...(capture.readable ? [readableHead(capture)] : [])];
  return [
    `#${capture.seq}`,
    capture.method,
    capture.sender,
    capture.sourceIp,
    responseWords(capture),
    ...shown.flatMap(({ path, query, event, deliveryId, contentType, userAgent }) => [pathTail(path), query, event, deliveryId, contentType, userAgent]),
  ]
    .filter(Boolean)
    .join("\n")
    .toLowerCase();
}

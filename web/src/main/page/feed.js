// The captures of one hook that this page holds, and what it can say about their completeness. No DOM.

import { count, day, whole } from "./text.js";

const PAGE = 100;

export class CaptureFeed {
  #api;
  #hook;
  #etag;
  #loaded = false;
  #redeliveries = {};
  #counts;
  /** By number, those that are about to be deleted: `{capture, isThere}`, the latter while the server has it still. */
  #withheld = new Map();

  /** Newest first. */
  captures = [];
  /** Whether the server has captures older than those held here. */
  hasOlder = false;
  lastSeq = 0;
  /** Whether the last check left others to be fetched. */
  behind = false;

  constructor(api, hook) {
    this.#api = api;
    this.#hook = hook;
  }

  /** A hook made a moment ago has no first page to fetch. */
  startEmpty() {
    this.#loaded = true;
  }

  /** Whether the server has answered at all: only then is an empty list a fact. */
  get loaded() {
    return this.#loaded;
  }

  /** As the server counts, stored, available, evicted, deleted, bytes; what is withheld counts as deleted. */
  get counts() {
    const number = [...this.#withheld.values()].filter(({ isThere }) => isThere).length;
    return number > 0 && this.#counts ? withDeleted(this.#counts, number) : this.#counts;
  }

  /** Fetches what is new; the outcome carries `found`, how many captures came, and `more`, whether others wait. */
  async check() {
    if (!this.#loaded) return this.#loadNewest();
    const outcome = await this.#api.captures(this.#hook, { after: this.lastSeq, limit: 500 }, this.#etag);
    if (outcome.kind !== "ok") return outcome;
    const { captures, more, counts } = outcome.value;
    this.behind = Boolean(more);
    // The tag says "nothing new in this hook": it must not be sent while a page of it is still to be fetched.
    this.#etag = more ? undefined : outcome.etag;
    if (this.#counts && counts && counts.deleted !== this.#counts.deleted) return this.#loadNewest();
    this.#evict(counts);
    this.#add(captures);
    this.#counts = counts ?? this.#counts;
    return { ...outcome, found: captures.length, more };
  }

  async loadOlder() {
    const oldest = this.captures.at(-1);
    const outcome = await this.#api.captures(this.#hook, { before: oldest ? oldest.seq : this.lastSeq + 1, limit: 500 });
    // The list began anew meanwhile: behind its end is another place.
    if (outcome.kind !== "ok" || this.captures.at(-1) !== oldest) return outcome;
    const known = new Set([...this.captures.map((capture) => capture.seq), ...this.#withheld.keys()]);
    this.captures = [...this.captures, ...outcome.value.captures.filter((capture) => !known.has(capture.seq))];
    this.hasOlder = outcome.value.more;
    return outcome;
  }

  /** Leaves the screen, until it is deleted or put back. */
  withhold(seq) {
    this.#withheld.set(seq, { capture: this.captures.find((capture) => capture.seq === seq), isThere: true });
    this.captures = this.captures.filter((capture) => capture.seq !== seq);
  }

  restore(seq) {
    const { capture, isThere } = this.#withheld.get(seq) ?? {};
    this.#withheld.delete(seq);
    // Where the list does not reach back so far any more, it comes with the others.
    if (!isThere || capture === undefined || (this.hasOlder && seq < (this.captures.at(-1)?.seq ?? 0))) return;
    this.captures = [...this.captures.filter((other) => other.seq > seq), capture, ...this.captures.filter((other) => other.seq < seq)];
  }

  /** What this browser itself deleted is counted as the server counts it. */
  deleted(seq) {
    const { isThere = true } = this.#withheld.get(seq) ?? {};
    this.#withheld.delete(seq);
    this.captures = this.captures.filter((capture) => capture.seq !== seq);
    // The server may have told of it before it answered.
    if (isThere && this.#counts) this.#counts = withDeleted(this.#counts, 1);
  }

  cleared() {
    this.captures = [];
    this.hasOlder = false;
    if (this.#counts) this.#counts = { ...this.#counts, deleted: this.#counts.deleted + this.#counts.available, available: 0 };
  }

  /** For each capture that was delivered more than once: the seqs of all its deliveries, oldest first. */
  get redeliveries() {
    if (this.#redeliveries.captures !== this.captures) {
      this.#redeliveries = { captures: this.captures, bySeq: redeliveries(this.captures) };
    }
    return this.#redeliveries.bySeq;
  }

  async #loadNewest() {
    const before = this.lastSeq;
    const outcome = await this.#api.captures(this.#hook, { limit: PAGE });
    if (outcome.kind !== "ok") return outcome;
    const { captures, more, counts } = outcome.value;
    const first = !this.#loaded;
    this.#loaded = true;
    this.#etag = outcome.etag;
    this.captures = this.#withoutWithheld(captures, more);
    this.hasOlder = more;
    this.#counts = counts;
    // `stored` is the last number given, also when the captures themselves are gone.
    this.lastSeq = Math.max(before, captures[0]?.seq ?? 0);
    return { ...outcome, found: first ? 0 : captures.filter((capture) => capture.seq > before).length, more: false };
  }

  /** Whoever else deleted one of those that are withheld, it cannot be put back. */
  #withoutWithheld(captures, more) {
    const bySeq = new Map(captures.map((capture) => [capture.seq, capture]));
    for (const seq of this.#withheld.keys()) {
      if (!more || seq > captures.at(-1).seq) this.#withheld.set(seq, { capture: bySeq.get(seq), isThere: bySeq.has(seq) });
    }
    return captures.filter(({ seq }) => !this.#withheld.has(seq));
  }

  #add(captures) {
    const news = captures.filter((capture) => capture.seq > this.lastSeq);
    if (news.length === 0) return;
    this.lastSeq = news.at(-1).seq;
    this.captures = [...news.toReversed(), ...this.captures];
  }

  /** The quota takes the oldest first, so whatever else was deleted, the numbers up to `evicted` are gone. */
  #evict(counts) {
    if (!counts || !this.#counts || counts.evicted === this.#counts.evicted) return;
    this.captures = this.captures.filter((capture) => capture.seq > counts.evicted);
  }
}

function withDeleted(counts, number) {
  return { ...counts, deleted: counts.deleted + number, available: counts.available - number };
}

function redeliveries(captures) {
  const groups = new Map();
  for (const { seq, sender, deliveryId } of captures.toReversed()) {
    if (!deliveryId) continue;
    const name = `${sender}\n${deliveryId}`;
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(seq);
  }
  const bySeq = new Map();
  for (const seqs of groups.values()) {
    if (seqs.length > 1) for (const seq of seqs) bySeq.set(seq, seqs);
  }
  return bySeq;
}

/** One sentence that says whether anything is missing from the screen. */
export function completeness(counts, shown) {
  if (!counts || counts.stored === 0) return "No requests yet";
  const { stored, available, evicted, deleted } = counts;
  if (evicted > 0) {
    return `${whole(stored)} received, newest ${whole(available)} kept${shown < available ? `, ${whole(shown)} shown` : ""}`;
  }
  if (available === 0) return `${whole(stored)} received, all deleted`;
  if (deleted > 0) {
    return `${whole(stored)} received, ${whole(deleted)} deleted, ${shown < available ? `${whole(shown)} of ${whole(available)}` : "the rest"} shown`;
  }
  return shown < available ? `${count(stored, "request")}, newest ${whole(shown)} shown` : `${count(stored, "request")}, all shown`;
}

export function lifetime(hook) {
  return hook.expiresAt ? `works until ${day(hook.expiresAt)}` : "";
}

// The filter's search through all that is kept: the server looks at headers and bodies, this page at its rows. No DOM.

import { hitOf, packedHitOf } from "./hit.js";
import { isListed, isOfMarks, isOfSignature, isWord, parseMatch } from "./match.js";
import { MOST_OF_BODY, PackedBodies } from "./packed.js";
import { whole } from "./text.js";

/** Nobody wants answers to half a word. */
const TYPING = 300;
const RETRY = 5_000;

/** The most that one call looks at, and that it may bring of captures whose hits are shown with the letters around them. */
const MOST_LOOKED = 500;
const SHOWN_AT_ONCE = 25;
const MOST_SHOWN = 100;

/** So many bodies that their senders packed are unpacked here, none that is longer than a body that comes with its capture. */
const MOST_PACKED = 50;
const MOST_PACKED_SIZE = 262_144;
/** All that is unpacked in one search. */
const MOST_BYTES = 8_388_608;
/** The list does not tell which bodies are packed. After so many that are not no more is asked for: the server looks into no bodies. */
const MOST_UNLIKE = 5;

/** A refusal that is told by its problem alone: its status says other things, too. */
const OFF = "urn:hookwell:problem:search-off";

const NO_MARKS = Object.freeze({});

/** After these the search would get the same again. */
const FINAL = new Set(["gone", "unknown", "unauthorised"]);
/** These are about all captures, others about the one that was asked for. */
const OF_ALL = new Set(["offline", "busy", "gone", "unauthorised"]);
const UNAVAILABLE = 503;

/**
 * Finds which captures meet the filter. The part that the list shows is looked at at once; then the server is asked, from
 * the newest to the oldest, and again for requests that arrive.
 */
export class Search {
  #api;
  #changed;
  #wait;
  #verdicts;
  #packed;
  #run;

  /** Changes with the hits. */
  version = 0;

  /** `verdicts` knows whose signatures fit; `wait` resolves after so many milliseconds. */
  constructor({ api, changed, verdicts, wait = (time) => new Promise((resolve) => setTimeout(resolve, time)) }) {
    this.#api = api;
    this.#changed = changed;
    this.#verdicts = verdicts;
    this.#wait = wait;
    this.#packed = new PackedBodies(api);
  }

  /** To be told the list, the filter and the marks, as often as that may have changed. */
  follow({ hook, feed, filter, marks = NO_MARKS }) {
    const terms = parseMatch(filter);
    // The address may name a filter before the list is known: nothing of that is new.
    if (terms.length === 0 || !feed.loaded) return this.stop();
    if (this.#run && this.#run.marks !== marks) {
      this.#run.marks = marks;
      this.version += 1;
    }
    if (this.#run?.filter !== filter || this.#run.feed !== feed) {
      this.#run = new Run({ hook, feed, filter, terms, marks, verdicts: this.#verdicts });
      this.version += 1;
      return this.#work(this.#run, TYPING);
    }
    return this.#run.rests && !this.#run.isDone ? this.#work(this.#run, 0) : undefined;
  }

  /** Nothing is looked for any more. */
  stop() {
    if (this.#run) this.version += 1;
    this.#run = undefined;
  }

  /** Those of `captures` that are known to meet the filter. */
  among(captures) {
    return this.#run ? captures.filter((capture) => this.#run.lets(capture)) : captures;
  }

  /** The first word that has to be there; undefined without one. */
  get word() {
    return this.#run?.queries.find(({ word, negated }) => word !== undefined && !negated)?.word;
  }

  /** `{place, name, before, word, after}` of a hit that no row shows, or undefined. */
  hit(capture) {
    return this.#run?.hit(capture);
  }

  /**
   * How far it came: `{searched, total, partial, hidden, places, isDone, unverified}`, and `refused`, the server's words,
   * `failed` while the server does not answer, and `ended` where the search does not go on by itself. `hidden` is how many
   * arrived that do not meet the filter; `unverified` is true where it asks for signatures and no secret was typed.
   */
  get state() {
    return this.#run?.state;
  }

  /** The same in words. */
  get words() {
    return this.#run ? searchedWords(this.state) : "";
  }

  async #work(run, delay) {
    run.rests = false;
    if (delay > 0) await this.#wait(delay);
    while (this.#run === run && !run.isDone) {
      const outcome = await this.#step(run);
      if (this.#run !== run) return;
      run.took(outcome);
      this.version += 1;
      this.#changed();
      if (run.refused || run.ended) return;
      if (run.failed) await this.#wait(outcome.retryAfter ?? RETRY);
    }
    run.rests = true;
  }

  /** One look of each question, and the rows that it may be about. */
  async #step(run) {
    let outcome = { kind: "ok" };
    for (const query of run.queries) {
      if (query.isDone(run.feed.lastSeq)) continue;
      const lastSeq = run.feed.lastSeq;
      outcome = await this.#api.captures(run.hook, query.next(run.hits.size));
      if (outcome.kind !== "ok") return outcome;
      query.took(outcome.value, lastSeq, run.hits);
    }
    if (run.feed.hasOlder) return run.feed.loadOlder();
    const packed = run.nextPacked();
    return packed === undefined ? outcome : this.#unpack(run, packed);
  }

  /** Looks itself into bodies that the server does not unpack. */
  async #unpack(run, seq) {
    const outcome = await this.#packed.find(run.hook, seq);
    if (OF_ALL.has(outcome.kind) || outcome.status === UNAVAILABLE) return outcome;
    // It may be gone meanwhile, or damaged: then nobody asks for it again.
    run.unpacked.add(seq);
    if (outcome.kind !== "ok") return { kind: "ok" };
    const body = outcome.value;
    run.unpackedBytes += body.cost;
    if (!body.isPacked) run.unlike += 1;
    for (const query of body.isPacked ? run.queries : []) await query.lookInto(seq, body, run.hits, () => this.#wait(0));
    return { kind: "ok" };
  }
}

/** One search: a filter over one list. */
class Run {
  /** By number, where the letters around a word were fetched. */
  hits = new Map();
  /** Those that were unpacked, or could not be. */
  unpacked = new Set();
  unpackedBytes = 0;
  /** How many of them were not packed. */
  unlike = 0;
  refused;
  failed = false;
  ended = false;
  rests = false;

  constructor({ hook, feed, filter, terms: all, marks, verdicts }) {
    const terms = all.filter((term) => !isOfSignature(term) && !isOfMarks(term));
    Object.assign(this, { hook, feed, filter, marks, verdicts, signatures: all.filter(isOfSignature), marked: all.filter(isOfMarks) });
    const fields = terms.filter((term) => !term.negated && !isWord(term)).map(({ name, value }) => [name, value]);
    const words = terms.filter((term) => !term.negated && isWord(term)).map(({ value }) => new Query([...fields, ["text", value]], { word: value, top: feed.lastSeq }));
    const excluded = terms
      .filter(({ negated }) => negated)
      .map((term) => new Query([[term.name, term.value]], { word: isWord(term) ? term.value : undefined, negated: true, top: feed.lastSeq }));
    this.queries = [...(fields.length > 0 ? [new Query(fields, { top: feed.lastSeq })] : []), ...words, ...excluded];
    this.since = feed.lastSeq;
  }

  /** Takes in how the last look went. */
  took({ kind, problem }) {
    this.failed = kind !== "ok";
    this.ended = FINAL.has(kind);
    if (problem?.type === OFF) this.refused = `${problem.detail} Only what is loaded was looked at.`;
    else if (kind === "refused") this.refused = [problem?.parameter, problem?.detail ?? "The server does not take this filter."].filter(Boolean).join(": ");
  }

  get isDone() {
    return Boolean(this.refused) || (!this.feed.hasOlder && this.queries.every((query) => query.isDone(this.feed.lastSeq)) && this.nextPacked() === undefined);
  }

  /** The newest in whose packed body a word may be. */
  nextPacked() {
    if (this.unpacked.size >= MOST_PACKED || this.unlike >= MOST_UNLIKE || this.unpackedBytes + MOST_OF_BODY > MOST_BYTES) return undefined;
    const asks = ({ seq, bodySize }) => bodySize > 0 && bodySize <= MOST_PACKED_SIZE && !this.unpacked.has(seq) && this.queries.some((query) => query.isOpen(seq));
    return this.feed.captures.find(asks)?.seq;
  }

  lets(capture) {
    return (
      this.queries.every((query) => query.lets(capture, this.#isNoted(capture, query.word))) &&
      this.marked.every((term) => this.#isMarked(term, capture)) &&
      this.signatures.every((term) => this.#fits(term, capture))
    );
  }

  #isNoted({ seq }, word) {
    return word !== undefined && Boolean(this.marks[seq]?.note.toLowerCase().includes(word.toLowerCase()));
  }

  #isMarked({ negated, value }, { seq }) {
    const { note, pinned } = this.marks[seq] ?? {};
    return Boolean(value === "pinned" ? pinned : note) !== negated;
  }

  #fits({ negated, value }, { seq }) {
    return this.verdicts.isJudged(seq) && (this.verdicts.find(seq)?.fits === (value === "good")) !== negated;
  }

  hit(capture) {
    const asked = this.queries.find(({ word, negated }) => word !== undefined && !negated);
    const hit = asked && !isListed(capture, asked.word) ? this.hits.get(capture.seq) : undefined;
    return hit?.place ? hit : undefined;
  }

  get state() {
    const { feed, queries, signatures, verdicts, refused, failed, ended, isDone, since } = this;
    const looked = feed.captures.filter(({ seq }) => queries.every((query) => query.covers(seq)));
    const partial = looked.filter(({ seq }) => queries.some((query) => query.partial.has(seq) && !query.hits.has(seq)) || (signatures.length > 0 && !verdicts.isJudged(seq)));
    return {
      searched: looked.length,
      total: feed.hasOlder ? (feed.counts?.available ?? feed.captures.length) : feed.captures.length,
      partial: partial.length,
      hidden: looked.filter((capture) => capture.seq > since && !this.lets(capture)).length,
      places: this.#places(),
      isDone,
      unverified: signatures.length > 0 && !verdicts.asks,
      refused,
      failed,
      ended,
    };
  }

  /** How many were found where, by `row`, `path`, `query`, `headers` and `body`; undefined while that is not known of all. */
  #places() {
    const places = { row: 0, path: 0, query: 0, headers: 0, body: 0 };
    const asked = this.queries.filter(({ word, negated }) => word !== undefined && !negated);
    if (asked.length !== 1) return undefined;
    for (const capture of this.feed.captures) {
      if (!this.lets(capture)) continue;
      const place = isListed(capture, asked[0].word) || this.#isNoted(capture, asked[0].word) ? "row" : this.hits.get(capture.seq)?.place;
      if (place === undefined) return undefined;
      places[place] += 1;
    }
    return places;
  }
}

/** One question to the server, and how far it was answered. */
class Query {
  hits = new Set();
  /** Those of which not everything could be searched. */
  partial = new Set();
  #parameters;
  /** From `low` to `high` it was answered. */
  #low;
  #high;

  /** `word` is looked for in the rows as well; `top` is the last number given. */
  constructor(parameters, { word, negated = false, top }) {
    this.#parameters = parameters;
    this.word = word;
    this.negated = negated;
    this.#low = top + 1;
    this.#high = top;
  }

  isDone(lastSeq) {
    return this.#low <= 1 && this.#high >= lastSeq;
  }

  covers(seq) {
    return this.#low <= seq && seq <= this.#high;
  }

  /** `isNoted`: the word is in the reader's own note. */
  lets(capture, isNoted) {
    const found = isNoted || this.hits.has(capture.seq) || (this.word !== undefined && isListed(capture, this.word));
    // A filter that takes something out shows nothing before it knows.
    return this.negated ? !found && this.covers(capture.seq) : found;
  }

  /** Whether a word may be in a part of it that was not searched. */
  isOpen(seq) {
    return this.word !== undefined && this.partial.has(seq) && !this.hits.has(seq);
  }

  /** Looks for the word in a body that was packed. */
  async lookInto(seq, body, hits, pause) {
    if (!this.isOpen(seq)) return;
    const hit = await packedHitOf(body, this.word, pause);
    if (hit.place !== undefined) {
      this.hits.add(seq);
      hits.set(seq, hit);
    } else if (body.isWhole && body.texts.length > 0) this.partial.delete(seq);
  }

  /** The parameters of the next call, where `shown` hits are known with the letters around them. */
  next(shown) {
    const cursor = this.#low > 1 ? ["before", this.#low] : ["after", this.#high];
    const more = this.word !== undefined && !this.negated && shown < MOST_SHOWN ? [["limit", SHOWN_AT_ONCE], ["include", "headers,body"]] : [["limit", MOST_LOOKED]];
    return [...this.#parameters, cursor, ...more];
  }

  /** Takes in an answer to `next`; `lastSeq` is the last number given when it was asked for. */
  took({ captures, next, more, partial }, lastSeq, hits) {
    for (const capture of captures) {
      this.hits.add(capture.seq);
      if (this.word !== undefined && capture.headers !== undefined) hits.set(capture.seq, hitOf(capture, this.word));
    }
    for (const seq of partial) this.partial.add(seq);
    // Each call looks at one at least.
    if (this.#low > 1) this.#low = more ? Math.min(next, this.#low - 1) : 1;
    else this.#high = more ? Math.max(next, this.#high + 1) : Math.max(next, lastSeq);
  }
}

/** One line on a search: where its hits stand, how far it came, and which captures it leaves open. */
export function searchedWords({ searched, total, partial, hidden, places, isDone, unverified, refused, failed, ended }) {
  if (unverified) return "Type a secret in the tab Signature first: then the page knows which signatures fit.";
  if (refused) return refused;
  const far = `searched ${whole(searched)} of ${whole(total)}`;
  if (ended) return `${sentence(far)}. The server did not let the search go on.`;
  if (failed) return `${sentence(far)}. The server does not answer just now; the search goes on by itself.`;
  if (!isDone) return `Searching headers and bodies: ${whole(searched)} of ${whole(total)}`;
  const found = [
    [places?.body, "in the body"],
    [places?.headers, "in headers"],
    [places?.query, "in the query"],
    [places?.path, "in the path"],
    [places?.row, "in what the list shows"],
  ].filter(([number]) => number > 0);
  return sentence(
    [
      found.map(([number, where]) => `${whole(number)} ${where}`).join(", "),
      far,
      partial > 0 && `of ${whole(partial)} only a part could be searched`,
      hidden > 0 && `${whole(hidden)} new without a match`,
    ]
      .filter(Boolean)
      .join(" · "),
  );
}

function sentence(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

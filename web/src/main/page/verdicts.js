// Whether the signatures of the listed captures fit the secret that the reader typed. The secret stays in this object, and
// goes with the page. No DOM.

import { inlineBytes } from "./inline.js";
import { detectScheme, headerOf } from "./schemes.js";
import { checkSignature } from "./signature.js";

/** So many of the newest are checked, in calls of at most so many, none of a longer body. */
const MOST_CHECKED = 500;
const MOST_ROWS = 100;
const MOST_BODY = 262_144;
/** A secret is typed letter by letter. */
const PAUSE = 400;

export class Verdicts {
  #api;
  #changed;
  #pause;
  #hook;
  #captures = [];
  /** `{secret, id, scheme, urlOf}`, the scheme by its id or of the reader's own; undefined until a secret is typed. */
  #asked;
  #found = new Map();
  #running = false;

  /** Changes with what can be found. */
  version = 0;

  constructor({ api, changed, pause = (run) => setTimeout(run, PAUSE) }) {
    this.#api = api;
    this.#changed = changed;
    this.#pause = pause;
  }

  /** Whether a secret was typed. */
  get asks() {
    return this.#asked !== undefined;
  }

  /** Whether a capture was looked at, be it signed or not. */
  isJudged(seq) {
    return this.#found.has(seq);
  }

  /** `{fits, reason}`, or undefined where nothing was checked. */
  find(seq) {
    return this.#found.get(seq);
  }

  /**
   * From now on captures that are signed this way are checked with this secret; without one, none are. Gives what `pause`
   * makes of a work that ends when there is no more to do.
   */
  use(asked) {
    this.#asked = undefined;
    this.#forget();
    if (asked.secret === "") return this.#changed();
    const wanted = asked;
    this.#pending = wanted;
    return this.#pause(() => {
      if (this.#pending !== wanted) return undefined;
      this.#asked = wanted;
      return this.follow(this.#hook, this.#captures);
    });
  }

  #pending;

  /** Checks the newest of `captures` that were not. Resolves when there is no more to do. */
  async follow(hook, captures) {
    if (hook?.id !== this.#hook?.id) this.#forget();
    this.#hook = hook;
    this.#captures = captures;
    if (this.#running || !this.#asked) return;
    this.#running = true;
    try {
      while (this.#asked && (await this.#checkSome())) this.#changed();
    } finally {
      this.#running = false;
    }
  }

  /** Whether there was something to check. */
  async #checkSome() {
    const asked = this.#asked;
    const hook = this.#hook;
    const newest = this.#captures.slice(0, MOST_CHECKED).filter(({ seq, bodySize }) => !this.#found.has(seq) && bodySize <= MOST_BODY);
    if (newest.length === 0) return false;
    const { kind, value } = await this.#api.captures(hook, { before: newest[0].seq + 1, limit: MOST_ROWS, include: "headers,body" });
    if (kind !== "ok") return false;
    if (asked !== this.#asked || hook !== this.#hook) return true;
    const last = value.captures.at(-1)?.seq ?? newest[0].seq;
    for (const { seq } of newest) if (seq >= last) this.#found.set(seq, undefined);
    for (const capture of value.captures) {
      const verdict = await verdictOf(capture, asked);
      if (asked === this.#asked) this.#found.set(capture.seq, verdict);
    }
    this.version += 1;
    return true;
  }

  #forget() {
    this.#found = new Map();
    this.version += 1;
  }
}

async function verdictOf(capture, { secret, id, scheme, urlOf }) {
  const bytes = inlineBytes(capture.body);
  const signed = typeof scheme === "string" ? detectScheme(capture) === id : scheme.present.some((name) => headerOf(capture)(name) !== undefined);
  if (!signed || bytes === undefined || capture.notes?.includes("body-too-large")) return undefined;
  const { fits, findings } = await checkSignature(scheme, capture, bytes, secret, urlOf(capture));
  return { fits, reason: findings[0] };
}

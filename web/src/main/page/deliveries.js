// The other deliveries of what is open, asked of the server: the list may not reach back to them. No DOM.

/** What one call looks at, how many calls one question takes at most, and how much later than what is open it begins. */
const LIMIT = 500;
const MOST_CALLS = 4;
const LATER = 1_000;

/** The same body on the same path is a delivery of the same for so long. */
const SAME_WITHIN = 24 * 3_600_000;

/** So short bodies are the same by chance: {}, ok, 1. */
const SHORT_BODY = 16;

const REMEMBERED = 20;
/** What arrives meanwhile, or failed, is not asked for more often. */
const PAUSE = 5_000;

export class Deliveries {
  #api;
  #changed;
  #now;
  #answers = new Map();

  /** `now` tells milliseconds. */
  constructor({ api, changed, now = Date.now }) {
    this.#api = api;
    this.#changed = changed;
    this.#now = now;
  }

  /**
   * `{by, captures, whole}`: all with the same delivery id (`by` is `delivery`) or, where a request has none, with the same
   * body on the same path within a day (`body`), oldest first; `whole` is false where not all were looked at. Undefined
   * while that is not known, and where there is nothing to go by.
   */
  find(hook, { seq }) {
    return this.#answers.get(keyOf(hook, seq))?.found;
  }

  /** Asks for those around `capture`, and later for what came since. `lastSeq` is the last number given. */
  async ask(hook, capture, lastSeq) {
    const question = questionOf(capture);
    const key = keyOf(hook, capture.seq);
    const known = this.#answers.get(key);
    if (!question || known?.upTo >= lastSeq || (known && (known.asking || this.#now() < known.at + PAUSE))) return;
    const answer = { ...known, asking: true, at: this.#now() };
    this.#answers.set(key, answer);
    if (this.#answers.size > REMEMBERED) this.#answers.delete(this.#answers.keys().next().value);
    const { found } = answer;
    const more = found ? await this.#since(hook, question, answer.upTo) : await this.#around(hook, question, capture, lastSeq);
    answer.asking = false;
    if (!more) return;
    answer.found = { by: question.by, captures: [...(found?.captures ?? []), ...more.captures], whole: (found?.whole ?? true) && more.whole };
    answer.upTo = lastSeq;
    this.#changed();
  }

  /** From a little after it back. */
  async #around(hook, { filter, isSame }, { seq }, lastSeq) {
    const captures = [];
    let whole = lastSeq <= seq + LATER;
    let before = seq + LATER + 1;
    for (let calls = 0; calls < MOST_CALLS; calls += 1) {
      const { kind, value } = await this.#api.captures(hook, [...filter, ["before", before], ["limit", LIMIT]]);
      if (kind !== "ok") return undefined;
      captures.unshift(...value.captures.filter(isSame).toReversed());
      whole &&= value.partial.length === 0;
      if (!value.more) return { captures, whole };
      before = value.next;
    }
    return { captures, whole: false };
  }

  async #since(hook, { filter, isSame }, after) {
    const { kind, value } = await this.#api.captures(hook, [...filter, ["after", after], ["limit", LIMIT]]);
    return kind === "ok" ? { captures: value.captures.filter(isSame), whole: !value.more && value.partial.length === 0 } : undefined;
  }
}

function keyOf({ id }, seq) {
  return `${id}/${seq}`;
}

function questionOf({ deliveryId, sender, method, path, receivedAt, body }) {
  // Two senders may count alike.
  if (deliveryId) return { by: "delivery", filter: [["delivery", deliveryId]], isSame: (other) => other.sender === sender };
  if (body.size < SHORT_BODY || !body.sha256) return undefined;
  return {
    by: "body",
    filter: [["method", method], ["sha256", body.sha256]],
    isSame: (other) => other.path === path && Math.abs(Date.parse(other.receivedAt) - Date.parse(receivedAt)) <= SAME_WITHIN,
  };
}

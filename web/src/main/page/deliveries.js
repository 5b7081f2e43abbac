// The other deliveries of what is open, asked of the server: the list may not reach back to them. No DOM.

/** What one call looks at, how many calls one question takes at most, and how much later than what is open it begins. */
const LIMIT = 500;
const MOST_CALLS = 4;
const LATER = 1_000;

/** So short bodies are the same by chance: {}, ok, 1. */
const SHORT_BODY = 16;

const REMEMBERED = 20;

export class Deliveries {
  #api;
  #changed;
  #answers = new Map();

  constructor({ api, changed }) {
    this.#api = api;
    this.#changed = changed;
  }

  /**
   * `{by, seqs, whole}`: the numbers, oldest first, of all with the same delivery id (`by` is `delivery`) or, where a
   * request has none, with the same body (`body`); `whole` is false where not all were looked at. Undefined while that is
   * not known, and where there is nothing to go by.
   */
  find(hook, { seq }) {
    return this.#answers.get(`${hook.id}/${seq}`);
  }

  /** Asks around `capture`, once. `lastSeq` is the last number given. */
  async ask(hook, capture, lastSeq) {
    const key = `${hook.id}/${capture.seq}`;
    const { by, filter } = questionOf(capture);
    if (this.#answers.has(key) || by === undefined) return;
    this.#answers.set(key, undefined);
    if (this.#answers.size > REMEMBERED) this.#answers.delete(this.#answers.keys().next().value);
    const answer = await this.#around(hook, filter, capture, lastSeq);
    if (answer) this.#answers.set(key, { by, ...answer });
    this.#changed();
  }

  async #around(hook, filter, { seq, sender }, lastSeq) {
    const seqs = [];
    let whole = lastSeq <= seq + LATER;
    let before = seq + LATER + 1;
    for (let calls = 0; calls < MOST_CALLS; calls += 1) {
      const { kind, value } = await this.#api.captures(hook, [...filter, ["before", before], ["limit", LIMIT]]);
      if (kind !== "ok") return undefined;
      // Two senders may count alike.
      for (const found of value.captures) if (found.sender === sender) seqs.unshift(found.seq);
      whole &&= value.partial.length === 0;
      if (!value.more) return { seqs, whole };
      before = value.next;
    }
    return { seqs, whole: false };
  }
}

function questionOf({ deliveryId, method, body }) {
  if (deliveryId) return { by: "delivery", filter: [["delivery", deliveryId]] };
  if (body.size >= SHORT_BODY && body.sha256) return { by: "body", filter: [["method", method], ["sha256", body.sha256]] };
  return {};
}

// What senders packed, unpacked for the search: the server does not do it. No DOM.

import { textOf } from "./charset.js";
import { headerValues, mediaType } from "./headers.js";
import { escapesOfFormUndone } from "./hit.js";
import { inlineBytes } from "./inline.js";
import { unpackBudget, unpacked } from "./unpack.js";

/** Of one body, as the server looks at no more of one. */
export const MOST_OF_BODY = 1_048_576;

/** The letters that are kept for the next word, and what each body counts at least. */
const MOST_KEPT = 8_388_608;
const LEAST = 1_024;

/** Bodies that were unpacked, of which the newest are kept: each next word looks at the same ones. */
export class PackedBodies {
  #api;
  #kept = new Map();

  constructor(api) {
    this.#api = api;
  }

  /**
   * The outcome of a look, its `value` being `{isPacked, isWhole, texts, capture, cost}`: the beginning of the body as
   * `texts`, as it is and without the escapes of a form; none where it is no text, or nothing here unpacks it. `cost` is how many bytes were unpacked.
   */
  async find(hook, seq) {
    const key = `${hook.id}/${seq}`;
    const kept = this.#kept.get(key);
    if (kept) return { kind: "ok", value: kept };
    const outcome = await this.#api.capture(hook, seq);
    if (outcome.kind !== "ok") return outcome;
    const value = await unpackedBody(outcome.value);
    this.#kept.set(key, value);
    this.#forget();
    return { kind: "ok", value };
  }

  #forget() {
    const sizeOf = ({ texts }) => texts.reduce((sum, { length }) => sum + length, LEAST);
    let total = [...this.#kept.values()].reduce((sum, body) => sum + sizeOf(body), 0);
    for (const [key, body] of this.#kept) {
      if (total <= MOST_KEPT) return;
      total -= sizeOf(body);
      this.#kept.delete(key);
    }
  }
}

async function unpackedBody({ body, ...capture }) {
  const bytes = inlineBytes(body);
  const budget = unpackBudget(MOST_OF_BODY, true);
  const { bytes: content, remarks } = bytes ? await unpacked(bytes, headerValues(capture, "content-encoding").join(",").toLowerCase(), budget) : { bytes, remarks: [] };
  const outcome = { capture, isPacked: content !== bytes || remarks.length > 0, isWhole: !remarks.some(({ tone }) => tone === "warn"), texts: [], cost: MOST_OF_BODY - budget.bytes };
  if (content === bytes) return outcome;
  const { type, parameters } = mediaType(headerValues(capture, "content-type")[0]);
  const isForm = type === "application/x-www-form-urlencoded";
  const texts = [content, ...(isForm ? [escapesOfFormUndone(content)] : [])].map((one) => textOf(one, parameters.charset).text);
  return { ...outcome, texts: texts.filter((text) => text !== undefined) };
}

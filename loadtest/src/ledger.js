const FILL = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i))
  .join('')
  .replace(/["\\]/g, '');

/**
 * What was sent and what was acknowledged. Each request has a number, and its body follows from
 * the number alone, so that a reader can tell whose body it is and whether it is whole.
 */
export class Ledger {
  #size;
  #fill;
  #attempts = 0;
  #acknowledged = new Map();
  #repeated = [];
  #refused = new Map();

  constructor(size) {
    this.#size = size;
    this.#fill = FILL.repeat(Math.ceil((size + FILL.length) / FILL.length));
  }

  get size() {
    return this.#size;
  }

  /** How many requests were begun. */
  get attempts() {
    return this.#attempts;
  }

  /** Capture id → the request's number and when it was acknowledged, in ms since the epoch. */
  get acknowledged() {
    return this.#acknowledged;
  }

  /** Ids that were given to more than one request. */
  get repeated() {
    return this.#repeated;
  }

  /** Answers that weren't 200: status → how many. */
  get refused() {
    return Object.fromEntries(this.#refused);
  }

  /** Begins a request: its number. */
  begin() {
    return this.#attempts++;
  }

  /** A JSON body of the size asked for, in ASCII. */
  body(number) {
    const start = `{"n":${number},"fill":"`;
    const length = this.#size - start.length - 2;
    const offset = number % FILL.length;
    return `${start}${this.#fill.slice(offset, offset + length)}"}`;
  }

  /** Notes an answer. */
  answered(number, status, text) {
    const id = status === 200 ? idOf(text) : undefined;
    if (id === undefined) {
      this.#refused.set(status, (this.#refused.get(status) ?? 0) + 1);
    } else if (this.#acknowledged.has(id)) {
      this.#repeated.push(id);
    } else {
      this.#acknowledged.set(id, { number, at: Date.now() });
    }
  }

  /** The number that a body claims, or undefined when the body isn't one of ours, unaltered. */
  numberOf(body) {
    const number = Number(/^\{"n":(\d+),/.exec(body)?.[1]);
    return Number.isInteger(number) && number < this.#attempts && body === this.body(number)
      ? number
      : undefined;
  }
}

function idOf(text) {
  return /^\{"id":"([0-9a-f-]{36})"\}$/.exec(text)?.[1];
}

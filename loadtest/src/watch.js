import { setTimeout as pause } from 'node:timers/promises';

/** Counts what is acknowledged and what is stored, twice a second, until it is stopped. */
export class Progress {
  #points = [];
  #stopped = false;
  #done;

  constructor(hook, ledger, onPoint) {
    this.#done = this.#run(hook, ledger, onPoint);
    // Whoever stops it hears of a failure; until then it must not end the program.
    this.#done.catch(() => {});
  }

  async #run(hook, ledger, onPoint) {
    const start = Date.now();
    while (!this.#stopped) {
      const { stored } = await hook.counts();
      const point = {
        at: (Date.now() - start) / 1000,
        acknowledged: ledger.acknowledged.size,
        stored,
      };
      this.#points.push(point);
      onPoint(point);
      await pause(500);
    }
  }

  /** The points: seconds, acknowledged, stored. */
  async stop() {
    this.#stopped = true;
    await this.#done;
    return this.#points;
  }
}

/** Reads as a reader does, and notes how long after its 200 each capture was there. */
export class Reader {
  #seen = new Map();
  #stopped = false;
  #done;

  constructor(hook) {
    this.#done = this.#run(hook);
    this.#done.catch(() => {});
  }

  async #run(hook) {
    let after = 0;
    while (!this.#stopped) {
      const page = await hook.page(after);
      const now = Date.now();
      for (const capture of page.captures) {
        this.#seen.set(capture.id, now);
      }
      after = page.next;
      if (!page.more) {
        await pause(50);
      }
    }
  }

  /** Milliseconds from the answer to the first sight of it; of those acknowledged and seen. */
  async stop(ledger, patience = 10_000) {
    const end = Date.now() + patience;
    while (this.#seen.size < ledger.acknowledged.size && Date.now() < end) {
      await pause(50);
    }
    this.#stopped = true;
    await this.#done;
    return [...ledger.acknowledged].flatMap(([id, { at }]) => {
      const seen = this.#seen.get(id);
      return seen === undefined ? [] : [seen - at];
    });
  }
}

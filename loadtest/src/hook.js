import { setTimeout as pause } from 'node:timers/promises';

const PATIENCE = 30_000;

/** The API of one hook. Every call throws when it isn't answered as it should be. */
export class Hook {
  #address;
  #viewKey;

  /** @param answer what `POST /api/hooks` gave */
  constructor(origin, answer) {
    // The page's own address of the hook may be another than the one that is loaded.
    this.path = `/h/${answer.id}`;
    this.url = origin + this.path;
    this.#address = `${origin}/api/hooks/${answer.id}`;
    this.#viewKey = answer.viewKey;
  }

  /** Makes a hook that lives a day. */
  static async create(origin, key) {
    const answer = await fetch(`${origin}/api/hooks`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(key ? { authorization: `Bearer ${key}` } : {}),
      },
      body: '{"expiresIn":"P1D"}',
    });
    if (answer.status !== 201) {
      throw new Error(`no hook: ${answer.status} ${await answer.text()}`);
    }
    return new Hook(origin, await answer.json());
  }

  /** The hook's counts: stored, available, evicted, deleted, bytes; and its first number. */
  async counts() {
    const { counts, firstSeq } = await (await this.#get('')).json();
    return { ...counts, firstSeq: firstSeq ?? counts.stored + 1 };
  }

  /** One page in ascending order: captures, next, more. */
  async page(after, { body = false } = {}) {
    const include = body ? '&include=body' : '';
    return (await this.#get(`/captures?after=${after}&limit=500${include}`)).json();
  }

  /** The whole body of a capture. */
  async body(id) {
    return Buffer.from(await (await this.#get(`/captures/${id}/body`)).arrayBuffer());
  }

  /** Reading isn't what is tried here: it is repeated while the server is too busy for it. */
  async #get(path) {
    const end = Date.now() + PATIENCE;
    for (;;) {
      const answer = await fetch(this.#address + path, {
        headers: { authorization: `Bearer ${this.#viewKey}` },
      }).catch((e) => e);
      if (answer.status === 200) {
        return answer;
      }
      const isBusy = answer instanceof Error || answer.status === 429 || answer.status >= 500;
      if (!isBusy || Date.now() > end) {
        throw answer instanceof Error
          ? answer
          : new Error(`${path || 'the hook'}: ${answer.status} ${await answer.text()}`);
      }
      await pause(500);
    }
  }
}

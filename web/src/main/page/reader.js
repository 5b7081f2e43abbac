// Has bodies read by a worker; where a browser starts none, by the page itself.

/** Addresses of scripts for the browser: our own worker's, and no other. */
const policy = globalThis.trustedTypes?.createPolicy("hookwell-worker", { createScriptURL: workerUrl }) ?? { createScriptURL: workerUrl };

function workerUrl() {
  return new URL("./reader-worker.js", import.meta.url).href;
}

export class Reader {
  #worker;
  #waiting = new Map();
  #last = 0;

  constructor() {
    try {
      this.#worker = new Worker(policy.createScriptURL(""), { type: "module" });
      this.#worker.onmessage = ({ data: { id, body } }) => this.#done(id, body);
      this.#worker.onerror = () => this.#withoutWorker();
      this.#worker.onmessageerror = () => this.#withoutWorker();
    } catch {
      this.#worker = undefined;
    }
  }

  /** What readBody makes of the bytes. */
  read({ headers }, bytes) {
    const asked = { capture: { headers }, bytes };
    if (!this.#worker) return readHere(asked);
    this.#last += 1;
    const id = this.#last;
    return new Promise((resolve) => {
      this.#waiting.set(id, { asked, resolve });
      this.#worker.postMessage({ id, ...asked });
    });
  }

  #done(id, body) {
    this.#waiting.get(id)?.resolve(body);
    this.#waiting.delete(id);
  }

  #withoutWorker() {
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const [id, { asked }] of this.#waiting) readHere(asked).then((body) => this.#done(id, body));
  }
}

async function readHere({ capture, bytes }) {
  const { readBody } = await import("./body.js");
  return readBody(capture, bytes);
}

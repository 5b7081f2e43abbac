// Has bodies read by a worker; where a browser starts none, by the page itself.

import { textView } from "./lines.js";

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

  /** Without a `body` the worker could not read it. */
  #done(id, body) {
    const { asked, resolve } = this.#waiting.get(id) ?? {};
    this.#waiting.delete(id);
    resolve?.(body ?? unread(asked.bytes));
  }

  #withoutWorker() {
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const [id, { asked }] of this.#waiting) readHere(asked).then((body) => this.#done(id, body));
  }
}

async function readHere({ capture, bytes }) {
  try {
    const { readBody } = await import("./body.js");
    return await readBody(capture, bytes);
  } catch {
    return unread(bytes);
  }
}

/** What is shown of bytes at least: no fault of a reading hides them. */
function unread(bytes) {
  const remarks = [{ tone: "warn", text: "This page failed to read the body: it is shown as sent." }];
  return { views: [textView("As sent", new TextDecoder("windows-1252").decode(bytes)), { name: "Hex", hex: true }], remarks };
}

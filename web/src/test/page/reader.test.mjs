// Bodies read by a worker, or by the page itself where there is none: no fault of a reading leaves one unshown.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Worker as Thread } from "node:worker_threads";
import { Reader } from "../../main/page/reader.js";
import { shownText } from "./shown.mjs";

/** A thread of Node.js under the names that a worker of a browser has. */
class BrowserWorker {
  static threads = [];

  constructor(url) {
    const names = `
      const { parentPort, workerData } = require("node:worker_threads");
      globalThis.postMessage = (data, transfer) => parentPort.postMessage(data, transfer);
      globalThis.addEventListener = (_, listener) => parentPort.on("message", (data) => listener({ data }));
      import(workerData);`;
    this.thread = new Thread(names, { eval: true, workerData: url });
    this.thread.on("message", (data) => this.onmessage({ data }));
    BrowserWorker.threads.push(this.thread);
  }

  postMessage(data) {
    this.thread.postMessage(data);
  }
}

async function reads(work) {
  globalThis.Worker = BrowserWorker;
  try {
    await work(new Reader());
  } finally {
    delete globalThis.Worker;
    for (const thread of BrowserWorker.threads.splice(0)) await thread.terminate();
  }
  await work(new Reader());
}

test("a body is read by a worker, and where there is none by the page", async () => {
  await reads(async (reader) => {
    const { views } = await reader.read({ headers: [["content-type", "application/json"]] }, new Uint8Array(Buffer.from('{"a":1}')));
    assert.deepEqual(views.map(({ name }) => name), ["Pretty", "As sent", "Hex"]);
  });
});

test("what a reading fails at is shown as sent, byte by byte", async () => {
  await reads(async (reader) => {
    // No header has a number for its name.
    const { views, remarks } = await reader.read({ headers: [[1, "x"]] }, new Uint8Array([0x47, 0x72, 0xfc, 0x0a, 0x21]));
    assert.deepEqual([views.map(({ name }) => name), shownText(views[0])], [["As sent", "Hex"], "Grü\n!"]);
    assert.deepEqual(remarks, [{ tone: "warn", text: "This page failed to read the body: it is shown as sent." }]);
  });
});

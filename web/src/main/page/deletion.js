// What the owner may delete, after a question: one request, all of them, or the URL.

import { day } from "./text.js";

export class Deletion {
  #model;
  #api;
  #remembered;
  #ask;
  #tell;
  #stop;
  #wide;

  /** `ask` shows a question and runs it when it is confirmed; `stop` ends the polling. */
  constructor({ model, api, remembered, ask, tell, stop, wide }) {
    this.#model = model;
    this.#api = api;
    this.#remembered = remembered;
    this.#ask = ask;
    this.#tell = tell;
    this.#stop = stop;
    this.#wide = wide;
  }

  deleteCapture(seq) {
    this.#ask({
      title: `Delete request #${seq}?`,
      text: "It is removed for good and counted as deleted. Its number is not given again, and the URL keeps receiving.",
      label: "Delete request",
      run: () => this.#delete((hook) => this.#api.deleteCapture(hook, seq), () => this.#captureDeleted(seq)),
    });
  }

  deleteCaptures() {
    this.#ask({
      title: "Delete all requests?",
      text: "Everything received so far is removed for good, also what is still on its way into the list. The URL stays: what is sent from now on is kept as before.",
      label: "Delete all requests",
      run: () => this.#delete((hook) => this.#api.deleteCaptures(hook), () => this.#capturesDeleted()),
    });
  }

  deleteHook() {
    this.#ask({
      title: "Delete this URL?",
      text: `Everything it received is removed for good. Senders are not told: they still get 200 until ${day(this.#model.hook.expiresAt)}, but nothing they send is kept.`,
      label: "Delete URL",
      run: () => this.#delete((hook) => this.#api.deleteHook(hook), () => this.#hookDeleted()),
    });
  }

  async #delete(call, done) {
    const { hook } = this.#model;
    const { kind, problem } = await call(hook);
    if (hook !== this.#model.hook) return;
    if (kind === "ok") done();
    else this.#tell(`Nothing was deleted: ${problem?.detail ?? "the server could not be reached. Try again."}`);
  }

  /** Beside the list of a wide screen the neighbour is opened. */
  #captureDeleted(seq) {
    const { feed, workspace, actions } = this.#model;
    const visible = workspace.visible(this.#model);
    const at = visible.findIndex((capture) => capture.seq === seq);
    const next = visible[at + 1] ?? visible[at - 1];
    feed.deleted(seq);
    actions.show(this.#wide ? next?.seq : undefined);
    this.#tell(`Request #${seq} is deleted.`);
  }

  #capturesDeleted() {
    this.#model.feed.cleared();
    this.#model.actions.show(undefined);
    this.#tell("All requests are deleted. The URL keeps receiving.");
  }

  #hookDeleted() {
    const { feed, hook, actions } = this.#model;
    this.#stop();
    feed.cleared();
    this.#remembered.update(hook.id, { deleted: true, gone: true });
    hook.deleted = true;
    Object.assign(this.#model, { status: { kind: "gone" }, hooks: this.#remembered.all() });
    actions.show(undefined);
  }
}

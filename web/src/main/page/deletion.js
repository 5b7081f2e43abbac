// What the owner may delete: one request, which can be brought back for a while; or, after a question, all of them or the
// URL.

import { forgetMarks } from "./hooks.js";
import { mark } from "./marks.js";
import { day } from "./text.js";

export class Deletion {
  #model;
  #api;
  #remembered;
  #ask;
  #tell;
  #stop;
  #wide;
  #undo;
  #drawn;

  /** `ask` shows a question and runs it when it is confirmed; `stop` ends the polling. */
  constructor({ model, api, remembered, ask, tell, stop, wide, undo, drawn }) {
    this.#model = model;
    this.#api = api;
    this.#remembered = remembered;
    this.#ask = ask;
    this.#tell = tell;
    this.#stop = stop;
    this.#wide = wide;
    this.#undo = undo;
    this.#drawn = drawn;
  }

  /** It leaves the list at once. Beside the list of a wide screen its neighbour is opened. */
  deleteCapture(seq) {
    const { hook, feed, workspace, actions } = this.#model;
    const visible = workspace.visible(this.#model);
    const at = visible.findIndex((capture) => capture.seq === seq);
    const next = visible[at + 1] ?? visible[at - 1];
    feed.withhold(seq);
    this.#undo.start({
      hook,
      seq,
      send: () => this.#send(hook, feed, seq),
      restore: () => {
        feed.restore(seq);
        if (feed === this.#model.feed) this.#reopen(seq);
      },
    });
    actions.show(this.#wide ? next?.seq : undefined);
  }

  #reopen(seq) {
    const { workspace, actions } = this.#model;
    actions.show(seq);
    this.#drawn(() => workspace.focusRow(seq));
  }

  async #send(hook, feed, seq) {
    const { kind, problem } = await this.#api.deleteCapture(hook, seq);
    // Whoever else deleted it was faster.
    if (kind === "ok" || kind === "unknown" || kind === "gone") {
      mark(hook.id, seq, { note: "", pinned: false });
      return feed.deleted(seq);
    }
    feed.restore(seq);
    if (feed === this.#model.feed) this.#tell(`Request #${seq} was not deleted: ${problem?.detail ?? "the server could not be reached."}`);
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

  #capturesDeleted() {
    this.#model.feed.cleared();
    forgetMarks(this.#model.hook.id);
    this.#model.actions.show(undefined);
    this.#tell("All requests are deleted. The URL keeps receiving.");
  }

  #hookDeleted() {
    const { feed, hook, actions } = this.#model;
    this.#stop();
    feed.cleared();
    this.#remembered.update(hook.id, { deleted: true, gone: true });
    forgetMarks(hook.id);
    hook.deleted = true;
    Object.assign(this.#model, { status: { kind: "gone" }, hooks: this.#remembered.all() });
    actions.show(undefined);
  }
}

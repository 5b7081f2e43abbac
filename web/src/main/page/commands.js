// The reader's commands beside reading: copying, sending, loading, exporting, deleting, naming. Loaded when the
// first screen stands.

import { switchNotifications, switchSound } from "./attention.js";
import { HooksMenu } from "./hooks-menu.js";
import { browserStorage, nextTheme, routeOf } from "./hooks.js";
import { day } from "./text.js";
import { undoBar } from "./undo-bar.js";
import { Undo } from "./undo.js";
import { closeMenus } from "./views.js";

const COPIED_FOR = 1_600;

const COPIED = {
  url: "the URL",
  share: "a view-only link. It stays in the history of each browser that opens it",
  link: "a link to this request, which opens no other. It stays in the history of each browser that opens it",
  owner: "the owner’s link. Open it in your other browser, and give it to nobody",
  example: "the curl line",
  curl: "the request as a curl line",
  body: "the body",
  headers: "all headers",
  raw: "the request as HTTP",
  client: "the line that gets the client",
  local: "the lines for your machine",
  sha256: "the SHA-256",
  "body path": "the JSON pointer",
  "JSON Schema": "a JSON Schema of the bodies that the list shows",
  "TypeScript type": "a TypeScript type of the bodies that the list shows",
  "as curl": "the request as a curl line",
  "as powershell": "the request for PowerShell",
  "as cmd": "the request as a line for cmd",
  "as httpie": "the request as an HTTPie line",
  "as fetch": "the request as JavaScript",
  "as python": "the request as Python",
  "as go": "the request as Go",
};

export class Commands {
  #page;
  #copyTimer;

  /** They work on `page`: `{model, api, remembered, tell, draw, drawn, load, activity, checkNow, stop, wide}`. */
  constructor(page) {
    this.#page = page;
    const { api, draw: changed } = page;
    Object.assign(page.model, { tell: page.tell, undo: new Undo({ changed }), undoBar, hooksMenu: new HooksMenu({ api, changed }) });
  }

  /** `text` is a text, `{text, as}` where it is not the text itself, `{unable}` with the reason why there is none, or a promise of any. */
  async copy(what, text) {
    const { model, tell, draw, activity } = this.#page;
    activity();
    try {
      const value = await text;
      if (value === undefined) return;
      const { text: plain, as, unable } = typeof value === "string" ? { text: value } : value;
      if (unable) return tell(unable);
      await navigator.clipboard.writeText(plain);
      model.copied = what;
      clearTimeout(this.#copyTimer);
      this.#copyTimer = setTimeout(() => {
        model.copied = undefined;
        draw();
      }, COPIED_FOR);
      tell(`Copied ${COPIED[what] ?? "the value"}${as ? ` ${as}` : ""}.`, as ? undefined : COPIED_FOR);
    } catch {
      tell("The browser did not let the page copy. Select the text and copy it yourself.");
    }
  }

  /** Opens the hook to read, with all that it received. */
  shareLink() {
    const { id, viewKey } = this.#page.model.hook;
    return `${location.origin}/${routeOf(id, { key: viewKey })}`;
  }

  /** Opens this request and no other. */
  captureLink(seq) {
    const { hook } = this.#page.model;
    return this.#linked(({ captureLink }) => captureLink(hook, seq, location.origin));
  }

  /** A link that takes a module to write. */
  async #linked(write) {
    const links = await import("./links.js").catch(() => undefined);
    return links ? write(links) : { unable: "Nothing was copied: the server could not be reached. Try again." };
  }

  /** Copies the link that makes another browser an owner, once the reader has confirmed to know that. */
  ownerLink() {
    const { model, drawn } = this.#page;
    const { hook, actions } = model;
    model.confirm = {
      title: "Own it in another browser?",
      text:
        "The link carries both keys of this URL: a browser that opens it can read, delete and set responses, and the link stays in the history " +
        "of the browser that opens it. It is for another browser of your own. To show requests to others, share a view-only link.",
      label: "Copy owner’s link",
      run: () => actions.copy("owner", this.#linked(({ ownerLink }) => ownerLink(hook, location.origin))),
    };
    drawn((root) => root.querySelector("#confirm").showModal());
  }

  sendTest() {
    return this.#send({ headers: { "Content-Type": "application/json" }, body: JSON.stringify({ event: "test", from: "Hookwell", sentAt: new Date().toISOString() }) });
  }

  /** Sends a request to the hook that is open. */
  async #send({ headers, body }) {
    const { model, tell, draw, checkNow } = this.#page;
    model.sending = true;
    draw();
    let answer;
    try {
      // By path: the page and its hooks share an origin, by no matter which public name the URL goes.
      answer = await fetch(`/h/${model.hook.id}`, { method: "POST", headers, body, credentials: "omit" });
    } catch {
      // Said below, like any other answer that is not 200.
    }
    model.sending = false;
    tell(answer?.ok ? "Sent. It is kept, and shows here in a moment." : `Not kept: ${answer ? `the server answered ${answer.status}` : "the server could not be reached"}.`);
    checkNow();
  }

  async loadOlder() {
    const { model, tell, draw } = this.#page;
    model.loadingOlder = true;
    draw();
    const { kind } = await model.feed.loadOlder();
    model.loadingOlder = false;
    if (kind !== "ok") tell("Older requests could not be loaded just now.");
    draw();
  }

  /** Asks the filter for this as well. */
  filterBy(term) {
    const { model, draw, tell, wide } = this.#page;
    const isOpen = model.filter.split('"').length % 2 === 0;
    model.filter = `${model.filter}${isOpen ? '"' : ""} ${term}`.trim();
    model.following = false;
    // On a narrow screen the list stands behind the request.
    if (!wide()) location.hash = routeOf(model.hook.id);
    tell(`Filtering by ${term}`);
    draw();
  }

  async exportCaptures() {
    const { model, api, tell, draw } = this.#page;
    closeMenus();
    model.exporting = true;
    draw();
    const exporting = await import("./export.js").catch(() => undefined);
    await exporting?.exportToFile(model, api, tell);
    if (!exporting) tell("Nothing was exported: the server could not be reached.");
    model.exporting = false;
    draw();
  }

  /** Leads to the newest request. */
  newest() {
    const { model } = this.#page;
    model.workspace?.newest(model);
    model.actions.scrolled();
  }

  async help() {
    const { model, load, drawn } = this.#page;
    await load("inspector");
    if (model.inspector) drawn((root) => root.querySelector("#help").showModal());
  }

  async notify() {
    const { tell, draw } = this.#page;
    tell(await switchNotifications());
    draw();
  }

  /** The colours of the system, light or dark, in turn. */
  theme() {
    const { tell } = this.#page;
    const theme = nextTheme(browserStorage());
    document.documentElement.dataset.theme = theme;
    tell(theme === "system" ? "Colours as the system has them." : `Colours: ${theme}.`);
  }

  sound() {
    const { tell, draw } = this.#page;
    tell(switchSound());
    draw();
  }

  /** Shows the lines that bring requests to the reader's machine: all, or one again. */
  toLocalhost(seq) {
    const { model, api, draw } = this.#page;
    return this.#show("localhost", import("./localhost.js"), ({ Localhost }) => {
      model.localhost ??= new Localhost({ api, changed: draw });
      model.localhost.open(seq);
    });
  }

  /** Shows the responses to senders to the hook's second URL, and lets its owner decide. */
  toResponse() {
    const { model, api, draw } = this.#page;
    return this.#show("response-tool", import("./response-tool.js"), ({ ResponseTool }) => {
      model.responseTool ??= new ResponseTool({ api, changed: draw });
      model.responseTool.open(model.hook);
    });
  }

  toSample() {
    const { model, draw, load } = this.#page;
    return this.#show("sample-tool", import("./sample-tool.js"), ({ SampleTool }) => {
      model.sampleTool ??= new SampleTool({ model, draw, load, send: (sample) => this.#send(sample) });
    });
  }

  toPhone() {
    const { model, draw } = this.#page;
    return this.#show("qr-tool", import("./qr-tool.js"), ({ QrTool }) => {
      model.qrTool ??= new QrTool({ draw, shareLink: () => this.shareLink() });
    });
  }

  /** Opens the dialog of a tool that is loaded when somebody asks for it. */
  async #show(id, loading, prepare) {
    const { tell, drawn } = this.#page;
    closeMenus();
    const tool = await loading.catch(() => undefined);
    if (!tool) return tell("The server could not be reached. Try again.");
    prepare(tool);
    return drawn((root) => root.querySelector(`#${id}`).showModal());
  }

  deleteCapture(seq) {
    return this.#delete("deleteCapture", seq);
  }

  deleteCaptures() {
    return this.#delete("deleteCaptures");
  }

  deleteHook() {
    return this.#delete("deleteHook");
  }

  /** The module that deletes is loaded when something is to be deleted. */
  async #delete(what, ...which) {
    const { model, api, remembered, tell, drawn, stop, wide } = this.#page;
    closeMenus();
    const deletion = await import("./deletion.js").catch(() => undefined);
    if (!deletion) return tell("Nothing was deleted: the server could not be reached. Try again.");
    const ask = (confirm) => {
      model.undo.finish();
      model.confirm = confirm;
      drawn((root) => root.querySelector("#confirm").showModal());
    };
    return new deletion.Deletion({ model, api, remembered, ask, tell, stop, wide: wide(), undo: model.undo, drawn })[what](...which);
  }

  confirmed(event) {
    const { model } = this.#page;
    const { confirm } = model;
    model.confirm = undefined;
    if (event.target.returnValue === "yes") confirm?.run();
    event.target.returnValue = "";
  }

  rename(hook) {
    const { model, drawn } = this.#page;
    model.renaming = model.renaming === hook.id ? undefined : hook.id;
    drawn((root) => root.querySelector(".rename input")?.select());
  }

  /** The name is written where it stands. */
  nameHere(naming) {
    const { model, drawn } = this.#page;
    model.naming = naming;
    drawn((root) => root.querySelector(naming ? ".naming input" : ".name-button")?.[naming ? "select" : "focus"]());
  }

  renamed(event, hook) {
    const { model, remembered, draw, drawn } = this.#page;
    const name = new FormData(event.target).get("name").trim();
    remembered.update(hook.id, { name });
    if (model.hook?.id === hook.id) model.hook.name = name;
    model.hooks = remembered.all();
    model.renaming = undefined;
    const stays = model.naming && event.target.contains(document.activeElement);
    model.naming = false;
    draw();
    if (stays) drawn((root) => root.querySelector(".name-button")?.focus());
  }

  pin(hook) {
    const { model, remembered, draw } = this.#page;
    remembered.update(hook.id, { pinned: !hook.pinned });
    model.hooks = remembered.all();
    draw();
  }

  forget(hook) {
    const { model, remembered, tell } = this.#page;
    remembered.forget(hook.id);
    model.hooks = remembered.all();
    tell(`Forgotten here. The URL keeps working${hook.expiresAt ? ` until ${day(hook.expiresAt)}` : ""}.`);
  }

  toggleShortcuts(event) {
    const { model, draw } = this.#page;
    model.shortcuts = event.target.checked;
    browserStorage().setItem("hookwell.shortcuts", model.shortcuts ? "on" : "off");
    draw();
  }
}

// The page: what the address names, what the reader does, and when to draw. The only module that owns the document.

import { render } from "./lit/lit-html.js";
import { HookApi } from "./api.js";
import { CaptureFeed } from "./feed.js";
import { RememberedHooks, browserStorage, isShared, parseRoute, routeOf, urlOf } from "./hooks.js";
import { Poller } from "./poller.js";
import { METHODS, day, durationWords } from "./text.js";
import { page } from "./views.js";

const COPIED_FOR = 1_600;
const TOAST_FOR = 5_000;

const COPIED = {
  url: "the URL",
  share: "a view-only link. It stays in the history of each browser that opens it",
  link: "a view-only link, which opens at this request. It stays in the history of each browser that opens it",
  example: "the curl line",
  curl: "the request as a curl line",
  body: "the body",
  headers: "all headers",
  raw: "the request as HTTP",
  sha256: "the SHA-256",
};

const WIDE = matchMedia("(min-width: 60.01rem)");

/** Until the server has told its own. */
const LIMITS = { bodyBytes: 4_194_304 };

class App {
  #root;
  #api = new HookApi((...request) => fetch(...request));
  #remembered = new RememberedHooks(browserStorage());
  #poller;
  #inspecting;
  #drawing = false;
  #described = new WeakSet();
  #copyTimer;
  #toastTimer;
  #ticks = 0;
  /** Where the page stood when a request was opened over the list of a narrow screen. */
  #listScroll = 0;

  #model = {
    hook: undefined,
    feed: undefined,
    route: {},
    status: { kind: "starting" },
    message: undefined,
    hooks: [],
    method: "POST",
    filter: "",
    copied: undefined,
    toast: undefined,
    sending: false,
    loadingOlder: false,
    exporting: false,
    renaming: undefined,
    confirm: undefined,
    unseen: 0,
    away: false,
    hidden: document.hidden,
    limits: LIMITS,
    retention: undefined,
    inspector: undefined,
    shortcuts: true,
    now: Date.now(),
  };

  constructor(root) {
    this.#root = root;
    this.#model.actions = this.#actions();
    this.#model.shortcuts = browserStorage().getItem("hookwell.shortcuts") !== "off";
  }

  start() {
    addEventListener("hashchange", () => this.#follow());
    addEventListener("online", () => this.#poller?.checkNow());
    addEventListener("focus", () => {
      this.#poller?.activity();
      this.#seen();
    });
    addEventListener("scroll", () => this.#seen(), { passive: true });
    document.addEventListener("visibilitychange", () => {
      this.#model.hidden = document.hidden;
      this.#poller?.setVisible(!document.hidden);
      this.#seen();
    });
    document.addEventListener("keydown", (event) => this.#key(event));
    document.addEventListener("copy", () => this.#poller?.activity());
    setInterval(() => this.#tick(), 1_000);
    this.#follow();
  }

  /** Does what the address says. */
  async #follow() {
    const route = parseRoute(location.hash);
    if (route.bad) {
      this.#say({
        title: "This link is not complete",
        text: route.bad === "key" ? "The key in this link is not valid. Ask for the link again." : "There is no valid hook in this link.",
      });
      return;
    }
    if (!route.hookId) {
      const last = this.#remembered.last(Date.now());
      if (!last) return this.#create();
      history.replaceState(null, "", routeOf(last.id));
      return this.#follow();
    }
    const hook = this.#hookOf(route);
    if (!hook) {
      this.#say({
        title: "This link has no key",
        text: "Knowing a URL is not reading it: what it received can be opened only in the browser that made it, or with a share link.",
      });
      return;
    }
    const previous = this.#model.route;
    this.#model.route = route;
    const open = this.#model.hook;
    if (open?.id !== hook.id || open.viewKey !== hook.viewKey) this.#watch(hook);
    if (route.seq && (route.seq !== previous.seq || route.hookId !== previous.hookId)) {
      if (!previous.seq) this.#listScroll = scrollY;
      this.#open(route.seq);
      this.#drawn(() => {
        scrollTo(0, 0);
        this.#root.querySelector(".detail-pane")?.scrollTo(0, 0);
      });
    } else if (!route.seq && previous.seq) {
      this.#drawn(() => {
        scrollTo(0, this.#listScroll);
        this.#model.inspector?.focusRow(previous.seq);
      });
    }
    this.#draw();
  }

  /** The hook that the address names, by the key in it or by what this browser remembers. */
  #hookOf({ hookId, key, seq }) {
    const remembered = this.#remembered.find(hookId);
    if (key && !remembered?.ownerKey && key !== remembered?.viewKey) return { ...remembered, id: hookId, viewKey: key };
    if (key) history.replaceState(null, "", routeOf(hookId, { seq }));
    // A browser that keeps nothing still knows what it has open.
    return remembered ?? (this.#model.hook?.id === hookId ? this.#model.hook : undefined);
  }

  /** Starts to look at a hook. The key of a link is tried first, and remembered once the server has taken it. */
  #watch(hook, { fresh = false } = {}) {
    this.#poller?.stop();
    if (this.#remembered.find(hook.id)?.viewKey === hook.viewKey) this.#remembered.remember({ id: hook.id });
    const url = urlOf(hook.id, hook.url, location.origin);
    const feed = new CaptureFeed(this.#api, hook);
    if (fresh) feed.startEmpty();
    Object.assign(this.#model, {
      hook: { ...hook, url },
      feed,
      status: { kind: "starting" },
      message: undefined,
      hooks: this.#remembered.all(),
      filter: "",
      unseen: 0,
      away: false,
    });
    this.#poller = new Poller({
      check: () => this.#check(feed),
      clock: { now: Date.now, setTimeout: (...call) => setTimeout(...call), clearTimeout: (timer) => clearTimeout(timer) },
      onChange: (status) => {
        this.#model.status = status;
        this.#draw();
      },
    });
    this.#poller.setVisible(!document.hidden);
    this.#poller.start(fresh ? 1_000 : 0, fresh ? "live" : "starting");
    this.#draw();
  }

  /** What only the server knows: a share link brings no more than an id and a key. Asked for once the list was read. */
  async #describe() {
    const { hook } = this.#model;
    const { kind, value } = await this.#api.hook(hook);
    if (kind !== "ok") return false;
    const { expiresAt, limits } = value;
    const url = urlOf(hook.id, value.url, location.origin);
    this.#remembered.update(hook.id, { url, expiresAt });
    Object.assign(hook, { url, expiresAt });
    this.#model.limits = { ...LIMITS, ...limits };
    this.#model.retention = durationWords(limits?.captureLifetime);
    this.#model.hooks = this.#remembered.all();
    return true;
  }

  async #check(feed) {
    const had = feed.captures.length;
    const first = !feed.loaded;
    const outcome = await feed.check();
    if (feed !== this.#model.feed) return outcome;
    if (first && outcome.kind === "ok") this.#accepted();
    if (outcome.kind === "ok" && !this.#described.has(feed) && (await this.#describe())) this.#described.add(feed);
    if (feed.captures.length > 0 && !this.#model.inspector) {
      await this.#needInspector();
      if (feed === this.#model.feed && this.#model.route.seq) this.#open(this.#model.route.seq);
    }
    if (feed !== this.#model.feed) return outcome;
    if (outcome.found > 0 && (document.hidden || this.#isAway())) this.#model.unseen += outcome.found;
    if (!feed.loaded && (outcome.kind === "unknown" || outcome.kind === "unauthorised")) this.#refused();
    if (outcome.kind === "gone") this.#remembered.update(this.#model.hook.id, { gone: true });
    if (had === 0) this.#openFirst(feed);
    this.#draw();
    return outcome;
  }

  /** The server took the key: from now on this browser has it, and the address bar no more. */
  #accepted() {
    const { id, viewKey } = this.#model.hook;
    const known = this.#remembered.find(id);
    if (known?.viewKey !== viewKey) this.#remembered.remember({ id, viewKey });
    if (known?.gone) this.#remembered.update(id, { gone: undefined });
    const { hookId, key, seq } = parseRoute(location.hash);
    // Where nothing is remembered it stays there, or a reload would lose it.
    if (hookId === id && key === viewKey && this.#remembered.find(id)) history.replaceState(null, "", routeOf(id, { seq }));
    this.#model.hooks = this.#remembered.all();
  }

  /** The key of a link opens nothing: what was remembered before it still does. */
  #refused() {
    const { hook } = this.#model;
    const known = this.#remembered.find(hook.id);
    if (!known || known.ownerKey) return;
    if (known.viewKey === hook.viewKey) {
      this.#remembered.update(hook.id, { gone: true });
      this.#model.hooks = this.#remembered.all();
      return;
    }
    history.replaceState(null, "", routeOf(hook.id, { seq: this.#model.route.seq }));
    this.#watch(known);
    this.#toast("The key in this link is not the right one. It is opened with the one that this browser has.");
  }

  /** Beside the list of a wide screen the newest of the first captures is open from the start. */
  #openFirst(feed) {
    if (feed.captures.length === 0 || this.#model.route.seq || !WIDE.matches) return;
    history.replaceState(null, "", routeOf(this.#model.hook.id, { seq: feed.captures[0].seq }));
    this.#follow();
  }

  /** The inspector, or undefined when it cannot be loaded just now: the next check tries again. */
  async #needInspector() {
    this.#inspecting ??= import("./inspector.js").then(
      ({ Inspector }) => {
        this.#model.inspector = new Inspector({ api: this.#api, changed: () => this.#draw() });
      },
      () => {
        this.#inspecting = undefined;
      },
    );
    await this.#inspecting;
    return this.#model.inspector;
  }

  async #open(seq) {
    const { hook } = this.#model;
    const inspector = await this.#needInspector();
    if (this.#model.hook === hook && this.#model.route.seq === seq) inspector?.open(hook, seq);
    this.#draw();
  }

  async #create(operatorKey) {
    this.#poller?.stop();
    const another = this.#model.hook !== undefined;
    Object.assign(this.#model, { hook: undefined, message: undefined, route: {} });
    this.#draw();
    const { kind, value, problem } = await this.#api.create(operatorKey);
    if (kind === "ok") {
      const { id, viewKey, ownerKey, createdAt, expiresAt } = value;
      const url = urlOf(id, value.url, location.origin);
      const hook = this.#remembered.remember({ id, url, viewKey, ownerKey, createdAt, expiresAt });
      // Back leads to the URL that was open before.
      history[another ? "pushState" : "replaceState"](null, "", routeOf(id));
      this.#model.route = { hookId: id };
      this.#watch(hook, { fresh: true });
    } else if (kind === "unauthorised") {
      this.#say({
        title: "This server makes URLs only for its operator",
        text: operatorKey ? "That key is not the right one." : "Enter the operator’s key. It is used once and not kept.",
        field: true,
      });
    } else {
      this.#say({
        title: kind === "offline" ? "You are offline" : "No URL could be made just now",
        text: problem?.detail ?? (kind === "offline" ? "Your URL is made as soon as the server can be reached." : "The server did not answer as it should."),
        action: { label: "Try again", run: () => this.#create(operatorKey) },
      });
    }
  }

  #say(message) {
    this.#poller?.stop();
    Object.assign(this.#model, { message, hook: undefined, feed: undefined, route: {}, hooks: this.#remembered.all() });
    this.#draw();
  }

  #actions() {
    const model = this.#model;
    return {
      create: () => this.#create(),
      home: (event) => {
        event.preventDefault();
        location.hash = model.hook ? routeOf(model.hook.id) : "";
      },
      submitOperatorKey: (event) => {
        event.preventDefault();
        this.#create(new FormData(event.target).get("key"));
      },
      copy: (what, text) => this.#copy(what, text),
      shareLink: (seq) => `${location.origin}/${routeOf(model.hook.id, { key: model.hook.viewKey, seq })}`,
      sendTest: () => this.#sendTest(),
      method: (method) => {
        model.method = METHODS.includes(method) ? method : "POST";
        this.#draw();
      },
      filter: (event) => {
        model.filter = event.target.value;
        this.#draw();
      },
      loadOlder: () => this.#loadOlder(),
      newest: () => {
        model.inspector?.newest(model);
        this.#seen();
      },
      show: (seq) => {
        // Without filling the browser's history.
        history.replaceState(null, "", routeOf(model.hook.id, { seq }));
        this.#follow();
      },
      scrolled: () => this.#seen(),
      selectText: (event) => getSelection().selectAllChildren(event.currentTarget),
      closeMenus: () => document.querySelector(":popover-open")?.hidePopover(),
      rename: (hook) => {
        model.renaming = model.renaming === hook.id ? undefined : hook.id;
        this.#drawn(() => this.#root.querySelector(".rename input")?.select());
      },
      renamed: (event, hook) => {
        event.preventDefault();
        const name = new FormData(event.target).get("name").trim();
        this.#remembered.update(hook.id, { name });
        if (model.hook?.id === hook.id) model.hook.name = name;
        model.hooks = this.#remembered.all();
        model.renaming = undefined;
        this.#draw();
      },
      exportCaptures: () => this.#export(),
      deleteCapture: (seq) => this.#delete("deleteCapture", seq),
      deleteCaptures: () => this.#delete("deleteCaptures"),
      deleteHook: () => this.#delete("deleteHook"),
      confirmed: (event) => {
        const { confirm } = model;
        model.confirm = undefined;
        if (event.target.returnValue === "yes") confirm?.run();
        event.target.returnValue = "";
      },
      forget: (hook) => {
        this.#remembered.forget(hook.id);
        model.hooks = this.#remembered.all();
        this.#toast(`Forgotten here. The URL keeps working${hook.expiresAt ? ` until ${day(hook.expiresAt)}` : ""}.`);
      },
      help: async () => {
        if (await this.#needInspector()) this.#drawn(() => document.querySelector("#help").showModal());
      },
      closeOnBackdrop: (event) => {
        if (event.target === event.currentTarget) event.currentTarget.close();
      },
      toggleShortcuts: (event) => {
        model.shortcuts = event.target.checked;
        browserStorage().setItem("hookwell.shortcuts", model.shortcuts ? "on" : "off");
        this.#draw();
      },
    };
  }

  async #copy(what, text) {
    this.#poller?.activity();
    // What shows the capture that may follow is there before it is.
    this.#needInspector();
    try {
      const value = await text;
      if (value === undefined) return;
      const { text: plain, as } = typeof value === "string" ? { text: value } : value;
      await navigator.clipboard.writeText(plain);
      this.#model.copied = what;
      clearTimeout(this.#copyTimer);
      this.#copyTimer = setTimeout(() => {
        this.#model.copied = undefined;
        this.#draw();
      }, COPIED_FOR);
      this.#toast(`Copied ${COPIED[what] ?? "the value"}${as ? ` ${as}` : ""}.`, { quiet: !as });
    } catch {
      this.#toast("The browser did not let the page copy. Select the text and copy it yourself.");
    }
  }

  async #sendTest() {
    const model = this.#model;
    model.sending = true;
    this.#needInspector();
    this.#draw();
    let answer;
    try {
      // By path: the page and its hooks share an origin, whatever public name the URL carries.
      answer = await fetch(`/h/${model.hook.id}`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ event: "test", from: "Hookwell", sentAt: new Date().toISOString() }),
        credentials: "omit",
      });
    } catch {
      // Said below, like any other answer that is not 200.
    }
    model.sending = false;
    this.#toast(answer?.ok ? "Sent. It is kept, and shows here in a moment." : `Not kept: ${answer ? `the server answered ${answer.status}` : "the server could not be reached"}.`);
    this.#poller?.checkNow();
  }

  /** What deletes is loaded when something is to be deleted; it asks before it does. */
  async #delete(what, ...which) {
    this.#model.actions.closeMenus();
    const deletion = await import("./deletion.js").catch(() => undefined);
    if (!deletion) return this.#toast("Nothing was deleted: the server could not be reached. Try again.");
    const deleter = new deletion.Deletion({
      model: this.#model,
      api: this.#api,
      remembered: this.#remembered,
      ask: (confirm) => {
        this.#model.confirm = confirm;
        this.#drawn(() => this.#root.querySelector("#confirm").showModal());
      },
      tell: (text) => this.#toast(text),
      stop: () => this.#poller.stop(),
      wide: WIDE.matches,
    });
    deleter[what](...which);
  }

  async #export() {
    const model = this.#model;
    model.actions.closeMenus();
    model.exporting = true;
    this.#draw();
    const exporting = await import("./export.js").catch(() => undefined);
    await exporting?.exportToFile(model, this.#api, (text) => this.#toast(text));
    if (!exporting) this.#toast("Nothing was exported: the server could not be reached.");
    model.exporting = false;
    this.#draw();
  }

  async #loadOlder() {
    const { feed } = this.#model;
    this.#model.loadingOlder = true;
    this.#draw();
    const { kind } = await feed.loadOlder();
    this.#model.loadingOlder = false;
    if (kind !== "ok") this.#toast("Older requests could not be loaded just now.");
    this.#draw();
  }

  /** What stands at the top of the list of a visible page counts as seen. */
  #seen() {
    this.#model.away = this.#isAway();
    if (!document.hidden && !this.#model.away) this.#model.unseen = 0;
    this.#draw();
  }

  /** Whether the top of the list is out of sight: scrolled away, or behind an open request on a narrow screen. */
  #isAway() {
    const list = this.#root.querySelector(".list-scroll");
    if (!list) return false;
    return list.scrollTop > 8 || !list.checkVisibility() || list.getBoundingClientRect().top < 0;
  }

  #key(event) {
    const { hook, inspector, route, feed } = this.#model;
    const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
    if (event.key === "Escape") {
      if (typing?.id === "filter" && this.#model.filter) this.#model.actions.filter({ target: { value: "" } });
      else if (typing) typing.blur();
      else if (route.seq && !document.querySelector("dialog[open], :popover-open")) location.hash = routeOf(hook.id);
      return;
    }
    if (!this.#model.shortcuts || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]")) return;
    const keys = { "?": () => this.#model.actions.help() };
    if (hook) {
      keys.c = () => this.#copy("url", hook.url);
      keys.r = () => this.#poller?.checkNow();
      if (feed.captures.length > 0) Object.assign(keys, inspector?.keys(this.#model));
    }
    if (!Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  }

  #toast(text, { quiet = false } = {}) {
    clearTimeout(this.#toastTimer);
    this.#model.toast = text;
    this.#toastTimer = setTimeout(() => {
      this.#model.toast = undefined;
      this.#draw();
    }, quiet ? COPIED_FOR : TOAST_FOR);
    this.#draw();
  }

  #tick() {
    if (document.hidden) return;
    this.#ticks += 1;
    this.#model.inspector?.tick(Date.now(), this.#ticks % 30 === 0);
    this.#draw();
  }

  /** Runs after the next drawing. */
  #drawn(run) {
    this.#draw();
    queueMicrotask(run);
  }

  /** Once, however much changed. */
  #draw() {
    if (this.#drawing) return;
    this.#drawing = true;
    queueMicrotask(() => {
      this.#drawing = false;
      this.#model.now = Date.now();
      render(page(this.#model), this.#root);
      this.#model.inspector?.afterRender(this.#root, this.#model);
      const { hook, unseen } = this.#model;
      const about = [hook?.name, hook && isShared(hook) && "shared with you", "Hookwell"].filter(Boolean);
      document.title = `${unseen > 0 ? `(${unseen}) ` : ""}${about.join(" · ")}`;
    });
  }
}

new App(document.querySelector("#app")).start();

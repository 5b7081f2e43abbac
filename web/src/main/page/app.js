// The page: what the address names, what the reader does, and when to draw. The only module that owns the document.

import { render } from "./lit/lit-html.js";
import { HookApi } from "./api.js";
import { CaptureFeed } from "./feed.js";
import { RememberedHooks, parseRoute, routeOf } from "./hooks.js";
import { Poller } from "./poller.js";
import { METHODS, day, durationWords } from "./text.js";
import { page } from "./views.js";

const COPIED_FOR = 1_600;
const TOAST_FOR = 5_000;

const COPIED = {
  url: "the URL",
  share: "a view-only link",
  link: "a view-only link to this request",
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
  #remembered = new RememberedHooks(localStorageOrNothing());
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
    this.#model.shortcuts = localStorageOrNothing().getItem("hookwell.shortcuts") !== "off";
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
    if (route.key) {
      // The key leaves the address bar before anything else can read or share it.
      history.replaceState(null, "", routeOf(route.hookId, { seq: route.seq }));
      const known = this.#remembered.find(route.hookId);
      if (known?.ownerKey === undefined) this.#remembered.remember({ id: route.hookId, viewKey: route.key });
    }
    if (!route.hookId) {
      const last = this.#remembered.last(Date.now());
      if (!last) return this.#create();
      history.replaceState(null, "", routeOf(last.id));
      return this.#follow();
    }
    const remembered = this.#remembered.find(route.hookId);
    if (!remembered) {
      this.#say({
        title: "This link has no key",
        text: "Knowing a URL is not reading it: what it received can be opened only in the browser that made it, or with a share link.",
      });
      return;
    }
    const previous = this.#model.route;
    this.#model.route = route;
    const { hook } = this.#model;
    if (hook?.id !== remembered.id || hook.viewKey !== remembered.viewKey) this.#watch(remembered);
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

  /** Starts to look at a hook. */
  #watch(hook, { fresh = false } = {}) {
    this.#poller?.stop();
    this.#remembered.remember({ id: hook.id });
    const url = hook.url ?? `${location.origin}/h/${hook.id}`;
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
    const { url, expiresAt, limits } = value;
    this.#remembered.update(hook.id, { url, expiresAt });
    Object.assign(hook, { url, expiresAt });
    this.#model.limits = { ...LIMITS, ...limits };
    this.#model.retention = durationWords(limits?.captureLifetime);
    this.#model.hooks = this.#remembered.all();
    return true;
  }

  async #check(feed) {
    const had = feed.captures.length;
    const outcome = await feed.check();
    if (feed !== this.#model.feed) return outcome;
    if (outcome.kind === "ok" && !this.#described.has(feed) && (await this.#describe())) this.#described.add(feed);
    if (feed.captures.length > 0 && !this.#model.inspector) {
      await this.#needInspector();
      if (feed === this.#model.feed && this.#model.route.seq) this.#open(this.#model.route.seq);
    }
    if (feed !== this.#model.feed) return outcome;
    if (outcome.found > 0 && (document.hidden || this.#isAway())) this.#model.unseen += outcome.found;
    if (!feed.loaded && (outcome.kind === "unknown" || outcome.kind === "unauthorised")) this.#forgetWrongKey();
    if (outcome.kind === "gone") this.#remembered.update(this.#model.hook.id, { gone: true });
    if (had === 0) this.#openFirst(feed);
    this.#draw();
    return outcome;
  }

  /** A link whose key opens nothing is not worth remembering; what this browser made itself is kept. */
  #forgetWrongKey() {
    const { hook } = this.#model;
    if (hook.ownerKey) return;
    this.#remembered.forget(hook.id);
    this.#model.hooks = this.#remembered.all();
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
        this.#model.inspector = new Inspector({ api: this.#api, actions: this.#model.actions, changed: () => this.#draw() });
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
      const { id, url, viewKey, ownerKey, createdAt, expiresAt } = value;
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
      newest: () => this.#newest(),
      scrolled: () => this.#seen(),
      selectText: (event) => getSelection().selectAllChildren(event.currentTarget),
      download: (name, bytes) => download(`${name}.bin`, bytes),
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
      deleteCapture: (seq) =>
        this.#confirm({
          title: `Delete request #${seq}?`,
          text: "It is removed for good and counted as deleted. Its number is not given again, and the URL keeps receiving.",
          label: "Delete request",
          run: () => this.#delete((hook) => this.#api.deleteCapture(hook, seq), () => this.#captureDeleted(seq)),
        }),
      deleteCaptures: () =>
        this.#confirm({
          title: "Delete all requests?",
          text: "Everything received so far is removed for good, also what is still on its way into the list. The URL stays: what is sent from now on is kept as before.",
          label: "Delete all requests",
          run: () => this.#delete((hook) => this.#api.deleteCaptures(hook), () => this.#capturesDeleted()),
        }),
      deleteHook: () =>
        this.#confirm({
          title: "Delete this URL?",
          text: `Everything it received is removed for good. Senders are not told: they still get 200 until ${day(model.hook.expiresAt)}, but nothing they send is kept.`,
          label: "Delete URL",
          run: () => this.#delete((hook) => this.#api.deleteHook(hook), () => this.#hookDeleted()),
        }),
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
      help: () => document.querySelector("#help").showModal(),
      closeOnBackdrop: (event) => {
        if (event.target === event.currentTarget) event.currentTarget.close();
      },
      toggleShortcuts: (event) => {
        model.shortcuts = event.target.checked;
        localStorageOrNothing().setItem("hookwell.shortcuts", model.shortcuts ? "on" : "off");
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

  #confirm(confirm) {
    this.#model.actions.closeMenus();
    this.#model.confirm = confirm;
    this.#drawn(() => this.#root.querySelector("#confirm").showModal());
  }

  async #delete(call, done) {
    const { hook } = this.#model;
    const { kind, problem } = await call(hook);
    if (hook !== this.#model.hook) return;
    if (kind === "ok") done();
    else this.#toast(`Nothing was deleted: ${problem?.detail ?? "the server could not be reached. Try again."}`);
    this.#draw();
  }

  #captureDeleted(seq) {
    const { feed, hook, inspector } = this.#model;
    const visible = inspector.visible(this.#model);
    const at = visible.findIndex((capture) => capture.seq === seq);
    const next = visible[at + 1] ?? visible[at - 1];
    feed.deleted(seq);
    history.replaceState(null, "", routeOf(hook.id, { seq: WIDE.matches ? next?.seq : undefined }));
    this.#follow();
    this.#toast(`Request #${seq} is deleted.`);
  }

  #capturesDeleted() {
    const { feed, hook } = this.#model;
    feed.cleared();
    history.replaceState(null, "", routeOf(hook.id));
    this.#follow();
    this.#toast("All requests are deleted. The URL keeps receiving.");
  }

  #hookDeleted() {
    const { feed, hook } = this.#model;
    this.#poller.stop();
    feed.cleared();
    this.#remembered.update(hook.id, { deleted: true, gone: true });
    Object.assign(this.#model, { status: { kind: "gone" }, hooks: this.#remembered.all() });
    hook.deleted = true;
    history.replaceState(null, "", routeOf(hook.id));
    this.#follow();
  }

  async #export() {
    const model = this.#model;
    const { hook, feed } = model;
    model.actions.closeMenus();
    model.exporting = true;
    if (!model.filter) {
      while (feed.hasOlder && (await feed.loadOlder()).kind === "ok") this.#toast(`Loading older requests: ${feed.captures.length} …`);
    }
    const chosen = model.inspector.visible(model).toReversed();
    const lines = await import("./export.js").then(
      ({ exportLines }) => exportLines(this.#api, hook, chosen, (done) => this.#toast(`Exporting ${done} of ${chosen.length} …`)),
      () => ({ kind: "offline" }),
    );
    model.exporting = false;
    if (lines.kind === "ok") {
      download(`hookwell-${hook.id.slice(-8)}.ndjson`, new TextEncoder().encode(lines.text), "application/x-ndjson");
      this.#toast(`Exported ${chosen.length} requests.`);
    } else {
      this.#toast("The export stopped: the server could not be reached. Nothing was saved.");
    }
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

  #newest() {
    this.#root.querySelector(".list-scroll")?.scrollTo({ top: 0 });
    const list = this.#root.querySelector(".list-pane");
    if (list?.getBoundingClientRect().top < 0) list.scrollIntoView({ block: "start" });
    this.#seen();
    const first = this.#model.inspector?.visible(this.#model)[0];
    if (first) this.#model.inspector.focusRow(first.seq);
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
    if (event.key === "?") return this.#model.actions.help();
    if (!hook) return;
    const visible = inspector && feed.captures.length > 0 ? inspector.visible(this.#model) : [];
    const keys = {
      c: () => this.#copy("url", hook.url),
      r: () => this.#poller?.checkNow(),
      g: () => this.#newest(),
      j: () => this.#step(visible, 1),
      k: () => this.#step(visible, -1),
      "/": () => this.#root.querySelector("#filter")?.focus(),
      u: () => route.seq && this.#copy("curl", inspector.curl(hook, route.seq)),
      y: () => route.seq && this.#copy("body", inspector.bodyText(hook, route.seq)),
    };
    const tab = inspector?.tabs[Number(event.key) - 1];
    const run = keys[event.key] ?? (tab && route.seq ? () => inspector.showTab(tab) : undefined);
    if (!run) return;
    event.preventDefault();
    run();
  }

  /** Opens the neighbour without filling the browser's history. */
  #step(visible, by) {
    if (visible.length === 0) return;
    const { hook, route, inspector } = this.#model;
    const at = visible.findIndex((capture) => capture.seq === route.seq);
    const next = visible[at < 0 ? 0 : Math.min(visible.length - 1, Math.max(0, at + by))];
    history.replaceState(null, "", routeOf(hook.id, { seq: next.seq }));
    this.#follow();
    inspector.focusRow(next.seq);
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
      document.title = `${this.#model.unseen > 0 ? `(${this.#model.unseen}) ` : ""}${this.#model.hook?.name ? `${this.#model.hook.name} · ` : ""}Hookwell`;
    });
  }
}

/** A download named by ids only, never by what was captured. */
function download(name, bytes, type = "application/octet-stream") {
  const url = URL.createObjectURL(new Blob([bytes], { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Some browsers refuse storage altogether. */
function localStorageOrNothing() {
  try {
    return localStorage;
  } catch {
    return { getItem: () => null, setItem: () => {} };
  }
}

new App(document.querySelector("#app")).start();

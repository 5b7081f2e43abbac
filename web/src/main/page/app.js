// The page: what the address names, what the reader does, and when to draw. The only module that owns the document.

import { render } from "./lit/lit-html.js";
import { HookApi } from "./api.js";
import { CaptureFeed } from "./feed.js";
import { LIMITS, RememberedHooks, browserStorage, opened, parseRoute, routeOf, themeOf, unopened, urlOf } from "./hooks.js";
import { Poller } from "./poller.js";
import { badLink, notMade, page, titleOf } from "./views.js";

const TOAST_FOR = 5_000;

const WIDE = matchMedia("(min-width: 60.01rem)");

/** The panels of an open request, in the order of their tabs, nine at most. CONTRIBUTING.md says how to add one. */
const PANELS = [
  "body-panel",
  "headers-panel",
  "query-panel",
  "signature-panel",
  "raw-panel",
];

const LATER = {
  workspace: () => import("./workspace.js"),
  contents: () => import("./contents.js"),
  inspector: () => Promise.all([import("./inspector.js"), ...PANELS.map((name) => import(`./${name}.js`))]),
  commands: () => import("./commands.js"),
  keyboard: () => import("./keyboard.js"),
  opening: () => import("./opening.js"),
  attention: () => import("./attention.js"),
};

/** The methods of Commands. */
const COMMANDS =
  "captureLink confirmed copy deleteCapture deleteCaptures deleteHook exportCaptures filterBy forget help loadOlder nameHere newest notify " +
  "ownerLink pin rename renamed sendTest shareLink sound theme toLocalhost toPhone toResponse toSample toggleShortcuts";

/**
 * All that these bring along, by the one that needs it first: the rows, the readers of listed requests, those of an open
 * one. Asked for at once, each takes one way.
 */
const WARM = {
  workspace: "arrivals attention captured captured-text frame histogram jump list marks opening place readable response span workspace",
  contents:
    "bytes charset contents facets form headers hit inline match odd packed preview previews schema schemes search signature unpack verdicts " +
    "verification",
  inspector:
    PANELS.join(" ") +
    " body commands compare comparison copy-as copyable cost csv deliveries download filter-button find help hex hints hook-news hooks-menu " +
    "image inspector json json-faults json-rows keyboard ladder layers layout lines multipart note numbers opened pairs panel-words reader " +
    "reader-worker reading replay row schedules shell undo undo-bar verification-notes viewer xml",
};

/** The first screen stands for a second, at most, before the rest is fetched. */
const whenIdle = (run) => (globalThis.requestIdleCallback ?? setTimeout)(run, globalThis.requestIdleCallback ? { timeout: 1_000 } : 1_000);

class App {
  #root;
  #api = new HookApi((...request) => fetch(...request));
  #remembered = new RememberedHooks(browserStorage());
  #poller;
  #commands;
  #loading = {};
  #loaded = {};
  #warm = false;
  #drawing = false;
  #creating = false;
  #toastTimer;
  #ticks = 0;
  /** Where the page stood when a request was opened over the list of a narrow screen. */
  #listScroll = 0;

  #model = unopened();

  constructor(root) {
    this.#root = root;
    this.#model.actions = this.#actions();
    document.documentElement.dataset.theme = themeOf(browserStorage());
    this.#model.shortcuts = browserStorage().getItem("hookwell.shortcuts") !== "off";
  }

  start() {
    addEventListener("hashchange", () => {
      this.#model.following = false;
      this.#follow();
    });
    addEventListener("online", () => this.#poller?.checkNow());
    addEventListener("focus", () => this.#poller?.activity());
    for (const event of ["focus", "scroll"]) addEventListener(event, () => this.#seen(), { passive: true });
    document.addEventListener("visibilitychange", () => {
      this.#poller?.setVisible(!document.hidden);
      this.#seen();
    });
    document.addEventListener("keydown", (event) => this.#key(event));
    document.addEventListener("copy", () => this.#poller?.activity());
    setInterval(() => this.#tick(), 1_000);
    this.#follow();
  }

  /** Opens the hook, and the request, that the address names. */
  async #follow() {
    const route = parseRoute(location.hash);
    if (route.bad) return this.#say(badLink(route.bad));
    if (route.captureKey || route.ownerKey) return this.#followLink(route);
    if (!route.hookId) {
      const last = this.#remembered.last(Date.now());
      if (!last) return this.#create();
      history.replaceState(null, "", routeOf(last.id));
      return this.#follow();
    }
    const hook = this.#hookOf(route);
    if (!hook) return this.#say(badLink("no key"));
    const previous = this.#model.route;
    this.#model.route = route;
    const open = this.#model.hook;
    if (open?.id !== hook.id || open.viewKey !== hook.viewKey) this.#watch(hook);
    else {
      // A link that names no filter and no span of time changes none.
      this.#model.filter = route.filter ?? this.#model.filter;
      this.#model.span = route.span ?? this.#model.span;
    }
    if (route.seq && (route.seq !== previous.seq || route.hookId !== previous.hookId || (route.tab && route.tab !== previous.tab))) {
      if (!previous.seq) this.#listScroll = scrollY;
      this.#open(route.seq);
      this.#drawn(() => {
        scrollTo(0, 0);
        this.#root.querySelector(".detail-pane")?.scrollTo(0, 0);
      });
    } else if (!route.seq && previous.seq) {
      this.#drawn(() => {
        scrollTo(0, this.#listScroll);
        this.#model.workspace?.focusRow(previous.seq);
      });
    }
    if (this.#model.unkept && !route.key) history.replaceState(null, "", routeOf(hook.id, { key: hook.viewKey, seq: route.seq }));
    this.#draw();
  }

  /** One request alone, or the owner's keys for this browser. */
  async #followLink(route) {
    const linked = await import("./linked.js").catch(() => undefined);
    if (linked && !linked.isStill(route)) return;
    this.#warmUp();
    if (linked) linked.follow(route, { ...this.#forOthers(), say: (message) => this.#say(message) });
    else this.#say({ ...notMade({ kind: "offline" }), retry: () => this.#follow() });
  }

  /** The hook that the address names, by the key in it or by one that this browser remembers. */
  #hookOf({ hookId, key, seq }) {
    const remembered = this.#remembered.find(hookId);
    if (key && !remembered?.ownerKey && key !== remembered?.viewKey) return { ...remembered, id: hookId, viewKey: key };
    if (key) history.replaceState(null, "", routeOf(hookId, { seq }));
    // A browser that keeps nothing still knows what it has open.
    const open = this.#model.hook;
    return remembered ?? (open?.id === hookId && !open.only ? open : undefined);
  }

  /** Starts to look at a hook. The key of a link is tried first, and remembered once the server has taken it. */
  #watch(hook, { fresh = false } = {}) {
    this.#poller?.stop();
    if (this.#remembered.find(hook.id)?.viewKey === hook.viewKey) this.#remembered.remember({ id: hook.id });
    const url = urlOf(hook.id, hook.url, location.origin);
    const feed = new CaptureFeed(this.#api, hook);
    if (fresh) feed.startEmpty();
    Object.assign(this.#model, {
      ...opened(this.#model.route),
      hook: { ...hook, url },
      feed,
      hooks: this.#remembered.all(),
      unkept: !this.#remembered.works,
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
    if (fresh) whenIdle(() => this.#warmUp());
    else this.#warmUp();
  }

  async #check(feed) {
    const had = feed.captures.length;
    const outcome = await feed.check();
    if (feed !== this.#model.feed) return outcome;
    const later = ["opening", "attention", ...(feed.captures.length > 0 ? ["workspace"] : [])];
    const [opening, attention] = await Promise.all(later.map((name) => this.#load(name)));
    if (feed === this.#model.feed) opening?.answered(outcome, { ...this.#forOthers(), watch: (hook) => this.#watch(hook) });
    if (feed !== this.#model.feed) return outcome;
    attention?.arrived(outcome.found, this.#model);
    if (outcome.found > 0) this.#model.responseTool?.arrived();
    this.#openNewest(feed, had === 0 ? feed.captures.length : outcome.found);
    this.#draw();
    // A module that could not be loaded before is asked for again.
    if (this.#model.route.seq && !this.#model.inspector) this.#open(this.#model.route.seq);
    await opening?.described(outcome, this.#forOthers());
    return outcome;
  }

  /** Beside the list of a wide screen the newest of those that arrived is open, unless the reader picked another. */
  #openNewest({ captures: [newest] }, arrived) {
    const { hook, route, following, away } = this.#model;
    if (!arrived || !newest || !WIDE.matches || !following || (route.seq && away)) return;
    history.replaceState(null, "", routeOf(hook.id, { seq: newest.seq }));
    this.#model.cameAlong = newest.seq;
    this.#follow();
  }

  /** A module of those that come later, or undefined when it cannot be loaded just now. */
  #load(name) {
    this.#loading[name] ??= LATER[name]().then(
      (module) => this.#keep(name, module),
      () => {
        this.#loading[name] = undefined;
      },
    );
    return this.#loading[name];
  }

  #keep(name, module) {
    this.#loaded[name] = module;
    if (name === "workspace") this.#model.workspace = new module.Workspace({ api: this.#api, load: (later) => this.#load(later), changed: () => this.#draw() });
    if (name === "inspector") {
      const [{ Inspector }, ...panels] = module;
      this.#model.inspector = new Inspector({ api: this.#api, changed: () => this.#draw(), panels: panels.map(({ panel }) => panel) });
    }
    if (name === "commands") this.#commands = new module.Commands(this.#forOthers());
    this.#draw();
    return module;
  }

  /** Fetches the modules that come later, once. */
  async #warmUp() {
    if (this.#warm) return;
    this.#warm = true;
    for (const [needed, modules] of Object.entries(WARM)) {
      for (const name of modules.split(" ")) {
        const link = document.createElement("link");
        Object.assign(link, { rel: "modulepreload", href: new URL(`./${name}.js`, import.meta.url).href, fetchPriority: "low" });
        document.head.append(link);
      }
      await this.#load(needed);
    }
    for (const name of Object.keys(LATER)) this.#load(name);
  }

  /** The part of the page that modules which come later work on. */
  #forOthers() {
    return {
      model: this.#model,
      api: this.#api,
      remembered: this.#remembered,
      tell: (...text) => this.#toast(...text),
      draw: () => this.#draw(),
      drawn: (run) => this.#drawn(run),
      checkNow: () => this.#poller?.checkNow(),
      activity: () => this.#poller?.activity(),
      stop: () => this.#poller?.stop(),
      wide: () => WIDE.matches,
      load: (name) => this.#load(name),
      limits: LIMITS,
    };
  }

  async #command(name, ...values) {
    await this.#load("commands");
    if (!this.#commands) return this.#toast("Nothing was done: the server could not be reached. Try again.");
    return this.#commands[name](...values);
  }

  async #open(seq) {
    const { hook } = this.#model;
    await this.#load("inspector");
    if (this.#model.hook === hook && this.#model.route.seq === seq) this.#model.inspector?.open(hook, seq, this.#model.route.tab);
    this.#draw();
  }

  async #create(creationKey) {
    if (this.#creating) return;
    this.#creating = true;
    this.#poller?.stop();
    const another = this.#model.hook !== undefined;
    // Without its feed an answer that is still under way is not taken for one of the next hook.
    Object.assign(this.#model, { hook: undefined, feed: undefined, message: undefined, route: {} });
    this.#draw();
    const { kind, value, problem } = await this.#api.create(creationKey);
    this.#creating = false;
    if (kind === "ok") {
      const { id, viewKey, ownerKey, createdAt, expiresAt } = value;
      const url = urlOf(id, value.url, location.origin);
      const hook = this.#remembered.remember({ id, url, viewKey, ownerKey, createdAt, expiresAt });
      // Where nothing is remembered the key stays in the address, or a reload would lose it.
      const key = this.#remembered.find(id) ? undefined : viewKey;
      // Back leads to the URL that was open before.
      history[another ? "pushState" : "replaceState"](null, "", routeOf(id, { key }));
      this.#model.route = { hookId: id };
      this.#watch(hook, { fresh: true });
    } else {
      this.#say({ ...notMade({ kind, problem }, creationKey), retry: () => this.#create(creationKey) });
    }
  }

  #say(message) {
    this.#poller?.stop();
    Object.assign(this.#model, { message, hook: undefined, feed: undefined, route: {}, hooks: this.#remembered.all() });
    this.#draw();
  }

  #actions() {
    const model = this.#model;
    const set = (values) => {
      Object.assign(model, values);
      this.#draw();
    };
    return {
      ...Object.fromEntries(COMMANDS.split(" ").map((name) => [name, (...values) => this.#command(name, ...values)])),
      // The second click of two may come after the answer to the first.
      create: (event) => (event?.detail ?? 0) < 2 && this.#create(),
      submitOperatorKey: (event) => {
        event.preventDefault();
        this.#create(new FormData(event.target).get("key"));
      },
      filter: (event) => set({ filter: event.target.value }),
      method: (method) => set({ method }),
      show: (seq) => {
        // Without filling the browser's history.
        history.replaceState(null, "", routeOf(model.hook.id, { seq }));
        model.following = false;
        this.#follow();
      },
      scrolled: () => this.#seen(),
      pick: () => set({ following: false }),
      followNewest: () => {
        model.following = !model.following;
        if (model.following) this.#openNewest(model.feed, 1);
        this.#draw();
      },
    };
  }

  async #seen() {
    (await this.#load("attention"))?.seen(this.#model);
    this.#draw();
  }

  async #key(event) {
    const { pressed } = this.#loaded.keyboard ?? (await this.#load("keyboard")) ?? {};
    pressed?.(event, this.#forOthers());
  }

  #toast(text, lasting = TOAST_FOR) {
    clearTimeout(this.#toastTimer);
    this.#model.toast = text;
    this.#toastTimer = setTimeout(() => {
      this.#model.toast = undefined;
      this.#draw();
    }, lasting);
    this.#draw();
  }

  #tick() {
    if (document.hidden) return;
    this.#ticks += 1;
    this.#model.workspace?.tick(Date.now(), this.#ticks % 30 === 0);
    // A tab that comes to the front is not laid out yet when it hears of it.
    if (this.#model.unseen > 0) this.#seen();
    this.#draw();
  }

  /** Runs after the next drawing, with the page's element. */
  #drawn(run) {
    this.#draw();
    queueMicrotask(() => run(this.#root));
  }

  /** Once, however much changed. */
  #draw() {
    if (this.#drawing) return;
    this.#drawing = true;
    queueMicrotask(() => {
      this.#drawing = false;
      Object.assign(this.#model, { now: Date.now(), online: navigator.onLine, notifying: this.#loaded.attention?.notifies(), sounding: this.#loaded.attention?.sounds() });
      render(page(this.#model), this.#root);
      this.#model.workspace?.afterRender(this.#root, this.#model);
      this.#model.inspector?.afterRender(this.#root);
      document.title = titleOf(this.#model);
      this.#loaded.attention?.showIcon(this.#model);
    });
  }
}

new App(document.querySelector("#app")).start();

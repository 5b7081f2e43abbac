// Which hook the address names, and the hooks that this browser remembers. No DOM.

const KEY = /^[A-Za-z0-9_-]{43}$/;
const HOOK_ID = /^[A-Za-z0-9_-]{44}$/;
const SEQ = /^[1-9][0-9]{0,15}$/;
const TAB = /^[a-z]{1,20}$/;
/** From one time to another, in milliseconds since 1970. */
const SPAN = /^(\d{1,15})-(\d{1,15})$/;
/** A longer filter stands in no address. */
const MOST_FILTER = 1_000;

const PLACE = "hookwell.hooks";
/** Before a hook's id: the notes and pins on its requests, which go with it. */
export const MARKS = "hookwell.marks.";
const TRIED = "hookwell.kept";
/** Of those made here, and of those that were shared. */
const MOST = 50;

/** Until the server has told its own. */
export const LIMITS = { bodyBytes: 4_194_304 };

/**
 * Reads "#/{hookId}", "#/{hookId}/{key}", "#/{hookId}/{seq}" or "#/{hookId}/{key}/{seq}", each with
 * "?filter=…&span=…&tab=…" or without; "#/{hookId}/{key}/{ownerKey}", and "#/{hookId}/{seq}/{captureKey}", which opens
 * that one alone. An empty fragment is `{}`; `bad` names the fault of any other.
 */
export function parseRoute(hash) {
  const [path] = hash.split("?", 1);
  const parts = path.replace(/^#/, "").split("/").filter((part) => part !== "");
  if (parts.length === 0) return {};
  const [hookId, ...rest] = parts;
  if (!HOOK_ID.test(hookId)) return { bad: "hook" };
  const route = { hookId };
  const take = (name, pattern, read = String) => {
    if (rest.length > 0 && pattern.test(rest[0])) route[name] = read(rest.shift());
  };
  take("key", KEY);
  if (route.key) take("ownerKey", KEY);
  if (!route.ownerKey) take("seq", SEQ, Number);
  if (route.seq && !route.key) take("captureKey", KEY);
  return rest.length === 0 ? { ...route, ...shownBy(hash.slice(path.length)) } : { bad: "key" };
}

/** The filter, the span of time and the tab that are named. */
function shownBy(query) {
  const named = new URLSearchParams(query);
  const filter = named.get("filter")?.replace(/[\r\n]/g, "");
  const [, from, to] = SPAN.exec(named.get("span") ?? "") ?? [];
  const tab = named.get("tab") ?? "";
  return {
    ...(filter && filter.length <= MOST_FILTER && { filter }),
    ...(Number(from) < Number(to) && { span: { from: Number(from), to: Number(to) } }),
    ...(TAB.test(tab) && { tab }),
  };
}

export function routeOf(hookId, { key, ownerKey, seq, captureKey, filter, span, tab } = {}) {
  const shown = new URLSearchParams();
  if (filter && filter.length <= MOST_FILTER) shown.set("filter", filter);
  if (span) shown.set("span", `${span.from}-${span.to}`);
  if (tab) shown.set("tab", tab);
  return `#/${[hookId, key, ownerKey, seq, captureKey].filter((part) => part !== undefined && part !== null).join("/")}${shown.size > 0 ? `?${shown}` : ""}`;
}

/** The state of a hook that was just opened, at a request of its own or not. */
export const opened = ({ seq, filter = "", span } = {}) => ({
  status: { kind: "starting" },
  message: undefined,
  filter,
  span,
  /** The newest is shown as it arrives, until the reader or a link picks one, or a span of time. */
  following: !seq && !span,
  /** Requests that arrived and were not opened, by number; how many came out of sight, and after which one. */
  unread: new Set(),
  unseen: 0,
  seenUpTo: 0,
  away: false,
  returned: undefined,
  announcement: undefined,
  /** Whether its name is being written in the bar. */
  naming: false,
});

/** The state of the page before anything was asked. */
export const unopened = () => ({
  ...opened(),
  hook: undefined,
  feed: undefined,
  route: {},
  hooks: [],
  unkept: false,
  method: "POST",
  copied: undefined,
  toast: undefined,
  sending: false,
  loadingOlder: false,
  exporting: false,
  renaming: undefined,
  confirm: undefined,
  limits: LIMITS,
  retention: undefined,
  workspace: undefined,
  inspector: undefined,
  localhost: undefined,
  shortcuts: true,
  now: Date.now(),
});

/** The URL that the server gives a hook, which is copied and pasted; below `origin`, if that is no URL of this hook. */
export function urlOf(id, url, origin) {
  return new RegExp(`^https?://[\\w.:[\\]-]+(?:/[\\w.~-]+)*/h/${id}$`).test(url ?? "") ? url : `${origin}/h/${id}`;
}

/** Whether somebody else owns a hook: then its owner reads the requests that are sent to it. */
export function isShared(hook) {
  return !hook.ownerKey;
}

/** The hooks opened in this browser, the last one first, kept in `storage` (a Storage or anything like it). */
export class RememberedHooks {
  #storage;

  constructor(storage) {
    this.#storage = storage;
  }

  /** Whether the browser keeps anything at all. */
  get works() {
    try {
      this.#storage.setItem(TRIED, "1");
      return this.#storage.getItem(TRIED) === "1";
    } catch {
      return false;
    }
  }

  all() {
    try {
      const hooks = JSON.parse(this.#storage.getItem(PLACE) ?? "[]");
      return Array.isArray(hooks) ? hooks.filter((hook) => HOOK_ID.test(hook?.id) && KEY.test(hook?.viewKey)) : [];
    } catch {
      return [];
    }
  }

  find(id) {
    return this.all().find((hook) => hook.id === id);
  }

  /** The last opened hook that still works at `now`, and that was not only shared: the owner of such a one reads along. */
  last(now) {
    return this.all().find((hook) => !isShared(hook) && !hook.gone && (!hook.expiresAt || Date.parse(hook.expiresAt) > now));
  }

  /** Puts `hook` first, keeping all that is already known of it. */
  remember(hook) {
    const hooks = this.all();
    const known = hooks.find((other) => other.id === hook.id);
    const merged = { ...known, ...hook };
    const all = [merged, ...hooks.filter((other) => other.id !== hook.id)];
    // Shared ones never push out one that was made here.
    const shared = all.filter(isShared);
    const own = all.filter((other) => !isShared(other));
    const kept = new Set([...mostOf(own), ...mostOf(shared)]);
    this.#write(all.filter((other) => kept.has(other)));
    for (const other of all) if (!kept.has(other)) forgetMarks(other.id, this.#storage);
    return merged;
  }

  /** Changes values of a hook without moving it. */
  update(id, change) {
    this.#write(this.all().map((hook) => (hook.id === id ? { ...hook, ...change } : hook)));
  }

  forget(id) {
    this.#write(this.all().filter((hook) => hook.id !== id));
    forgetMarks(id, this.#storage);
  }

  #write(hooks) {
    try {
      this.#storage.setItem(PLACE, JSON.stringify(hooks));
    } catch {
      // A browser that forbids storage only loses its memory: the page itself keeps working.
    }
  }
}

/** The last opened, and before them those that were pinned. */
function mostOf(hooks) {
  return hooks.toSorted((one, other) => Number(other.pinned ?? false) - Number(one.pinned ?? false)).slice(0, MOST);
}

/** Nothing of a hook is marked any more. */
export function forgetMarks(hookId, storage = browserStorage()) {
  try {
    storage.removeItem(MARKS + hookId);
  } catch {
    // Then nothing was marked.
  }
}

/** The storage of this browser; some refuse it altogether. */
export function browserStorage() {
  try {
    return localStorage;
  } catch {
    return { getItem: () => null, setItem: () => {}, removeItem: () => {} };
  }
}

const THEME = "hookwell.theme";
const THEMES = ["system", "light", "dark"];

/** The colours that were chosen for this browser: the system's, light or dark. */
export function themeOf(storage) {
  const chosen = storage.getItem(THEME);
  return THEMES.includes(chosen) ? chosen : "system";
}

/** Chooses the next of them, and returns it. */
export function nextTheme(storage) {
  const next = THEMES[(THEMES.indexOf(themeOf(storage)) + 1) % THEMES.length];
  storage.setItem(THEME, next);
  return next;
}

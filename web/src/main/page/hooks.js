// Which hook the address names, and the hooks that this browser remembers. No DOM.

const KEY = /^[A-Za-z0-9_-]{43}$/;
const HOOK_ID = /^[A-Za-z0-9_-]{44}$/;
const SEQ = /^[1-9][0-9]{0,15}$/;

const PLACE = "hookwell.hooks";
const MOST = 50;

/**
 * Reads "#/{hookId}", "#/{hookId}/{key}", "#/{hookId}/{seq}" or "#/{hookId}/{key}/{seq}". An empty fragment is `{}`;
 * `bad` says what is wrong with any other.
 */
export function parseRoute(hash) {
  const parts = hash.replace(/^#/, "").split("/").filter((part) => part !== "");
  if (parts.length === 0) return {};
  const [hookId, ...rest] = parts;
  if (!HOOK_ID.test(hookId)) return { bad: "hook" };
  const route = { hookId };
  if (rest.length > 0 && KEY.test(rest[0])) route.key = rest.shift();
  if (rest.length > 0 && SEQ.test(rest[0])) route.seq = Number(rest.shift());
  return rest.length === 0 ? route : { bad: "key" };
}

export function routeOf(hookId, { key, seq } = {}) {
  return `#/${[hookId, key, seq].filter((part) => part !== undefined && part !== null).join("/")}`;
}

/** The hooks opened in this browser, the last one first, kept in `storage` (a Storage or anything like it). */
export class RememberedHooks {
  #storage;

  constructor(storage) {
    this.#storage = storage;
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

  /** The last opened hook that still works at `now`. */
  last(now) {
    return this.all().find((hook) => !hook.gone && (!hook.expiresAt || Date.parse(hook.expiresAt) > now));
  }

  /** Puts `hook` first, keeping what is already known of it. */
  remember(hook) {
    const hooks = this.all();
    const known = hooks.find((other) => other.id === hook.id);
    const merged = { ...known, ...hook };
    this.#write([merged, ...hooks.filter((other) => other.id !== hook.id)].slice(0, MOST));
    return merged;
  }

  /** Changes what is known of a hook without moving it. */
  update(id, change) {
    this.#write(this.all().map((hook) => (hook.id === id ? { ...hook, ...change } : hook)));
  }

  forget(id) {
    this.#write(this.all().filter((hook) => hook.id !== id));
  }

  #write(hooks) {
    try {
      this.#storage.setItem(PLACE, JSON.stringify(hooks));
    } catch {
      // A browser that forbids storage only loses its memory: the page itself keeps working.
    }
  }
}

/** The storage of this browser; some refuse it altogether. */
export function browserStorage() {
  try {
    return localStorage;
  } catch {
    return { getItem: () => null, setItem: () => {} };
  }
}

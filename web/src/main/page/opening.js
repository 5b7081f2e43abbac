// What the server's answers say of the hook that was opened, and of the key that opened it.

import { parseRoute, routeOf, urlOf } from "./hooks.js";
import { durationWords } from "./text.js";

const accepted = new WeakSet();
const asked = new WeakSet();

/** Takes in an answer to the page's first questions. `page` is what modules work on, with `watch`, which opens a hook. */
export function answered({ kind }, page) {
  const { model, remembered } = page;
  const { feed, hook } = model;
  if (kind === "ok" && !accepted.has(feed)) {
    accepted.add(feed);
    accept(page);
  }
  if (!feed.loaded && (kind === "unknown" || kind === "unauthorised")) refuse(page);
  if (kind === "gone") remembered.update(hook.id, { gone: true });
}

/** Asks, once, for what only the server knows of a hook; remembers how far somebody has seen it. */
export async function described({ kind }, page) {
  if (kind === "ok" || kind === "unchanged") rememberSeen(page);
  const { feed } = page.model;
  if (kind === "ok" && !asked.has(feed) && (await describe(page))) asked.add(feed);
}

/** The server took the key: from now on this browser has it, and the address bar no more. */
function accept({ model, remembered }) {
  const { id, viewKey } = model.hook;
  const known = remembered.find(id);
  if (known?.viewKey !== viewKey) remembered.remember({ id, viewKey });
  if (known?.gone) remembered.update(id, { gone: undefined });
  const { hookId, key, seq } = parseRoute(location.hash);
  // Where nothing is remembered it stays there, or a reload would lose it.
  if (hookId === id && key === viewKey && remembered.find(id)) history.replaceState(null, "", routeOf(id, { seq }));
  model.hooks = remembered.all();
}

function rememberSeen({ model, remembered }) {
  const { hook, seenUpTo } = model;
  if (!hook || seenUpTo <= (hook.seen ?? -1) || !remembered.find(hook.id)) return;
  hook.seen = seenUpTo;
  remembered.update(hook.id, { seen: seenUpTo });
  model.hooks = remembered.all();
}

/** What only the server knows: a share link brings no more than an id and a key. */
async function describe({ model, api, remembered, limits }) {
  const { hook } = model;
  const { kind, value } = await api.hook(hook);
  if (kind !== "ok") return false;
  const { expiresAt } = value;
  const url = urlOf(hook.id, value.url, location.origin);
  remembered.update(hook.id, { url, expiresAt });
  Object.assign(hook, { url, expiresAt });
  model.limits = { ...limits, ...value.limits };
  model.retention = durationWords(value.limits?.captureLifetime);
  model.hooks = remembered.all();
  return true;
}

/** The key of a link opens nothing: what was remembered before it still does. */
function refuse({ model, remembered, tell, watch }) {
  const { hook } = model;
  const known = remembered.find(hook.id);
  if (!known || known.ownerKey) return;
  if (known.viewKey === hook.viewKey) {
    remembered.update(hook.id, { gone: true });
    model.hooks = remembered.all();
    return;
  }
  history.replaceState(null, "", routeOf(hook.id, { seq: model.route.seq }));
  watch(known);
  tell("The key in this link is not the right one. It is opened with the one that this browser has.");
}

// How much the remembered hooks received, asked of the server when somebody opens the menu of them. No DOM.

import { age, count, day, whole } from "./text.js";

/** An answer is good for so long, in milliseconds. */
const FRESH = 30_000;
/** Calls at the same time, and for one look into the menu. */
const AT_ONCE = 4;
const MOST = 20;
/** An end that is further away than thirty days need not be told beside what arrived. */
const SOON = 2_592_000_000;

export class HookNews {
  #api;
  #changed;
  #now;
  /** By id: `{askedAt}` and, as soon as there is an answer, `{stored, available, lastAt}` or `ended`. */
  #known = new Map();

  constructor({ api, changed, now = Date.now }) {
    this.#api = api;
    this.#changed = changed;
    this.#now = now;
  }

  /** `{stored, available, lastAt}` of a hook, or `{ended}`; undefined as long as nothing is known. */
  find({ id }) {
    const known = this.#known.get(id);
    return known?.stored !== undefined || known?.ended ? known : undefined;
  }

  /** Asks for the first of `hooks` of which nothing is known, or nothing new. */
  async ask(hooks) {
    const now = this.#now();
    const left = hooks.filter((hook) => this.#isAsked(hook, now)).slice(0, MOST);
    for (const { id } of left) this.#known.set(id, { ...this.#known.get(id), askedAt: now });
    const work = async () => {
      for (let hook = left.shift(); hook; hook = left.shift()) await this.#fetch(hook);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }

  #isAsked({ id, gone, expiresAt }, now) {
    return !gone && !(expiresAt && Date.parse(expiresAt) <= now) && !(now - this.#known.get(id)?.askedAt < FRESH);
  }

  async #fetch(hook) {
    const { kind, value } = await this.#api.captures(hook, { limit: 1 });
    if (kind === "ok" && value.counts) {
      const { stored, available } = value.counts;
      this.#known.set(hook.id, { ...this.#known.get(hook.id), stored, available, lastAt: value.captures[0]?.receivedAt });
    } else if (kind === "gone") {
      this.#known.set(hook.id, { ...this.#known.get(hook.id), ended: true });
    }
    this.#changed();
  }
}

/** How many came since somebody looked at the hook in this browser, which has to be known. */
export function unreadOf({ seen }, news) {
  if (seen === undefined || news?.stored === undefined) return 0;
  return Math.max(0, Math.min(news.available, news.stored - seen));
}

/** One line about a hook. */
export function hookWords(hook, news, now) {
  const last = news?.lastAt && age(Date.parse(news.lastAt), now);
  const arrived = news?.stored === undefined ? [] : [news.stored === 0 ? "no requests yet" : `${count(news.stored, "request")}${last ? `, last ${last === "now" ? "just now" : `${last} ago`}` : ""}`];
  const isSoon = Date.parse(hook.expiresAt) - now < SOON;
  const fate = hook.deleted ? "deleted" : hook.gone || news?.ended ? "ended" : hook.expiresAt && (isSoon || arrived.length === 0) ? `until ${day(hook.expiresAt)}` : "";
  return [...arrived, fate, hook.ownerKey ? "" : "view only"].filter(Boolean).join(" · ");
}

/** "3 new" */
export function unreadWords(number) {
  return number > 0 ? `${whole(number)} new` : "";
}

/** Those whose name, or the end of whose id, has `words` in it, or whose URL that is; the pinned ones first. */
export function orderedHooks(hooks, words = "", isPinned = ({ pinned }) => pinned) {
  const wanted = words.trim().toLowerCase();
  const found = hooks.filter(({ id, name }) => `${name ?? ""}\n${id.slice(-8)}`.toLowerCase().includes(wanted) || wanted.includes(id.toLowerCase()));
  return [...found.filter(isPinned), ...found.filter((hook) => !isPinned(hook))];
}

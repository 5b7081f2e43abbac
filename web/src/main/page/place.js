// What the address says beside the hook and the request: the filter, the span of time and the tab, which so survive a
// reload. No DOM.

import { parseRoute, routeOf } from "./hooks.js";

/** Browsers refuse to have an address written more than some hundred times in half a minute. */
const PAUSE = 400;

export class Place {
  #browser;
  #written = -Infinity;
  #waiting = false;

  /** `browser` has a `location` and a `history`, tells the time by `now`, and runs something `later`. */
  constructor(browser = { location, history, now: () => performance.now(), later: (...call) => setTimeout(...call) }) {
    this.#browser = browser;
  }

  /** Writes what is shown into the address, in place of what it said: nobody goes back through the letters of a filter. */
  keep(model) {
    const { location, now, later } = this.#browser;
    if (this.#waiting || addressOf(location.hash, model) === location.hash) return;
    const left = this.#written + PAUSE - now();
    if (left <= 0) return this.#write(model);
    this.#waiting = true;
    later(() => {
      this.#waiting = false;
      this.#write(model);
    }, left);
  }

  #write(model) {
    const { location, history, now } = this.#browser;
    const address = addressOf(location.hash, model);
    if (address === location.hash) return;
    this.#written = now();
    try {
      history.replaceState(null, "", address);
    } catch {
      // It was written too often: it is tried again.
    }
  }
}

/** `hash` with what is shown; a key that is in it stays, and none comes in. */
function addressOf(hash, { hook, filter, span, inspector }) {
  const route = parseRoute(hash);
  if (route.hookId === undefined || route.hookId !== hook?.id) return hash;
  const tab = route.seq === undefined ? undefined : inspector ? inspector.tabInAddress : route.tab;
  return routeOf(route.hookId, { ...route, filter, span, tab });
}

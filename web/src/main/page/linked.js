// The page at a link to one request alone, and with one that carries the owner key.

import { html, nothing } from "./lit/lit-html.js";
import { parseRoute, routeOf, urlOf } from "./hooks.js";
import { brand, icons, notMade } from "./views.js";

/** Opens such a link. `page` is as other modules have it, with `say`, which puts a message in place of all else. */
export function follow(route, page) {
  return route.ownerKey ? offerOwner(route, page) : openAlone(route, page);
}

/** Nothing is taken over unasked: the maker of the link reads all that is sent to the hook from then on. */
function offerOwner(route, page) {
  const { hookId } = route;
  const { remembered } = page;
  if (remembered.find(hookId)?.ownerKey) return open(routeOf(hookId));
  return page.say({
    title: "This link makes you an owner",
    text:
      "It carries the owner key: with it this browser reads, deletes and sets responses. Go on only if you made the link yourself, in a browser " +
      "of your own. Somebody else who sent it to you would read all that is sent to this URL.",
    again: "Own it here too",
    retry: () => takeOver(route, page),
    otherwise: "Leave it",
    leave: () => open(""),
  });
}

/** The server says which key is which: this browser shares the first one later. */
async function takeOver(route, page) {
  const { hookId, key, ownerKey } = route;
  const { api, remembered } = page;
  const answers = await Promise.all([key, ownerKey].map((viewKey) => api.hook({ id: hookId, viewKey })));
  if (!isStill(route)) return;
  const failed = answers.find(({ kind }) => kind !== "ok");
  const [view, own] = answers.map(({ value }) => value?.access);
  if (view === "view" && own === "own") {
    const { url, expiresAt } = answers[0].value;
    remembered.remember({ id: hookId, viewKey: key, ownerKey, url, expiresAt });
    // A browser that keeps nothing goes on with the view key in its address.
    return open(remembered.find(hookId) ? routeOf(hookId) : routeOf(hookId, { key }));
  }
  const unreached = failed && failed.kind !== "unknown" && failed.kind !== "gone";
  return page.say(
    unreached
      ? { title: "The server cannot be reached", text: "Nothing was taken over. Try again.", again: "Try again", retry: () => takeOver(route, page) }
      : { title: "This link opens nothing", text: failed?.kind === "gone" ? "The URL has ended." : "Its keys are not those of this URL. Make the link again." },
  );
}

/** In place of the link, so that going back does not come to the key again. */
function open(route) {
  history.replaceState(null, "", route || location.pathname);
  dispatchEvent(new HashChangeEvent("hashchange"));
}

async function openAlone(route, page) {
  const { hookId, seq, captureKey: viewKey, tab } = route;
  const { model, remembered, load, draw, stop, say } = page;
  stop();
  const hook = { id: hookId, viewKey, only: seq, url: urlOf(hookId, remembered.find(hookId)?.url, location.origin) };
  Object.assign(model, {
    hook,
    feed: NO_LIST,
    route: { hookId, seq, captureKey: viewKey, tab },
    message: undefined,
    following: false,
    unseen: 0,
    returned: undefined,
    filter: "",
    span: undefined,
    alone: screen,
    hooks: remembered.all(),
  });
  draw();
  await load("inspector");
  if (model.hook !== hook) return;
  if (!model.inspector) return say({ ...notMade({ kind: "offline" }), retry: () => openAlone(route, page) });
  model.inspector.open(hook, seq, tab);
  draw();
}

/** There is no list to ask for with such a key. */
const NO_LIST = Object.freeze({ captures: [], hasOlder: false, lastSeq: 0, loaded: true, behind: false, redeliveries: new Map() });

/** The request and nothing around it. */
function screen(model) {
  const { hook, hooks, actions } = model;
  const known = hooks.some(({ id }) => id === hook.id);
  return html`<header class="frame alone" aria-label="A request that is shared with you">
      <h1>${brand(model)}</h1>
      <p class="alone-words"><b>Only #${hook.only} is shared.</b> <span class="muted">This link opens one request, and nothing else that its URL received.</span></p>
      <nav class="bar-actions" aria-label="Page">
        ${known ? html`<a class="button plain" href=${routeOf(hook.id, { seq: hook.only })}>${icons.list}<span>All requests of this URL</span></a>` : nothing}
        <button type="button" class="button plain" @click=${actions.create}>${icons.plus}<span>New URL</span></button>
        <button type="button" class="button plain bare" aria-label="Keyboard shortcuts" title="Keyboard shortcuts (?)" @click=${actions.help}>${icons.help}</button>
      </nav>
    </header>
    <main class="hook busy alone">
      <section class="workspace" aria-label="The request"><div class="detail-pane">${model.inspector?.show(model) ?? nothing}</div></section>
    </main>`;
}

/** Whether the address is still the one that a link began with. */
export function isStill(route) {
  const now = parseRoute(location.hash);
  return now.hookId === route.hookId && now.captureKey === route.captureKey && now.ownerKey === route.ownerKey;
}

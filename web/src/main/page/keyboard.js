// The actions of keys, on the first screen and with requests to work on.

import { parseRoute, routeOf } from "./hooks.js";
import { isGiven, numberIn } from "./jump.js";

/** `page` is `{model, checkNow, tell, drawn}`. */
export function pressed(event, page) {
  const { hook, route, filter, shortcuts, actions } = page.model;
  const typing = event.target.closest?.("input, textarea, select, [contenteditable]");
  if (event.key === "Escape") {
    if (typing?.id === "filter" && filter) actions.filter({ target: { value: "" } });
    else if (typing) typing.blur();
    else if (route.seq && !hook?.only && !document.querySelector("dialog[open], :popover-open")) location.hash = routeOf(hook.id);
    return;
  }
  const number = typing?.id === "filter" && event.key === "Enter" ? numberIn(filter) : undefined;
  if (number) {
    event.preventDefault();
    return jump(number, typing, page);
  }
  if (typing?.id === "filter" && (event.key === "Enter" || event.key === "ArrowDown")) {
    const [first] = page.model.workspace.visible(page.model);
    if (first) page.model.workspace.focusRow(first.seq);
    event.preventDefault();
    return;
  }
  // The browser's own search reaches only the rows that are drawn; asked for once more, it comes.
  if (event.key === "f" && (event.ctrlKey || event.metaKey) && !typing && route.seq && page.model.inspector?.find()) event.preventDefault();
  const { undo } = page.model;
  if (event.key === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !typing && undo?.isOf(hook)) {
    event.preventDefault();
    undo.undo();
  }
  if (!shortcuts || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (document.querySelector("dialog[open]")) return;
  const keys = keysOf(page);
  if (!Object.hasOwn(keys, event.key)) return;
  event.preventDefault();
  keys[event.key]();
}

/** The action of each key that has one now, by the key's name. */
function keysOf({ model, checkNow, tell }) {
  const { hook, feed, route, actions, workspace, inspector } = model;
  const keys = { "?": () => actions.help() };
  if (!hook) return keys;
  if (hook.only) return { ...keys, ...ofRequest(model, hook.only) };
  keys.c = () => actions.copy("url", hook.url);
  keys.r = checkNow;
  if (model.undo?.isOf(hook)) keys.z = () => model.undo.undo();
  if (feed.captures.length === 0 || !workspace) return keys;
  keys.g = () => actions.newest();
  keys.j = () => step(model, 1);
  keys.k = () => step(model, -1);
  keys.o = () => workspace.toggleOdd();
  keys["/"] = () => document.querySelector("#filter")?.focus();
  if (!route.seq || !inspector) return keys;
  keys.p = () => inspector.pin(model);
  keys.n = () => inspector.writeNote(model);
  keys.d = () => inspector.compareWithPrevious(model) || tell("No earlier request on this screen went the same way.");
  return { ...keys, ...ofRequest(model, route.seq) };
}

/** With a request to read. */
function ofRequest(model, seq) {
  const { hook, actions, inspector } = model;
  if (!inspector) return {};
  return {
    ...inspector.keys(model),
    u: () => actions.copy("curl", inspector.curl(hook, seq)),
  };
}

/** Opens a request by its number, be it in the list or not; the list is whole again. */
function jump(seq, field, { model, drawn }) {
  if (!isGiven(seq, model.feed)) return;
  model.actions.filter({ target: { value: "" } });
  // On the way back the list is as it is now.
  history.replaceState(null, "", routeOf(model.hook.id, { ...parseRoute(location.hash), filter: "" }));
  field.blur();
  location.hash = routeOf(model.hook.id, { seq });
  drawn(() => model.workspace.focusRow(seq));
}

/** Opens the neighbour; without any open, the newest. */
function step(model, by) {
  const visible = model.workspace.visible(model);
  if (visible.length === 0) return;
  const at = visible.findIndex(({ seq }) => seq === model.route.seq);
  const { seq } = visible[at < 0 ? 0 : Math.min(visible.length - 1, Math.max(0, at + by))];
  model.actions.show(seq);
  model.workspace.focusRow(seq);
}

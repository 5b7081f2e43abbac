// The single keys that need requests to work on. The others are in app.js.

/** What each key does now, by its name. */
export function captureKeys(model, inspector) {
  const { hook, route, actions } = model;
  const keys = {
    g: () => actions.newest(),
    j: () => step(model, inspector, 1),
    k: () => step(model, inspector, -1),
    "/": () => document.querySelector("#filter")?.focus(),
  };
  if (!route.seq) return keys;
  inspector.tabs.forEach((tab, index) => {
    keys[index + 1] = () => inspector.showTab(tab);
  });
  keys.u = () => actions.copy("curl", inspector.curl(hook, route.seq));
  keys.y = () => actions.copy("body", inspector.bodyText(hook, route.seq));
  return keys;
}

/** Opens the neighbour; without any open, the newest. */
function step(model, inspector, by) {
  const visible = inspector.visible(model);
  if (visible.length === 0) return;
  const at = visible.findIndex(({ seq }) => seq === model.route.seq);
  const { seq } = visible[at < 0 ? 0 : Math.min(visible.length - 1, Math.max(0, at + by))];
  model.actions.show(seq);
  inspector.focusRow(seq);
}

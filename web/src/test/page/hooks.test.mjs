import assert from "node:assert/strict";
import { test } from "node:test";
import { RememberedHooks, nextTheme, parseRoute, routeOf, themeOf, urlOf } from "../../main/page/hooks.js";

const ID = "AQ".padEnd(44, "x");
const OTHER = "AQ".padEnd(44, "y");
const KEY = "k".repeat(43);
const OWN = "o".repeat(43);

function storage(text) {
  const values = new Map(text === undefined ? [] : [["hookwell.hooks", text]]);
  return { getItem: (name) => values.get(name) ?? null, setItem: (name, value) => values.set(name, value), removeItem: (name) => values.delete(name) };
}

test("routesAreReadAndWritten", () => {
  for (const route of [{ hookId: ID }, { hookId: ID, key: KEY }, { hookId: ID, seq: 17 }, { hookId: ID, key: KEY, seq: 17 }, { hookId: ID, key: KEY, ownerKey: OWN }, { hookId: ID, seq: 17, captureKey: KEY }]) {
    assert.deepEqual(parseRoute(routeOf(route.hookId, route)), route);
  }
  assert.deepEqual(parseRoute(""), {});
  assert.deepEqual(parseRoute("#/"), {});
});

test("brokenLinksAreRefused", () => {
  for (const rest of ["<svg/onload=alert(1)>", "short", `${KEY}x`, "0", "-1", `${KEY}/${KEY}/${KEY}`, `${KEY}/${KEY}/1`, `${KEY}/1/2`, `${KEY}/1/${KEY}`, `1/${KEY}/1`, `1/${KEY}x`]) {
    assert.deepEqual(parseRoute(`#/${ID}/${rest}`), { bad: "key" }, rest);
  }
  for (const hash of ["#/x", "#javascript:alert(1)", `#/${ID}%20`]) assert.deepEqual(parseRoute(hash), { bad: "hook" }, hash);
});

test("theLastOpenedHookComesFirst", () => {
  const hooks = new RememberedHooks(storage());
  hooks.remember({ id: ID, viewKey: KEY, name: "one" });
  hooks.remember({ id: OTHER, viewKey: KEY });
  hooks.remember({ id: ID });
  assert.deepEqual(hooks.all(), [{ id: ID, viewKey: KEY, name: "one" }, { id: OTHER, viewKey: KEY }]);
});

test("anExpiredHookIsNotReopened", () => {
  const hooks = new RememberedHooks(storage());
  hooks.remember({ id: OTHER, viewKey: KEY, ownerKey: KEY, expiresAt: "2026-12-01T00:00:00.000Z" });
  hooks.remember({ id: ID, viewKey: KEY, ownerKey: KEY, expiresAt: "2026-11-01T00:00:00.000Z" });
  assert.equal(hooks.last(Date.parse("2026-11-24T00:00:00Z")).id, OTHER);
  hooks.update(OTHER, { gone: true });
  assert.equal(hooks.last(Date.parse("2026-11-24T00:00:00Z")), undefined);
});

test("whatIsOnlySharedIsNeverOpenedByItself", () => {
  const hooks = new RememberedHooks(storage());
  hooks.remember({ id: OTHER, viewKey: KEY });
  assert.equal(hooks.last(0), undefined, "there is no other");
  hooks.remember({ id: ID, viewKey: KEY, ownerKey: KEY });
  hooks.remember({ id: OTHER });
  assert.equal(hooks.all()[0].id, OTHER);
  assert.equal(hooks.last(0).id, ID);
  hooks.update(ID, { gone: true });
  assert.equal(hooks.last(0), undefined);
});

test("linksPushOutNoHookThatWasMadeHere", () => {
  const hooks = new RememberedHooks(storage());
  hooks.remember({ id: ID, viewKey: KEY, ownerKey: KEY });
  for (let number = 0; number < 60; number += 1) hooks.remember({ id: `${number}`.padEnd(44, "z"), viewKey: KEY });
  assert.equal(hooks.all().length, 51);
  assert.equal(hooks.last(0).id, ID);
});

test("aPinnedHookIsNotPushedOut", () => {
  const hooks = new RememberedHooks(storage());
  hooks.remember({ id: ID, viewKey: KEY, ownerKey: KEY, pinned: true });
  for (let number = 0; number < 60; number += 1) hooks.remember({ id: `${number}`.padEnd(44, "z"), viewKey: KEY, ownerKey: KEY });
  assert.equal(hooks.all().length, 50);
  assert.ok(hooks.find(ID));
});

test("aUrlThatIsNoneIsNotShownOrCopied", () => {
  for (const odd of [`http://h.example/h/${ID}\u0015touch F`, `javascript:alert(1)//h/${ID}`, `http://a;touch F;/h/${ID}`, `http://h.example/h/${ID}x`, undefined]) {
    assert.equal(urlOf(ID, odd, "https://own.example"), `https://own.example/h/${ID}`);
  }
  for (const good of [`https://h.example/h/${ID}`, `http://[::1]:8080/h/${ID}`, `https://h.example/pre-fix/h/${ID}`]) assert.equal(urlOf(ID, good, ""), good);
});

test("aHookThatIsForgottenOrPushedOutLeavesNoNotes", () => {
  const values = storage();
  const hooks = new RememberedHooks(values);
  hooks.remember({ id: ID, viewKey: KEY });
  values.setItem(`hookwell.marks.${ID}`, "{}");
  hooks.forget(ID);
  assert.equal(values.getItem(`hookwell.marks.${ID}`), null);
  hooks.remember({ id: ID, viewKey: KEY });
  values.setItem(`hookwell.marks.${ID}`, "{}");
  for (let index = 0; index < 50; index += 1) hooks.remember({ id: `${index}`.padStart(44, "z"), viewKey: KEY });
  assert.equal(hooks.find(ID), undefined);
  assert.equal(values.getItem(`hookwell.marks.${ID}`), null);
});

test("aForgottenHookLeavesNoKey", () => {
  const kept = storage();
  const hooks = new RememberedHooks(kept);
  hooks.remember({ id: ID, viewKey: KEY });
  hooks.forget(ID);
  assert.equal(kept.getItem("hookwell.hooks"), "[]");
});

test("damagedStorageIsEmpty", () => {
  for (const text of ["", "{", "null", '{"a":1}', '[null,{"id":"x"}]']) {
    assert.deepEqual(new RememberedHooks(storage(text)).all(), [], text);
  }
});

test("a storage that refuses, or forgets at once, does not work", () => {
  assert.ok(new RememberedHooks(storage()).works);
  const refusing = { getItem: () => null, setItem: () => { throw new Error("refused"); } };
  assert.ok(!new RememberedHooks(refusing).works);
  assert.ok(!new RememberedHooks({ getItem: () => null, setItem: () => {} }).works);
});

test("coloursAreTheSystemsUntilOthersAreChosen", () => {
  const kept = storage();
  assert.equal(themeOf(kept), "system");
  assert.deepEqual([nextTheme(kept), nextTheme(kept), nextTheme(kept)], ["light", "dark", "system"]);
  nextTheme(kept);
  assert.equal(themeOf(kept), "light");
  kept.setItem("hookwell.theme", "<b>");
  assert.equal(themeOf(kept), "system");
});

import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRoute, routeOf } from "../../main/page/hooks.js";
import { Place } from "../../main/page/place.js";

const ID = "AQ".padEnd(44, "x");
const OTHER = "AQ".padEnd(44, "y");
const KEY = "k".repeat(43);

/** A browser whose clock stands until it is moved. */
function browser(hash) {
  const waiting = [];
  const it = {
    location: { hash },
    written: [],
    time: 0,
    now: () => it.time,
    later: (run, after) => waiting.push({ run, at: it.time + after }),
    history: {
      replaceState: (state, title, address) => {
        it.written.push(address);
        it.location.hash = address;
      },
    },
    passes(milliseconds) {
      it.time += milliseconds;
      for (const waited of waiting.splice(0)) waited.at <= it.time ? waited.run() : waiting.push(waited);
    },
  };
  return it;
}

const shown = (change) => ({ hook: { id: ID }, filter: "", inspector: { tabInAddress: undefined }, ...change });

test("filter and tab are read and written, whatever letters they have", () => {
  for (const filter of ["paid", "json:/data/status=failed", '-"two words" 100% #217 ?&=+', "ß😀\u202e"]) {
    const route = { hookId: ID, key: KEY, seq: 17, filter, tab: "headers" };
    assert.deepEqual(parseRoute(routeOf(ID, route)), route, filter);
    assert.match(routeOf(ID, route), /^#[\w/?&=%.*+-]+$/);
  }
  assert.deepEqual(parseRoute(`#/${ID}?filter=`), { hookId: ID });
  assert.deepEqual(parseRoute(`#/${ID}?filter=${"x".repeat(1_001)}&tab=%3Cb%3E&else=1`), { hookId: ID });
  assert.deepEqual(parseRoute(`#/${ID}?filter=a%0d%0ab`), { hookId: ID, filter: "ab" });
  assert.equal(routeOf(ID, { filter: "x".repeat(1_001) }), `#/${ID}`);
});

test("a span of time is read and written, and what is none is left out", () => {
  const span = { from: 1_795_515_331_000, to: 1_795_515_391_000 };
  assert.deepEqual(parseRoute(routeOf(ID, { filter: "paid", span })), { hookId: ID, filter: "paid", span });
  for (const wrong of ["5-5", "9-5", "-5", "5-", "a-b", "1-2-3", `1-${"9".repeat(16)}`, ""]) assert.deepEqual(parseRoute(`#/${ID}?span=${wrong}`), { hookId: ID }, wrong);
  const tab = browser(`#/${ID}/17`);
  new Place(tab).keep(shown({ span }));
  assert.equal(tab.location.hash, `#/${ID}/17?span=1795515331000-1795515391000`);
});

test("what is shown is written into the address, and out of it again", () => {
  const tab = browser(`#/${ID}/17`);
  const place = new Place(tab);
  place.keep(shown({ filter: "paid", inspector: { tabInAddress: "raw" } }));
  assert.equal(tab.location.hash, `#/${ID}/17?filter=paid&tab=raw`);
  tab.passes(1_000);
  place.keep(shown());
  assert.equal(tab.location.hash, `#/${ID}/17`);
});

test("a list has no tab, and one that is not loaded yet stays in the address", () => {
  const tab = browser(`#/${ID}`);
  new Place(tab).keep(shown({ inspector: { tabInAddress: "raw" } }));
  assert.deepEqual(tab.written, []);
  tab.location.hash = `#/${ID}/17?tab=raw`;
  new Place(tab).keep(shown({ inspector: undefined }));
  assert.deepEqual(tab.written, []);
});

test("a key in the address stays there until it is taken out, and none comes in", () => {
  const tab = browser(`#/${ID}/${KEY}/17`);
  const place = new Place(tab);
  place.keep(shown({ hook: { id: ID, viewKey: KEY }, filter: "a" }));
  assert.equal(tab.location.hash, `#/${ID}/${KEY}/17?filter=a`);
  tab.passes(1_000);
  tab.location.hash = `#/${ID}/17`;
  place.keep(shown({ hook: { id: ID, viewKey: KEY }, filter: "a" }));
  assert.equal(tab.location.hash, `#/${ID}/17?filter=a`);
});

test("an address of another hook, or of none, is left alone", () => {
  for (const hash of [`#/${OTHER}`, "#/broken", ""]) {
    const tab = browser(hash);
    new Place(tab).keep(shown({ filter: "a" }));
    new Place(tab).keep(shown({ hook: undefined, filter: "a" }));
    assert.deepEqual(tab.written, [], hash);
  }
});

test("who types fast writes the address a few times, the last letter included", () => {
  const tab = browser(`#/${ID}`);
  const place = new Place(tab);
  const model = shown();
  for (let letters = 1; letters <= 50; letters += 1) {
    model.filter = "x".repeat(letters);
    place.keep(model);
    tab.passes(20);
  }
  tab.passes(1_000);
  place.keep(model);
  assert.ok(tab.written.length <= 4, `${tab.written.length}`);
  assert.equal(parseRoute(tab.location.hash).filter.length, 50);
});

test("a browser that refuses is asked again", () => {
  const tab = browser(`#/${ID}`);
  const place = new Place(tab);
  const { replaceState } = tab.history;
  tab.history.replaceState = () => {
    throw new DOMException("too often", "SecurityError");
  };
  place.keep(shown({ filter: "a" }));
  tab.history.replaceState = replaceState;
  tab.passes(1_000);
  place.keep(shown({ filter: "a" }));
  assert.equal(tab.location.hash, `#/${ID}?filter=a`);
});

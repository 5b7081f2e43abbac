import assert from "node:assert/strict";
import { test } from "node:test";
import { HookNews, hookWords, orderedHooks, unreadOf, unreadWords } from "../../main/page/hook-news.js";

const NOW = Date.parse("2026-11-30T12:00:00Z");

/** A server that notes who asked, and how many did at once. */
function server(answer = () => ({ kind: "ok", value: { captures: [{ receivedAt: "2026-11-30T11:55:00Z" }], counts: { stored: 40, available: 38 } } })) {
  const it = {
    asked: [],
    most: 0,
    now: NOW,
    running: 0,
    async captures({ id }, cursor) {
      it.asked.push(id);
      assert.deepEqual(cursor, { limit: 1 });
      it.running += 1;
      it.most = Math.max(it.most, it.running);
      await new Promise((resolve) => setTimeout(resolve, 1));
      it.running -= 1;
      return answer(id);
    },
  };
  it.news = new HookNews({ api: it, changed: () => {}, now: () => it.now });
  return it;
}

test("a hook is asked for once in half a minute", async () => {
  const { news, ...it } = server();
  assert.equal(news.find({ id: "a" }), undefined);
  await news.ask([{ id: "a" }]);
  const { stored, available, lastAt } = news.find({ id: "a" });
  assert.deepEqual([stored, available, lastAt], [40, 38, "2026-11-30T11:55:00Z"]);
  await news.ask([{ id: "a" }]);
  assert.deepEqual(it.asked, ["a"]);
});

test("after that it is asked for again, and what was known stays meanwhile", async () => {
  const it = server();
  await it.news.ask([{ id: "a" }]);
  it.now += 31_000;
  const asked = it.news.ask([{ id: "a" }]);
  assert.equal(it.news.find({ id: "a" }).stored, 40);
  await asked;
  assert.deepEqual(it.asked, ["a", "a"]);
});

test("many are asked for a few at a time, and never all of very many", async () => {
  const it = server();
  await it.news.ask(Array.from({ length: 60 }, (_, index) => ({ id: `${index}` })));
  assert.equal(it.asked.length, 20);
  assert.ok(it.most <= 4, `${it.most}`);
});

test("those that ended are not asked for, and one that turns out to have ended says so", async () => {
  const it = server(() => ({ kind: "gone" }));
  await it.news.ask([{ id: "a", gone: true }, { id: "b", expiresAt: "2026-11-30T11:00:00Z" }, { id: "c" }]);
  assert.deepEqual(it.asked, ["c"]);
  assert.equal(hookWords({ id: "c", ownerKey: "k" }, it.news.find({ id: "c" }), NOW), "ended");
});

test("a server that does not answer leaves things as they were", async () => {
  const it = server(() => ({ kind: "offline" }));
  await it.news.ask([{ id: "a" }]);
  assert.equal(it.news.find({ id: "a" }), undefined);
});

test("what is new is counted from what was seen here", () => {
  const news = { stored: 40, available: 38 };
  assert.equal(unreadOf({ seen: 37 }, news), 3);
  assert.equal(unreadOf({ seen: 40 }, news), 0);
  assert.equal(unreadOf({ seen: 0 }, news), 38, "two are gone");
  assert.equal(unreadOf({}, news), 0, "nobody knows");
  assert.equal(unreadOf({ seen: 3 }, undefined), 0);
  assert.deepEqual([unreadWords(0), unreadWords(1_200)], ["", "1,200 new"]);
});

test("a line says how much came, when, and how long it works", () => {
  const hook = { id: "a", ownerKey: "k", expiresAt: "2027-11-30T00:00:00Z" };
  const words = (lastAt, stored = 40) => hookWords(hook, { stored, lastAt }, NOW);
  assert.equal(words("2026-11-30T11:55:00Z"), "40 requests, last 5 min ago");
  assert.equal(words("2026-11-30T11:59:59.5Z", 1), "1 request, last just now");
  assert.equal(words(undefined, 0), "no requests yet");
  assert.equal(hookWords(hook, undefined, NOW), "until 30 Nov 2027");
  assert.equal(hookWords({ ...hook, expiresAt: "2026-12-05T00:00:00Z" }, { stored: 0 }, NOW), "no requests yet · until 5 Dec 2026");
  assert.equal(hookWords({ id: "a" }, undefined, NOW), "view only");
});

test("pinned ones come first, and a search looks at names and ids", () => {
  const id = (end) => `AQsomewhere${end}`;
  const hooks = [{ id: id("-000000x1"), name: "Stripe" }, { id: id("-000000x2"), pinned: true }, { id: id("-000000y3"), name: "stripe test", pinned: true }];
  const found = (words) => orderedHooks(hooks, words).map((hook) => hook.id.slice(-2));
  assert.deepEqual(found(), ["x2", "y3", "x1"]);
  assert.deepEqual(found(" STRIPE"), ["y3", "x1"]);
  assert.deepEqual(found("x2"), ["x2"]);
  assert.deepEqual(found("somewhere"), [], "nobody sees that part");
  assert.deepEqual(found(`https://h.example/h/${id("-000000x1")}/pay`), ["x1"]);
});

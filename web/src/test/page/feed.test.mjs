import assert from "node:assert/strict";
import { test } from "node:test";
import { CaptureFeed, completeness } from "../../main/page/feed.js";

const capture = (seq) => ({ seq, id: `id-${seq}` });
const counts = (change) => ({ stored: 0, available: 0, evicted: 0, deleted: 0, bytes: 0, ...change });

/** Answers like the API, from the captures that `stored` holds. */
class InMemoryApi {
  stored = [];
  counts = counts({});
  calls = [];

  add(...seqs) {
    this.stored.push(...seqs.map(capture));
    this.counts = { ...this.counts, stored: seqs.at(-1), available: this.stored.length };
  }

  async captures(hook, { after, before, limit = 100 }, etag) {
    this.calls.push({ after, before, etag });
    const revision = `"${this.counts.stored + this.counts.evicted + this.counts.deleted}"`;
    if (etag === revision) return { kind: "unchanged", etag };
    const list =
      after !== undefined
        ? this.stored.filter(({ seq }) => seq > after)
        : this.stored.filter(({ seq }) => before === undefined || seq < before).toReversed();
    return {
      kind: "ok",
      etag: revision,
      value: { captures: list.slice(0, limit), more: list.length > limit, counts: this.counts },
    };
  }
}

const seqs = (feed) => feed.captures.map(({ seq }) => seq);
const range = (from, to) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

test("newCapturesComeFirstAndOnce", async () => {
  const api = new InMemoryApi();
  const feed = new CaptureFeed(api, {});
  api.add(1, 2);
  await feed.check();
  api.add(3, 4);
  const outcome = await feed.check();
  assert.deepEqual(seqs(feed), [4, 3, 2, 1]);
  assert.equal(outcome.found, 2);
  assert.equal((await feed.check()).kind, "unchanged");
});

test("nothingIsSkippedWhenMoreThanAPageArrives", async () => {
  const api = new InMemoryApi();
  const feed = new CaptureFeed(api, {});
  feed.startEmpty();
  api.add(...range(1, 1_234));
  let more = true;
  while (more) more = (await feed.check()).more;
  assert.deepEqual(seqs(feed), range(1, 1_234).toReversed());
});

test("theTagIsNotSentWhileAPageIsStillToCome", async () => {
  const api = new InMemoryApi();
  const feed = new CaptureFeed(api, {});
  feed.startEmpty();
  api.add(...range(1, 600));
  await feed.check();
  await feed.check();
  assert.equal(api.calls[1].etag, undefined);
  assert.equal(seqs(feed).length, 600);
});

test("olderCapturesAreLoadedBehind", async () => {
  const api = new InMemoryApi();
  api.add(...range(1, 150));
  const feed = new CaptureFeed(api, {});
  await feed.check();
  assert.equal(seqs(feed).length, 100);
  assert.ok(feed.hasOlder);
  await feed.loadOlder();
  assert.deepEqual(seqs(feed), range(1, 150).toReversed());
  assert.ok(!feed.hasOlder);
});

test("evictedCapturesLeaveTheScreen", async () => {
  const api = new InMemoryApi();
  api.add(...range(1, 10));
  const feed = new CaptureFeed(api, {});
  await feed.check();
  api.stored.splice(0, 4);
  api.counts = counts({ stored: 10, available: 6, evicted: 4 });
  await feed.check();
  assert.deepEqual(seqs(feed), [10, 9, 8, 7, 6, 5]);
});

test("whatOthersDeletedLeavesTheScreen", async () => {
  const api = new InMemoryApi();
  api.add(...range(1, 5));
  const feed = new CaptureFeed(api, {});
  await feed.check();
  api.stored.splice(2, 1);
  api.counts = counts({ stored: 5, available: 4, deleted: 1 });
  await feed.check();
  assert.deepEqual(seqs(feed), [5, 4, 2, 1]);
});

test("aFailureChangesNothing", async () => {
  const feed = new CaptureFeed({ captures: async () => ({ kind: "delayed" }) }, {});
  assert.equal((await feed.check()).kind, "delayed");
  assert.deepEqual(seqs(feed), []);
});

test("completenessNamesWhatIsMissing", () => {
  assert.equal(completeness(counts({}), 0), "No requests yet");
  assert.equal(completeness(counts({ stored: 42, available: 42 }), 42), "42 requests, all shown");
  assert.equal(completeness(counts({ stored: 420, available: 420 }), 100), "420 requests, newest 100 shown");
  assert.equal(completeness(counts({ stored: 12_000, available: 10_000, evicted: 2_000 }), 10_000), "12,000 received, newest 10,000 kept");
  assert.equal(completeness(counts({ stored: 5, available: 4, deleted: 1 }), 4), "5 received, 1 deleted, the rest shown");
});

test("redeliveriesAreGroupedAndNoneIsHidden", async () => {
  const api = new InMemoryApi();
  api.add(1, 2, 3, 4);
  for (const index of [0, 2, 3]) Object.assign(api.stored[index], { sender: "github", deliveryId: "d" });
  api.stored[3].sender = "stripe";
  const feed = new CaptureFeed(api, {});
  await feed.check();
  assert.deepEqual([...feed.redeliveries], [[1, [1, 3]], [3, [1, 3]]]);
  assert.deepEqual(seqs(feed), [4, 3, 2, 1]);
});

test("ownDeletionsNeedNoReload", async () => {
  const api = new InMemoryApi();
  api.add(...range(1, 150));
  const feed = new CaptureFeed(api, {});
  await feed.check();
  await feed.loadOlder();
  api.stored.splice(99, 1);
  api.counts = counts({ stored: 150, available: 149, deleted: 1 });
  feed.deleted(100);
  await feed.check();
  assert.equal(seqs(feed).length, 149);
  assert.equal(api.calls.at(-1).after, 150);
});

test("aClearedFeedIsEmptyAndGoesOn", async () => {
  const api = new InMemoryApi();
  api.add(1, 2);
  const feed = new CaptureFeed(api, {});
  await feed.check();
  api.stored = [];
  api.counts = counts({ stored: 2, deleted: 2 });
  feed.cleared();
  assert.deepEqual(seqs(feed), []);
  api.stored = [capture(3)];
  api.counts = counts({ stored: 3, available: 1, deleted: 2 });
  await feed.check();
  assert.deepEqual(seqs(feed), [3]);
});

test("whatIsOlderThanAListThatIsNoLongerThereIsNotPutBehindTheNewOne", async () => {
  const api = new InMemoryApi();
  api.add(...range(1, 700));
  const feed = new CaptureFeed(api, {});
  await feed.check();
  await feed.loadOlder();
  const late = feed.loadOlder();
  api.counts = { ...api.counts, deleted: 1 };
  await feed.check();
  await late;
  assert.deepEqual(seqs(feed), range(601, 700).toReversed());
  assert.equal(feed.hasOlder, true);
  const cleared = feed.loadOlder();
  feed.cleared();
  await cleared;
  assert.deepEqual(seqs(feed), []);
});

test("whatIsWithheldIsNowhereUntilItIsPutBack", async () => {
  const api = new InMemoryApi();
  api.add(...range(1, 150));
  const feed = new CaptureFeed(api, {});
  await feed.check();
  feed.withhold(120);
  feed.withhold(40);
  assert.equal(feed.counts.available, 148);
  assert.ok(!seqs(feed).includes(120));
  // Others deleted one: the list comes anew.
  api.stored.splice(9, 1);
  api.counts = counts({ stored: 150, available: 149, deleted: 1 });
  await feed.check();
  await feed.loadOlder();
  assert.deepEqual(seqs(feed), range(1, 150).toReversed().filter((seq) => ![120, 40, 10].includes(seq)));
  assert.deepEqual(feed.counts, counts({ stored: 150, available: 147, deleted: 3 }));
  feed.restore(120);
  assert.deepEqual(seqs(feed).slice(29, 32), [121, 120, 119]);
  feed.deleted(40);
  assert.deepEqual(feed.counts, counts({ stored: 150, available: 148, deleted: 2 }));
});

test("whatOthersDeletedMeanwhileIsNotPutBackNorCountedTwice", async () => {
  const api = new InMemoryApi();
  api.add(1, 2, 3);
  const feed = new CaptureFeed(api, {});
  await feed.check();
  feed.withhold(2);
  feed.withhold(3);
  api.stored = [capture(1)];
  api.counts = counts({ stored: 3, available: 1, deleted: 2 });
  await feed.check();
  feed.restore(2);
  feed.deleted(3);
  assert.deepEqual(seqs(feed), [1]);
  assert.deepEqual(feed.counts, api.counts);
});

test("whatIsPutBackLeavesNoGapInTheList", async () => {
  const api = new InMemoryApi();
  api.add(...range(1, 300));
  const feed = new CaptureFeed(api, {});
  await feed.check();
  await feed.loadOlder();
  feed.withhold(50);
  api.counts = { ...api.counts, deleted: 1 };
  await feed.check();
  feed.restore(50);
  assert.equal(seqs(feed).at(-1), 201);
  await feed.loadOlder();
  assert.deepEqual(seqs(feed), range(1, 300).toReversed());
});

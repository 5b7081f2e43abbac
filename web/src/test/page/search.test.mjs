import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { CaptureFeed } from "../../main/page/feed.js";
import { Search, searchedWords } from "../../main/page/search.js";

const HOOK = { id: "AQ" };

/** A server with one text for each capture, the first being #1; it looks at `looks` of them in a call. */
class Server {
  calls = [];
  failures = [];
  partial = [];

  constructor(texts, { looks = 3 } = {}) {
    Object.assign(this, { texts, looks });
  }

  async captures(_, given) {
    const query = [...new URLSearchParams(given)];
    const of = (name) => query.filter(([other]) => other === name).map(([, value]) => value);
    const [after] = of("after");
    const [before = Infinity] = of("before").map(Number);
    const texts = of("text");
    const filtered = texts.length + of("method").length > 0;
    if (filtered) {
      this.calls.push(query.map((pair) => pair.join("=")).join("&"));
      const failure = this.failures.shift();
      if (failure) return failure;
    }
    const seqs = this.texts.map((_, index) => index + 1).filter((seq) => (after === undefined ? seq < before : seq > Number(after)));
    if (after === undefined) seqs.reverse();
    const most = filtered ? this.looks : Number(of("limit")[0]);
    const looked = seqs.slice(0, most);
    const found = looked.filter((seq) => texts.every((text) => this.texts[seq - 1].includes(text)) && of("method").every((method) => method === this.#method(seq)));
    return {
      kind: "ok",
      value: {
        captures: found.map((seq) => this.#capture(seq)),
        next: looked.at(-1) ?? Number(after ?? before),
        more: seqs.length > looked.length,
        partial: this.partial.filter((seq) => looked.includes(seq)),
        counts: { stored: this.texts.length, available: this.texts.length, evicted: 0, deleted: 0 },
      },
    };
  }

  #method(seq) {
    return seq % 2 === 0 ? "PUT" : "POST";
  }

  #capture(seq) {
    const data = this.texts[seq - 1];
    return { seq, method: this.#method(seq), path: `/h/AQ/p${seq}`, headers: [], body: { size: data.length, encoding: "utf-8", data } };
  }
}

async function stage(texts, { verdicts = { find: () => undefined, isJudged: () => false }, ...options } = {}) {
  const server = new Server(texts, options);
  const feed = new CaptureFeed(server, HOOK);
  await feed.check();
  const search = new Search({ api: server, changed: () => {}, verdicts, wait: () => Promise.resolve() });
  const look = async (filter, marks) => {
    search.follow({ hook: HOOK, feed, filter, marks });
    await settled();
    return search.among(feed.captures).map(({ seq }) => seq);
  };
  return { server, feed, search, look };
}

const settled = () => new Promise((done) => setTimeout(done, 20));

test("a word is found in the list's text at once, and in all that is kept after the server looked", async () => {
  const { server, feed, search, look } = await stage(["paid", "open", "p1", "paid", "open", "open", "paid"]);
  search.follow({ hook: HOOK, feed, filter: "p1" });
  assert.deepEqual(search.among(feed.captures).map(({ seq }) => seq), [1]);
  assert.equal(server.calls.length, 0);
  assert.deepEqual(await look("p1"), [3, 1]);
  assert.deepEqual(search.state.places, { row: 1, path: 0, query: 0, headers: 0, body: 1 });
  assert.equal(searchedWords(search.state), "1 in the body, 1 in what the list shows · searched 7 of 7");
  assert.equal(search.hit(feed.captures[4]).word, "p1");
});

test("what is not loaded yet is loaded and searched", async () => {
  const { feed, look } = await stage(Array.from({ length: 700 }, (_, index) => `text ${index + 1};`), { looks: 100 });
  assert.equal(feed.captures.length, 100);
  assert.deepEqual(await look('"text 3;"'), [3]);
  assert.equal(feed.captures.length, 700);
});

test("each of two words may stand elsewhere, and a field holds for both", async () => {
  const { look } = await stage(["red", "red", "red blue", "blue"]);
  assert.deepEqual(await look("red blue"), [3]);
  assert.deepEqual(await look("red p2"), [2]);
  assert.deepEqual(await look("method:PUT"), [4, 2]);
  assert.deepEqual(await look("method:PUT red"), [2]);
});

test("without a word shows nothing before it is known", async () => {
  const { feed, search, look } = await stage(["red", "blue", "red p1"]);
  search.follow({ hook: HOOK, feed, filter: "-red" });
  assert.deepEqual(search.among(feed.captures), []);
  assert.deepEqual(await look("-red"), [2]);
  assert.deepEqual(await look("-p1"), [2]);
});

test("what arrives is searched, and counted where it does not match", async () => {
  const { server, feed, search, look } = await stage(["red", "blue"]);
  assert.deepEqual(await look("red"), [1]);
  server.texts.push("red", "blue", "blue", "blue", "red");
  await feed.check();
  assert.deepEqual(await look("red"), [7, 3, 1]);
  assert.equal(search.state.hidden, 3);
  assert.match(searchedWords(search.state), /searched 7 of 7 · 3 new without a match$/);
});

test("it goes on after a failure, and says so meanwhile", async () => {
  const { server, search, feed, look } = await stage(["red", "blue", "red", "blue"]);
  server.failures.push({ kind: "offline" }, { kind: "busy", retryAfter: 1_000 });
  let words = [];
  search.follow({ hook: HOOK, feed, filter: "red" });
  for (let i = 0; i < 20; i += 1) {
    await Promise.resolve();
    if (search.state.failed) words.push(searchedWords(search.state));
  }
  assert.equal(words[0], "Searched 0 of 4. The server does not answer just now; the search goes on by itself.");
  assert.deepEqual(await look("red"), [3, 1]);
});

test("a filter that the server refuses says why, and asks no more", async () => {
  const { server, search, look } = await stage(["red"]);
  const problem = { type: "urn:hookwell:problem:bad-parameter", parameter: "json", detail: "It must be /pointer=value." };
  server.failures.push({ kind: "refused", status: 400, problem });
  assert.deepEqual(await look("red json:/a"), []);
  assert.equal(searchedWords(search.state), "json: It must be /pointer=value.");
  await look("red json:/a");
  assert.equal(server.calls.length, 1);
});

test("where searching is off the list's text is still looked at", async () => {
  const { server, search, look } = await stage(["red"]);
  server.failures.push({ kind: "unauthorised", status: 403, problem: { type: "urn:hookwell:problem:search-off", detail: "The operator's setting SEARCH is off." } });
  assert.deepEqual(await look("p1"), [1]);
  assert.equal(searchedWords(search.state), "The operator's setting SEARCH is off. Only what is loaded was looked at.");
});

test("what could not be searched as a whole is told, unless it was found", async () => {
  const { server, search, look } = await stage(["red", "blue", "blue"]);
  server.partial = [1, 2];
  await look("red");
  assert.equal(search.state.partial, 1);
  assert.match(searchedWords(search.state), /of 1 only a part could be searched/);
});

test("another filter ends the search before", async () => {
  const { server, look, search, feed } = await stage(Array.from({ length: 50 }, () => "red"));
  search.follow({ hook: HOOK, feed, filter: "red" });
  search.follow({ hook: HOOK, feed, filter: "" });
  await settled();
  assert.equal(server.calls.length, 0);
  assert.equal(search.state, undefined);
  assert.equal((await look("")).length, 50);
});

test("signatures are filtered by what the page found of them, and it says where it found nothing yet", async () => {
  const found = new Map([[1, { fits: true }], [2, { fits: false }]]);
  const verdicts = { find: (seq) => found.get(seq), isJudged: (seq) => found.has(seq), asks: false };
  const { search, server, look } = await stage(["red", "red", "blue"], { verdicts });
  await look("signature:bad");
  assert.match(searchedWords(search.state), /^Type a secret/);
  verdicts.asks = true;
  assert.deepEqual(await look("signature:bad"), [2]);
  assert.deepEqual(await look("signature:good red"), [1]);
  assert.deepEqual(await look("-signature:bad"), [1]);
  assert.match(searchedWords(search.state), /of 1 only a part could be searched/);
  found.set(3, undefined);
  assert.deepEqual(await look("-signature:bad"), [3, 1]);
  assert.deepEqual(await look("signature:b red"), [2, 1]);
  assert.ok(server.calls.every((call) => !call.includes("signature")));
});

test("a refusal without a known problem is final, and so is an answer that the page's own checks tell of", async () => {
  const { server, search, look } = await stage(["red"]);
  server.failures.push({ kind: "refused", status: 414 });
  await look("red");
  assert.equal(searchedWords(search.state), "The server does not take this filter.");
  server.failures.push({ kind: "unauthorised", status: 403 });
  await look("red ");
  assert.match(searchedWords(search.state), /did not let the search go on/);
  assert.equal(server.calls.length, 2);
});

test("a search that was left asks no more", async () => {
  const { server, search, feed } = await stage(["red"]);
  search.follow({ hook: HOOK, feed, filter: "red" });
  search.stop();
  await settled();
  assert.equal(server.calls.length, 0);
});

test("a filter that is there before the list counts nothing of the list as new", async () => {
  const server = new Server(["paid", "failed", "paid"]);
  const feed = new CaptureFeed(server, HOOK);
  const search = new Search({ api: server, changed: () => {}, verdicts: { find: () => undefined, isJudged: () => false }, wait: () => Promise.resolve() });
  search.follow({ hook: HOOK, feed, filter: "failed" });
  await settled();
  assert.deepEqual(server.calls, []);

  await feed.check();
  search.follow({ hook: HOOK, feed, filter: "failed" });
  await settled();

  assert.deepEqual(search.among(feed.captures).map(({ seq }) => seq), [2]);
  assert.equal(search.state.hidden, 0);
  assert.equal(searchedWords(search.state), "1 in the body · searched 3 of 3");
});

/** A stage where the server looked into none of these bodies. */
async function packedStage(texts, headers = []) {
  const { server, feed, search, look: lookOnce } = await stage(texts.map((text) => (typeof text === "string" ? text : "")));
  const bodies = texts.map((text) => Buffer.from(text));
  server.partial = texts.flatMap((text, index) => (typeof text === "string" ? [] : [index + 1]));
  server.asked = [];
  for (const capture of feed.captures) capture.bodySize = bodies[capture.seq - 1].length;
  server.capture = async (_, seq) => {
    server.asked.push(seq);
    const bytes = bodies[seq - 1];
    return server.failures.shift() ?? { kind: "ok", value: { seq, headers, path: "/h/AQ", body: { size: bytes.length, encoding: "base64", data: bytes.toString("base64") } } };
  };
  const look = async (filter) => {
    await lookOnce(filter);
    while (!search.state.isDone) await settled();
    return search.among(feed.captures).map(({ seq }) => seq);
  };
  return { server, search, look };
}

test("what senders packed is unpacked here, and searched, and kept for the next word", async () => {
  const { server, search, look } = await packedStage(["needle", gzipSync('{"word":"needle-5512"}'), gzipSync("nothing"), gzipSync("needle").subarray(0, 12), "x"]);
  assert.deepEqual(await look("needle"), [2, 1]);
  assert.deepEqual([server.asked, search.state.partial, search.state.isDone, search.hit({ seq: 2, path: "/h/AQ" })?.before], [[4, 3, 2], 1, true, '{"word":"']);
  assert.deepEqual(await look("-needle"), [5, 4, 3]);
  assert.deepEqual(await look("method:PUT"), [4, 2]);
  assert.equal(server.asked.length, 3);
});

test("a packed body is looked at as it reads, and shows no secret", async () => {
  const form = await packedStage([gzipSync("Body=Hello+World%21&name=M%c3%BCller&payload=%7B%22a%22%3A%22Z%5Cu00fcrich%22%7D")], [["content-type", "application/x-www-form-urlencoded"]]);
  for (const word of ['"hello world!"', "müller", "zürich", "%c3%BC"]) assert.deepEqual(await form.look(word), [1], word);
  assert.deepEqual(await form.look("hello+there"), []);
  const secret = await packedStage([gzipSync('{"verification_token":"secret_abc","b":"a\\u0062\\/c"}')]);
  assert.deepEqual(await secret.look("secret_"), [1]);
  assert.deepEqual(secret.search.hit({ seq: 1, path: "/h/AQ" }), { place: "body" });
  assert.deepEqual(await secret.look("ab/c"), [1]);
});

test("of a body that was packed the first MiB is searched, and said to be only a part", async () => {
  const { search, look } = await packedStage([gzipSync(`begins${" ".repeat(1024 * 1024)}ends`)]);
  assert.deepEqual([await look("begins"), search.state.partial], [[1], 0]);
  assert.deepEqual([await look("ends"), search.state.partial], [[], 1]);
});

test("one search unpacks 8 MiB", async () => {
  const { server, search, look } = await packedStage(Array.from({ length: 12 }, () => gzipSync(Buffer.alloc(1024 * 1024, "a"))));
  await look("b");
  assert.deepEqual([server.asked.length, search.state.partial], [8, 4]);
});

test("where bodies are not packed few are asked for", async () => {
  const { server, search, look } = await packedStage(Array.from({ length: 20 }, () => Buffer.from("plain")));
  await look("other");
  await look("another");
  assert.deepEqual([server.asked.length, search.state.partial], [5, 20]);
});

test("a capture that cannot be fetched is asked for once, unless all cannot", async () => {
  for (const last of [{ kind: "delayed", status: 500 }, { kind: "damaged", status: 500 }, { kind: "refused", status: 400 }, { kind: "unknown", status: 404 }]) {
    const { server, search, look } = await packedStage([gzipSync("needle"), gzipSync("needle")]);
    const { capture } = server;
    server.capture = async (...asked) => {
      if (server.asked.length === 0) server.failures.push({ kind: "offline" }, { kind: "busy", status: 429 }, { kind: "delayed", status: 503 }, last);
      return capture(...asked);
    };
    assert.deepEqual(await look("needle"), [1], last.kind);
    assert.deepEqual([server.asked, search.state.partial, search.state.failed, search.state.ended], [[2, 2, 2, 2, 1], 1, false, false], last.kind);
  }
});

test("what is marked in this browser is found without the server, and notes are searched", async () => {
  const { search, server, look } = await stage(["red", "red", "blue"]);
  const marks = { 1: { note: "the Red one", pinned: true }, 3: { note: "late, red?", pinned: false } };
  assert.deepEqual(await look("is:pinned", marks), [1]);
  assert.deepEqual(await look("-is:pinned", marks), [3, 2]);
  assert.deepEqual(await look("is:noted", marks), [3, 1]);
  assert.deepEqual(await look("is:p", marks), [3, 2, 1], "is still being typed");
  assert.equal(server.calls.length, 0);
  assert.deepEqual(await look("late", marks), [3]);
  assert.deepEqual(search.state.places, { row: 1, path: 0, query: 0, headers: 0, body: 0 });
  assert.deepEqual(await look("red is:pinned", marks), [1]);
  assert.deepEqual(await look("-late", marks), [2, 1]);
  const { version } = search;
  assert.deepEqual(await look("-late", { ...marks, 3: undefined }), [3, 2, 1]);
  assert.notEqual(search.version, version);
});

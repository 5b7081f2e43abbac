import assert from "node:assert/strict";
import { test } from "node:test";
import { HookApi } from "../../main/page/api.js";

const HOOK = { id: "h", viewKey: "view", ownerKey: "own" };

/** An API whose server answers with `response`, and the requests it was asked. */
function answering(body, init) {
  const requests = [];
  const api = new HookApi(async (path, options) => {
    requests.push({ path, ...options });
    if (body instanceof Error) throw body;
    return new Response(body, init);
  });
  return { api, requests };
}

const problem = (status, headers = {}) => ({ status, headers: { "Content-Type": "application/problem+json", ...headers } });

test("keysTravelInTheHeaderOnly", async () => {
  const { api, requests } = answering("{}", { status: 200 });
  await api.captures(HOOK, { after: 7, limit: 500 }, '"9"');
  await api.deleteCapture(HOOK, 7);
  assert.deepEqual(
    requests.map(({ method, path, headers }) => [method, path, headers]),
    [
      ["GET", "/api/hooks/h/captures?after=7&limit=500", { Authorization: "Bearer view", "If-None-Match": '"9"' }],
      ["DELETE", "/api/hooks/h/captures/7", { Authorization: "Bearer own" }],
    ],
  );
  assert.ok(requests.every(({ credentials, cache }) => credentials === "omit" && cache === "no-store"));
});

test("anAnswerCarriesItsTag", async () => {
  const { api } = answering('{"captures":[]}', { status: 200, headers: { ETag: '"3"' } });
  assert.deepEqual(await api.captures(HOOK, {}), { kind: "ok", value: { captures: [] }, etag: '"3"' });
});

test("notModifiedIsUnchanged", async () => {
  const { api } = answering(null, { status: 304 });
  assert.equal((await api.captures(HOOK, {}, '"3"')).kind, "unchanged");
});

test("anAnswerWithoutABodyMayHaveAnEmptyStreamAsBrowsersGiveIt", async () => {
  const browsers = (status) => {
    const { body, headers } = new Response("");
    return { status, ok: status === 204, body, headers };
  };
  assert.equal((await new HookApi(async () => browsers(304)).captures(HOOK, {}, '"3"')).kind, "unchanged");
  assert.deepEqual((await new HookApi(async () => browsers(204)).deleteHook(HOOK)).kind, "ok");
});

test("aBodyThatIsNoLongerWhatItWasIsNoDelay", async () => {
  const { api } = answering('{"type":"urn:hookwell:problem:body-damaged","detail":"why"}', problem(500));
  const outcome = await api.body(HOOK, 1);
  assert.deepEqual([outcome.kind, outcome.problem.detail], ["damaged", "why"]);
});

for (const [status, kind] of [[400, "refused"], [401, "unauthorised"], [404, "unknown"], [410, "gone"], [429, "busy"], [500, "delayed"], [503, "delayed"]]) {
  test(`statusIsRead ${status}`, async () => {
    const { api } = answering('{"detail":"why"}', problem(status, { "Retry-After": "7" }));
    const outcome = await api.hook(HOOK);
    assert.deepEqual([outcome.kind, outcome.problem.detail, outcome.retryAfter], [kind, "why", 7_000]);
  });
}

test("aProxysHtmlIsNotShown", async () => {
  const { api } = answering("<h1>Bad gateway</h1>", { status: 502, headers: { "Content-Type": "text/html" } });
  const outcome = await api.hook(HOOK);
  assert.deepEqual([outcome.kind, outcome.problem], ["delayed", undefined]);
  assert.equal((await answering("<html>", { status: 200 }).api.hook(HOOK)).kind, "delayed");
  assert.equal((await answering("<html>", problem(503)).api.hook(HOOK)).problem, undefined);
});

const PATIENCE = 1_000;

/** An answer whose body comes piece by piece, and breaks off when the call is given up. */
function inPieces(context, late = false) {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  let body;
  let begin;
  const begun = new Promise((resolve) => (begin = resolve));
  if (!late) begin();
  const stream = new ReadableStream({ start: (controller) => (body = controller) });
  const api = new HookApi(async (_, { signal }) => {
    signal.addEventListener("abort", () => body.error(signal.reason));
    await begun;
    return new Response(stream);
  }, PATIENCE);
  const pass = async (milliseconds) => {
    context.mock.timers.tick(milliseconds);
    await new Promise((settled) => setImmediate(settled));
  };
  return { api, pass, send: (text) => body.enqueue(new TextEncoder().encode(text)), end: () => body.close(), begin };
}

test("anAnswerThatNeverBeginsIsGivenUp", async () => {
  const hanging = (_, { signal }) => new Promise((_, refuse) => signal.addEventListener("abort", () => refuse(signal.reason)));
  assert.equal((await new HookApi(hanging, 5).captures(HOOK, {})).kind, "offline");
});

test("anAnswerHasItsTimeAsLongAsMoreOfItComes", async (context) => {
  const { api, pass, send, end } = inPieces(context);
  const outcome = api.captures(HOOK, {});
  await pass(0);
  for (const piece of ['{"capt', 'ures"', ":[]", "}"]) {
    await pass(PATIENCE - 1);
    send(piece);
    await pass(0);
  }
  end();
  assert.equal((await outcome).kind, "ok");
});

test("anAnswerThatBeginsLateHasItsTimeToo", async (context) => {
  const { api, pass, send, end, begin } = inPieces(context, true);
  const outcome = api.captures(HOOK, {});
  await pass(PATIENCE - 1);
  begin();
  await pass(0);
  await pass(PATIENCE - 1);
  send('{"captures":[]}');
  end();
  assert.equal((await outcome).kind, "ok");
});

test("anAnswerThatStopsHalfWayIsGivenUp", async (context) => {
  const { api, pass, send } = inPieces(context);
  const outcome = api.captures(HOOK, {});
  await pass(0);
  send('{"capt');
  await pass(0);
  await pass(PATIENCE);
  assert.equal((await outcome).kind, "delayed");
});

test("noNetworkIsOffline", async () => {
  assert.equal((await answering(new TypeError("Failed to fetch")).api.hook(HOOK)).kind, "offline");
});

test("oddRetryAfterIsIgnored", async () => {
  for (const value of ["Wed, 21 Oct 2026 07:28:00 GMT", "-1", "x"]) {
    assert.equal((await answering("{}", problem(429, { "Retry-After": value })).api.hook(HOOK)).retryAfter, undefined);
  }
  assert.equal((await answering("{}", problem(429, { "Retry-After": "999999" })).api.hook(HOOK)).retryAfter, 3_600_000);
});

test("bodiesAreBytes", async () => {
  const { api } = answering(new Uint8Array([0, 255]), { status: 200, headers: { "Content-Type": "application/octet-stream" } });
  assert.deepEqual([...(await api.body(HOOK, 1)).value], [0, 255]);
});

test("whatAnswersInOurPlaceIsNotTakenForUs", async () => {
  for (const json of ["null", "1", "[]", "{}", '{"status":"ok"}']) {
    const { api } = answering(json, { status: 200 });
    for (const ask of [() => api.create(), () => api.hook(HOOK), () => api.captures(HOOK, {}), () => api.capture(HOOK, 1), () => api.body(HOOK, 1)]) {
      assert.equal((await ask()).kind, "delayed", json);
    }
  }
});

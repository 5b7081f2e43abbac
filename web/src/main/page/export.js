// Captures as NDJSON: one line each, oldest first, as the API gives them with headers, and every kept body whole.

import { base64 } from "./bytes.js";
import { escapedJson } from "./captured-text.js";
import { download } from "./download.js";
import { count, duration, whole } from "./text.js";

/** As many as an answer of the API lists at most; it ends before that when it gets long. */
const AT_ONCE = 500;

/** What passes: a busy or failing server, a gap in the network. */
const PASSING = new Set(["busy", "delayed", "offline"]);
const TRIES = 5;
const PAUSE = 2_000;

/** Who would have to wait longer is told so instead. */
const LONGEST_PAUSE = 60_000;

/** Saves what the list is limited to or, if it is not, all that is kept; says how it goes through `tell`. */
export async function exportToFile(model, api, tell) {
  const { hook, feed, workspace } = model;
  const chosen = workspace?.isNarrowed(model) ? workspace.visible(model).map(({ seq }) => seq) : undefined;
  const all = chosen ? chosen.length : feed.counts.available;
  const parts = [];
  const outcome = await exportLines(api, hook, { chosen, last: feed.lastSeq }, (part, done) => {
    // A blob's bytes are the browser's to keep, outside of this page's memory.
    parts.push(new Blob([part]));
    tell(`Exporting ${whole(done)} of ${whole(all)} …`);
  });
  if (outcome.kind !== "ok") {
    tell(`The export stopped: ${outcome.problem?.detail ?? reason(outcome)} Nothing was saved.`);
    return;
  }
  download(`hookwell-${hook.id.slice(-8)}.ndjson`, new Blob(parts, { type: "application/x-ndjson" }));
  tell(`Exported ${count(outcome.done, "request")}${outcome.done < all ? `, without ${whole(all - outcome.done)} deleted meanwhile` : ""}.`);
}

function reason({ kind, retryAfter }) {
  if (kind !== "busy") return "the server could not be reached.";
  return retryAfter ? `the server asked to wait for ${duration(retryAfter)}.` : "the server is busy.";
}

/**
 * Reads the captures up to the number `last`, or those `chosen` by number, in few calls, and gives their lines to `take`
 * in pieces, with how many that makes. `{kind: "ok", done}`, or the first outcome that was not ok and did not pass.
 */
export async function exportLines(api, hook, { chosen, last }, take, pause = sleep) {
  const wanted = chosen?.toSorted((one, other) => one - other);
  const isWanted = wanted ? Set.prototype.has.bind(new Set(wanted)) : (seq) => seq <= last;
  let after = 0;
  let done = 0;
  for (let next = step(after, last, wanted); next; next = step(after, last, wanted)) {
    const listed = await patiently(() => api.captures(hook, { ...next, include: "headers,body" }), pause);
    if (listed.kind !== "ok") return listed;
    const { captures, more } = listed.value;
    const lines = [];
    for (const capture of captures) {
      if (!isWanted(capture.seq)) continue;
      const outcome = await withBody(api, hook, capture, pause);
      if (outcome.kind === "ok") lines.push(`${escapedJson(JSON.stringify(outcome.value))}\n`);
      else if (outcome.kind !== "unknown") return outcome;
    }
    done += lines.length;
    if (lines.length > 0) take(lines.join(""), done);
    if (!more) break;
    after = captures.at(-1).seq;
  }
  return { kind: "ok", done };
}

/** From where to read on, and how many: from the next one wanted to the last one that the same answer can hold. */
function step(after, last, wanted) {
  if (!wanted) return after < last ? { after, limit: AT_ONCE } : undefined;
  const first = wanted.find((seq) => seq > after);
  if (first === undefined) return undefined;
  return { after: first - 1, limit: wanted.findLast((seq) => seq < first + AT_ONCE) - first + 1 };
}

/** A capture with its bytes, also those that are too long to travel in it; `unknown` when it was deleted meanwhile. */
async function withBody(api, hook, capture, pause) {
  const { body, notes, seq } = capture;
  if (body.size === 0 || typeof body.data === "string" || notes?.includes("body-too-large")) return { kind: "ok", value: capture };
  const outcome = await patiently(() => api.body(hook, seq), pause);
  // One body that is no longer what it was keeps the others from nobody; its line says so.
  if (outcome.kind === "damaged") return { kind: "ok", value: { ...capture, body: { ...body, damaged: true } } };
  if (outcome.kind !== "ok") return outcome;
  return { kind: "ok", value: { ...capture, body: { ...body, encoding: "base64", data: base64(outcome.value) } } };
}

/** Asks again for what passes, after the time that the server asks for. */
async function patiently(call, pause) {
  for (let tries = 1; ; tries += 1) {
    const outcome = await call();
    const wait = outcome.retryAfter ?? PAUSE;
    if (!PASSING.has(outcome.kind) || tries === TRIES || wait > LONGEST_PAUSE) return outcome;
    await pause(wait);
  }
}

function sleep(milliseconds) {
  return new Promise((done) => setTimeout(done, milliseconds));
}

// Captures as NDJSON: one line each, as the API gives them, with every kept body. No DOM.

import { base64 } from "./body.js";

const AT_ONCE = 4;

/**
 * Fetches `captures` in full. `{kind: "ok", text}`, or the first outcome that was neither ok nor a capture that is gone
 * meanwhile.
 */
export async function exportLines(api, hook, captures, onProgress) {
  const lines = new Array(captures.length);
  let next = 0;
  let done = 0;
  let failed;
  const work = async () => {
    while (next < captures.length && !failed) {
      const index = next++;
      const outcome = await whole(api, hook, captures[index].seq);
      if (outcome.kind === "ok") lines[index] = `${JSON.stringify(outcome.value)}\n`;
      else if (outcome.kind !== "unknown") failed ??= outcome;
      onProgress(++done);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return failed ?? { kind: "ok", text: lines.join("") };
}

/** A capture with its bytes, also those that are too large to travel in it. */
async function whole(api, hook, seq) {
  const outcome = await api.capture(hook, seq);
  if (outcome.kind !== "ok") return outcome;
  const { body, notes } = outcome.value;
  if (body.size === 0 || typeof body.data === "string" || notes?.includes("body-too-large")) return outcome;
  const bytes = await api.body(hook, seq);
  if (bytes.kind !== "ok") return bytes;
  return { ...outcome, value: { ...outcome.value, body: { ...body, encoding: "base64", data: base64(bytes.value) } } };
}

// Reads bodies beside the page, so that none of it waits for a long one.

import { readBody } from "./body.js";

addEventListener("message", async ({ data: { id, capture, bytes } }) => {
  try {
    const body = await readBody(capture, bytes);
    postMessage({ id, body }, rowBuffers(body));
  } catch {
    postMessage({ id });
  }
});

/** What is handed over instead of copied. */
function rowBuffers({ views }) {
  return views.flatMap(({ rows, json }) => Object.values(rows ?? json ?? {}).filter(ArrayBuffer.isView).map(({ buffer }) => buffer));
}

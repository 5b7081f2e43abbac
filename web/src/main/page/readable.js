// What of a request's head reads otherwise than its bytes are kept: as UTF-8. The API tells. No DOM.

/** Path, query and what the list shows of a capture, as they read. */
export function readableHead(capture) {
  const { path, query, contentType, userAgent, event, deliveryId } = { ...capture, ...capture.readable };
  return { path, query: query ?? "", contentType, userAgent, event, deliveryId };
}

export function readableHeaders({ headers = [], readable }) {
  const others = [...(readable?.headers ?? [])];
  return headers.map(([name, value]) => {
    // Only values that read otherwise are listed, in the order of the headers.
    const reads = others[0]?.[0] === name && /[\u0080-\u00ff]/.test(value) ? others.shift() : undefined;
    return reads ?? [name, value];
  });
}

export function readableCookies({ cookies = [], readable }) {
  return readable?.cookies ?? cookies;
}

/** Which parts of the head are not shown as they are kept, in words; undefined when all are. */
export function readableWords({ readable }) {
  if (!readable) return undefined;
  const headers = readable.headers?.length ?? 0;
  const parts = [
    readable.path !== undefined && "the path",
    readable.query !== undefined && "the query",
    headers > 0 && (headers === 1 ? "a header" : `${headers} headers`),
    readable.cookies !== undefined && "the cookies",
  ].filter(Boolean);
  if (parts.length === 0) return undefined;
  const list = parts.length === 1 ? parts[0] : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
  return `Shown as UTF-8, as most senders mean it: ${list}. The bytes are exact in Raw, in its download and in the curl line.`;
}

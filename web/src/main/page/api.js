// The polling API of Hookwell. Every call resolves to an outcome; none throws for what a server or a network does. No DOM.

/**
 * @typedef {object} Outcome
 * @property {"ok"|"unchanged"|"offline"|"delayed"|"busy"|"unauthorised"|"unknown"|"gone"|"refused"} kind
 * @property {*} [value] the answer, when ok
 * @property {string} [etag]
 * @property {object} [problem] the problem document, when the server sent one
 * @property {number} [retryAfter] milliseconds
 */

const KINDS = { 401: "unauthorised", 403: "unauthorised", 404: "unknown", 410: "gone", 429: "busy" };

export class HookApi {
  #fetch;

  constructor(fetch) {
    this.#fetch = fetch;
  }

  /** Makes a hook. `operatorKey` is only asked for by a server that does not let everybody. */
  create(operatorKey) {
    return this.#json("/api/hooks", { method: "POST", key: operatorKey }, ({ id, viewKey }) => id && viewKey);
  }

  hook({ id, viewKey }) {
    return this.#json(`/api/hooks/${id}`, { key: viewKey }, ({ url }) => url);
  }

  /** One page of captures. `cursor` is `{after}`, `{before}` or `{}`, the newest page. */
  captures({ id, viewKey }, cursor, etag) {
    const query = new URLSearchParams(cursor).toString();
    return this.#json(`/api/hooks/${id}/captures${query && `?${query}`}`, { key: viewKey, etag }, ({ captures }) => Array.isArray(captures));
  }

  capture({ id, viewKey }, ref) {
    return this.#json(`/api/hooks/${id}/captures/${ref}`, { key: viewKey }, ({ body }) => body);
  }

  /** The captured bytes, as a Uint8Array. */
  body({ id, viewKey }, ref) {
    return this.#call(`/api/hooks/${id}/captures/${ref}/body`, { key: viewKey }, async (response) => {
      if (response.headers.get("Content-Type") !== "application/octet-stream") throw new TypeError("not a body");
      return new Uint8Array(await response.arrayBuffer());
    });
  }

  deleteCapture({ id, ownerKey }, ref) {
    return this.#call(`/api/hooks/${id}/captures/${ref}`, { key: ownerKey, method: "DELETE" }, async () => null);
  }

  deleteCaptures({ id, ownerKey }) {
    return this.#call(`/api/hooks/${id}/captures`, { key: ownerKey, method: "DELETE" }, async () => null);
  }

  deleteHook({ id, ownerKey }) {
    return this.#call(`/api/hooks/${id}`, { key: ownerKey, method: "DELETE" }, async () => null);
  }

  /** `fits` looks for what the page cannot do without: whoever answers 200 in our place may well answer JSON. */
  #json(path, options, fits) {
    return this.#call(path, options, async (response) => {
      const value = await response.json();
      if (!fits(value)) throw new TypeError("not an answer of this API");
      return value;
    });
  }

  async #call(path, { method = "GET", key, etag }, read) {
    const headers = {};
    if (key) headers.Authorization = `Bearer ${key}`;
    if (etag) headers["If-None-Match"] = etag;
    let response;
    try {
      response = await this.#fetch(path, { method, headers, cache: "no-store", credentials: "omit", redirect: "error" });
    } catch {
      return { kind: "offline" };
    }
    if (response.status === 304) return { kind: "unchanged", etag };
    if (response.ok) {
      try {
        return { kind: "ok", value: await read(response), etag: response.headers.get("ETag") ?? undefined };
      } catch {
        // Cut off half-way, or something in between answered 200 in our place.
        return { kind: "delayed" };
      }
    }
    return {
      kind: KINDS[response.status] ?? (response.status >= 500 ? "delayed" : "refused"),
      status: response.status,
      problem: await problemOf(response),
      retryAfter: retryAfter(response),
    };
  }
}

/** Only our own problem documents are believed; a proxy's HTML is not shown. */
async function problemOf(response) {
  if (!(response.headers.get("Content-Type") ?? "").startsWith("application/problem+json")) return undefined;
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

function retryAfter(response) {
  const seconds = Number(response.headers.get("Retry-After") ?? NaN);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 3600) * 1000 : undefined;
}

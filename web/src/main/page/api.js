// The polling API of Hookwell. Every call resolves to an outcome; none throws for what a server or a network does. No DOM.

/**
 * @typedef {object} Outcome
 * @property {"ok"|"unchanged"|"offline"|"delayed"|"busy"|"unauthorised"|"unknown"|"gone"|"damaged"|"refused"} kind
 * @property {*} [value] the answer, when ok
 * @property {string} [etag]
 * @property {object} [problem] the problem document, when the server sent one
 * @property {number} [retryAfter] milliseconds
 */

/** Milliseconds of silence after which nothing more will come: the gateway itself gives a function up after 30 s. */
const PATIENCE = 35_000;

/** Passes by no waiting: what was kept of a body is not what was received. */
const DAMAGED = "urn:hookwell:problem:body-damaged";

const KINDS = { 401: "unauthorised", 403: "unauthorised", 404: "unknown", 410: "gone", 429: "busy" };

export class HookApi {
  #fetch;
  #patience;

  /**
   * `patience` is for an answer to begin and then for each next piece of it, in milliseconds; without one, a connection
   * that died unheard is waited for.
   */
  constructor(fetch, patience = PATIENCE) {
    this.#fetch = fetch;
    this.#patience = patience;
  }

  /** Makes a hook. `creationKey` is only asked for by a server that does not let everybody. */
  create(creationKey) {
    return this.#json("/api/hooks", { method: "POST", key: creationKey }, ({ id, viewKey }) => id && viewKey);
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

  /** The SHA-256 of the command line client, where this server carries it. */
  clientDigest() {
    return this.#call("/hookwell.jar.sha256", {}, async (response) => {
      const [, digest] = /^([0-9a-f]{64}) /.exec(await response.text()) ?? [];
      if (!digest) throw new TypeError("not a digest");
      return digest;
    });
  }

  /** The script that decides what senders to the hook's second URL get. */
  response({ id, viewKey }) {
    return this.#json(`/api/hooks/${id}/response`, { key: viewKey }, ({ steps }) => Array.isArray(steps));
  }

  setResponse({ id, ownerKey }, script) {
    return this.#json(`/api/hooks/${id}/response`, { key: ownerKey, method: "PUT", body: script }, ({ steps }) => Array.isArray(steps));
  }

  restartResponse({ id, ownerKey }) {
    return this.#json(`/api/hooks/${id}/response/restart`, { key: ownerKey, method: "POST" }, ({ steps }) => Array.isArray(steps));
  }

  deleteResponse({ id, ownerKey }) {
    return this.#call(`/api/hooks/${id}/response`, { key: ownerKey, method: "DELETE" }, async () => null);
  }

  /** Also as the tab is closed. */
  deleteCapture({ id, ownerKey }, ref) {
    return this.#call(`/api/hooks/${id}/captures/${ref}`, { key: ownerKey, method: "DELETE", keepalive: true }, async () => null);
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

  /** `body` is sent as JSON; with `keepalive` the call outlives the page. */
  async #call(path, { method = "GET", key, etag, body, keepalive = false }, read) {
    const headers = {};
    if (body) headers["Content-Type"] = "application/json";
    if (key) headers.Authorization = `Bearer ${key}`;
    if (etag) headers["If-None-Match"] = etag;
    const ending = new AbortController();
    let timer;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => ending.abort(), this.#patience);
    };
    wait();
    try {
      const response = await this.#fetch(path, { method, headers, body: body && JSON.stringify(body), cache: "no-store", credentials: "omit", redirect: "error", keepalive, signal: ending.signal });
      wait();
      return await outcomeOf(response, heard(response, wait), etag, read);
    } catch {
      return { kind: "offline" };
    } finally {
      clearTimeout(timer);
    }
  }
}

/** The headers and the body of an answer, to be read once; `onPiece` hears of each piece. */
function heard({ body, headers }, onPiece) {
  if (!body) return new Response(null, { headers });
  const pieces = new TransformStream({
    transform(piece, out) {
      onPiece();
      out.enqueue(piece);
    },
  });
  return new Response(body.pipeThrough(pieces), { headers });
}

async function outcomeOf({ ok, status }, answer, etag, read) {
  if (status === 304) return { kind: "unchanged", etag };
  if (ok) {
    try {
      return { kind: "ok", value: await read(answer), etag: answer.headers.get("ETag") ?? undefined };
    } catch {
      // Cut off half-way, or something in between answered 200 in our place.
      return { kind: "delayed" };
    }
  }
  const problem = await problemOf(answer);
  return {
    kind: problem?.type === DAMAGED ? "damaged" : KINDS[status] ?? (status >= 500 ? "delayed" : "refused"),
    status,
    problem,
    retryAfter: retryAfter(answer),
  };
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

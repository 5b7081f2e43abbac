// Links that open less than a hook to read, or more: one request alone, or the hook for its owner in another browser. No DOM.

import { base64, latin1Bytes } from "./bytes.js";
import { routeOf } from "./hooks.js";
import { noCryptography } from "./signature.js";

/** The key that reads one capture and nothing else of its hook: HMAC-SHA-256 under the view key, docs/design.md §3. */
export async function captureKey({ viewKey }, seq) {
  const raw = latin1Bytes(atob(viewKey.replaceAll("-", "+").replaceAll("_", "/")));
  const key = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const mac = await crypto.subtle.sign("HMAC", key, latin1Bytes(`capture/${seq}`));
  return base64(new Uint8Array(mac)).replaceAll("+", "-").replaceAll("/", "_").replace("=", "");
}

/** Opens this request and nothing else. A guest who was given such a link passes the same one on. `{unable}` says why there is none. */
export async function captureLink(hook, seq, origin) {
  const unable = hook.only ? undefined : noCryptography();
  if (unable) return { unable: `Nothing was copied. ${unable}` };
  return `${origin}/${routeOf(hook.id, { seq, captureKey: hook.only ? hook.viewKey : await captureKey(hook, seq) })}`;
}

/** Brings both keys to another browser of the owner. */
export function ownerLink({ id, viewKey, ownerKey }, origin) {
  return `${origin}/${routeOf(id, { key: viewKey, ownerKey })}`;
}

// Whether a sender's signature fits a capture, and if not, why. Runs on WebCrypto; the secret goes nowhere. No DOM.

import { base64 } from "./bytes.js";
import { headerValues } from "./headers.js";
import { duration } from "./text.js";

/** How far a signed time may be from the receipt, as all five senders advise. */
const TOLERANCE = 5 * 60_000;

/** A longer body is not written anew in other ways. */
const MOST_REWRITTEN = 1_000_000;
const MOST_DEPTH = 200;

const encoder = new TextEncoder();

/**
 * A scheme reads what was signed from the headers: `{signatures, parts, timestamp}`, or a `problem` in words. `parts`
 * are what stands before the body. `format` is how a signature is written.
 */
const SCHEMES = {
  github: {
    name: "GitHub",
    present: ["x-hub-signature-256", "x-hub-signature"],
    format: "hex",
    read(header) {
      const [hash, value] = split(header("x-hub-signature-256") ?? header("x-hub-signature") ?? "", "=");
      if (hash !== "sha256" && hash !== "sha1") return { problem: "The signature does not begin with “sha256=”." };
      return { hash: hash === "sha1" ? "SHA-1" : "SHA-256", signatures: [value], before: "" };
    },
  },
  stripe: {
    name: "Stripe",
    present: ["stripe-signature"],
    format: "hex",
    read(header) {
      const pairs = (header("stripe-signature") ?? "").split(",").map((pair) => split(pair.trim(), "="));
      const time = pairs.find(([name]) => name === "t")?.[1];
      const signatures = pairs.filter(([name]) => name === "v1").map(([, value]) => value);
      if (!/^[0-9]+$/.test(time ?? "")) return { problem: "The stripe-signature header has no time (t=…)." };
      if (signatures.length === 0) return { problem: "The stripe-signature header has no v1 signature." };
      return { signatures, timestamp: Number(time) * 1000, before: `${time}.` };
    },
  },
  slack: {
    name: "Slack",
    present: ["x-slack-signature"],
    format: "hex",
    read(header) {
      const time = header("x-slack-request-timestamp");
      const [version, value] = split(header("x-slack-signature") ?? "", "=");
      if (!/^[0-9]+$/.test(time ?? "")) return { problem: "The x-slack-request-timestamp header is missing." };
      if (version !== "v0") return { problem: "The signature does not begin with “v0=”." };
      return { signatures: [value], timestamp: Number(time) * 1000, before: `v0:${time}:` };
    },
  },
  shopify: {
    name: "Shopify",
    present: ["x-shopify-hmac-sha256"],
    format: "base64",
    read(header) {
      return { signatures: [header("x-shopify-hmac-sha256") ?? ""], before: "" };
    },
  },
  standard: {
    name: "Standard Webhooks, Svix",
    present: ["webhook-signature", "svix-signature"],
    format: "base64",
    read(header) {
      const prefix = header("webhook-signature") === undefined ? "svix" : "webhook";
      const id = header(`${prefix}-id`);
      const time = header(`${prefix}-timestamp`);
      const signatures = (header(`${prefix}-signature`) ?? "")
        .split(" ")
        .map((word) => split(word, ","))
        .filter(([version]) => version === "v1")
        .map(([, value]) => value);
      if (id === undefined) return { problem: `The ${prefix}-id header is missing.` };
      if (!/^[0-9]+$/.test(time ?? "")) return { problem: `The ${prefix}-timestamp header is missing.` };
      if (signatures.length === 0) return { problem: `The ${prefix}-signature header has no v1 signature.` };
      return { signatures, timestamp: Number(time) * 1000, before: `${id}.${time}.` };
    },
    key(secret) {
      return fromBase64(secret.replace(/^whsec_/, ""));
    },
    badKey: "This secret is not base64 (after “whsec_”), so it is not one of this kind.",
  },
};

export const schemes = Object.entries(SCHEMES).map(([id, { name }]) => ({ id, name }));

/** The scheme that the headers speak of, if any. */
export function detectScheme(capture) {
  return Object.keys(SCHEMES).find((id) => SCHEMES[id].present.some((name) => headerValues(capture, name).length > 0));
}

/**
 * Checks one capture. The answer has `fits` and `findings`, sentences with the reasons: what is wrong with the time,
 * the header, the secret or the body.
 */
export async function checkSignature(id, capture, bytes, secret) {
  const scheme = SCHEMES[id];
  const findings = [];
  if (!globalThis.crypto?.subtle) {
    return { fits: false, findings: ["Browsers offer cryptography only to pages opened over https or from this machine."] };
  }
  const header = (name) => headerValues(capture, name)[0];
  if (!scheme.present.some((name) => header(name) !== undefined)) {
    return { fits: false, findings: [`The request has no ${scheme.present[0]} header: it was not signed this way.`] };
  }
  const signed = scheme.read(header);
  if (signed.problem) return { fits: false, findings: [signed.problem] };

  const hash = signed.hash ?? "SHA-256";
  const expected = signed.signatures.map((value) => decodeSignature(value, scheme.format));
  if (expected.every((value) => value === undefined)) {
    return { fits: false, findings: [wrongFormat(signed.signatures[0], scheme.format)] };
  }
  const fits = async (key, body) => {
    const mac = await hmac(hash, key, concat(encoder.encode(signed.before), body));
    return expected.some((value) => value !== undefined && same(value, mac));
  };

  if (signed.timestamp !== undefined) findings.push(...timeFindings(signed.timestamp, Date.parse(capture.receivedAt)));
  const late = findings.length > 0;
  const key = keyOf(scheme, secret);
  if (key !== undefined && (await fits(key, bytes))) {
    return late
      ? { fits: false, findings: ["Secret and body fit the signature, but the time does not.", ...findings] }
      : { fits: true, findings: ["Signed with this secret, and not a byte of the body was changed since."] };
  }

  const reason =
    (await otherSecret(scheme, secret, (other) => fits(other, bytes))) ??
    (key === undefined ? scheme.badKey : await otherBody(bytes, (other) => fits(key, other))) ??
    "The secret is another one, or the body was changed after it was signed. Neither a stray space in the secret nor a usual change of the body explains it.";
  return { fits: false, findings: [reason, ...findings] };
}

function timeFindings(timestamp, received) {
  const apart = received - timestamp;
  if (Math.abs(apart) <= TOLERANCE) return [];
  return [
    apart > 0
      ? `The signed time is ${duration(apart)} before the receipt; receivers refuse more than 5 min. It was sent late, again, or replayed.`
      : `The signed time is ${duration(-apart)} after the receipt: the sender’s clock is ahead.`,
  ];
}

function keyOf(scheme, secret) {
  return scheme.key ? scheme.key(secret) : encoder.encode(secret);
}

/** Ways in which a right secret gets pasted or read wrongly. */
async function otherSecret(scheme, secret, fits) {
  const tries = [
    [secret.trim(), "The signature fits once the spaces around the secret are removed."],
    [secret.replace(/^["'](.*)["']$/s, "$1"), "The signature fits once the quotes around the secret are removed."],
  ];
  for (const [other, words] of tries) {
    if (other === secret) continue;
    const key = keyOf(scheme, other);
    if (key !== undefined && (await fits(key))) return words;
  }
  const bare = secret.trim().replace(/^whsec_/, "");
  const readings = [
    [encoder.encode(secret.trim()), "The sender used the secret as plain text, where this scheme decodes it as base64: wrong encoding."],
    [encoder.encode(bare), "The sender used the secret without its “whsec_”, as plain text: wrong encoding."],
    [fromBase64(bare), "The sender decoded the secret as base64, where this scheme uses it as plain text: wrong encoding."],
    [fromHex(bare), "The sender decoded the secret as hex: wrong encoding."],
  ];
  for (const [key, words] of readings) {
    if (key !== undefined && (await fits(key))) return words;
  }
  return undefined;
}

/** Changes that something between the sender and here, or a careless receiver, makes to a body. */
async function otherBody(bytes, fits) {
  const text = (() => {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      return undefined;
    }
  })();
  if (text === undefined) return undefined;
  const tries = [
    ["", "The signature is over an empty body."],
    [text.replace(/\r?\n$/, ""), "The body was altered: the signature is over the body without its final line break."],
    [`${text}\n`, "The body was altered: the signature is over the body with a final line break."],
    [text.replaceAll("\r\n", "\n"), "The body was altered: its line breaks were LF when it was signed."],
    [text.replaceAll(/\r?\n/g, "\r\n"), "The body was altered: its line breaks were CRLF when it was signed."],
    ...rewritten(text),
  ];
  for (const [other, words] of tries) {
    if (other !== text && (await fits(encoder.encode(other)))) return words;
  }
  return undefined;
}

/** The same JSON as other writers write it; nothing for what is no JSON. */
function rewritten(text) {
  if (text.length > MOST_REWRITTEN || isDeep(text)) return [];
  try {
    const json = JSON.parse(text);
    return [
      [JSON.stringify(json), "The body was altered: the signature is over the same JSON without spaces."],
      [JSON.stringify(json, null, 2), "The body was altered: the signature is over the same JSON indented by two."],
      [spaced(json), "The body was altered: the signature is over the same JSON with a space after each comma and colon."],
      [ascii(JSON.stringify(json)), "The body was altered: the signature is over the same JSON with escaped characters."],
    ];
  } catch {
    return [];
  }
}

/** Whether brackets nest deeper than JSON does that anybody signs: indented it would grow without end. */
function isDeep(text) {
  let depth = 0;
  for (const char of text) {
    if (char === "[" || char === "{") depth += 1;
    else if (char === "]" || char === "}") depth -= 1;
    if (depth > MOST_DEPTH) return true;
  }
  return false;
}

/** JSON as Python's json.dumps writes it. */
function spaced(value) {
  if (Array.isArray(value)) return `[${value.map(spaced).join(", ")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, inner]) => `${JSON.stringify(key)}: ${spaced(inner)}`)
    .join(", ")}}`;
}

function ascii(text) {
  return text.replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function wrongFormat(value, format) {
  if (format === "hex" && fromBase64(value) !== undefined) return "The signature is written in base64, where this scheme writes hex: wrong encoding.";
  if (format === "base64" && fromHex(value) !== undefined) return "The signature is written in hex, where this scheme writes base64: wrong encoding.";
  return `The signature is not ${format}.`;
}

function decodeSignature(value, format) {
  const bytes = format === "hex" ? fromHex(value) : fromHex(value) === undefined ? fromBase64(value) : undefined;
  return bytes !== undefined && bytes.length >= 20 ? bytes : undefined;
}

async function hmac(hash, key, data) {
  // WebCrypto refuses an empty key; HMAC pads with zeros anyway.
  const raw = key.length === 0 ? new Uint8Array(1) : key;
  const imported = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", imported, data));
}

function same(one, other) {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

function concat(one, other) {
  const all = new Uint8Array(one.length + other.length);
  all.set(one);
  all.set(other, one.length);
  return all;
}

function split(text, separator) {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

function fromHex(text) {
  if (!/^(?:[0-9a-f]{2})+$/i.test(text)) return undefined;
  return Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
}

function fromBase64(text) {
  try {
    const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    // atob forgives much; only what is written as base64 counts.
    return bytes.length > 0 && base64(bytes).replace(/=+$/, "") === text.replace(/=+$/, "") ? bytes : undefined;
  } catch {
    return undefined;
  }
}

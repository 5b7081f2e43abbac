// Whether a sender's signature fits a capture, and if not, why. Runs on WebCrypto; the secret goes nowhere. No DOM.

import { fromBase64 } from "./bytes.js";
import { SCHEMES, headerOf, signedBytes } from "./schemes.js";
import { duration } from "./text.js";

/** How far a signed time may be from the receipt, as all five senders advise. */
const TOLERANCE = 5 * 60_000;

/** A longer body is not written anew in other ways. */
const MOST_REWRITTEN = 1_000_000;
const MOST_DEPTH = 200;

const encoder = new TextEncoder();

/** Why this page can neither sign nor check; undefined where it can. */
export function noCryptography() {
  return globalThis.crypto?.subtle ? undefined : "Browsers offer cryptography only to pages opened over https or from this machine.";
}

/**
 * Checks one capture, by the `id` of a scheme or a scheme. The answer has `fits` and `findings`, sentences with the
 * reasons: what is wrong with the time, the header, the secret or the body. `url` is where it was sent to.
 */
export async function checkSignature(id, capture, bytes, secret, url = "") {
  const scheme = typeof id === "string" ? SCHEMES[id] : id;
  const findings = [];
  const unable = noCryptography();
  if (unable) return { fits: false, findings: [unable] };
  const header = headerOf(capture);
  if (!scheme.present.some((name) => header(name) !== undefined)) {
    return { fits: false, findings: [`The request has no ${scheme.present[0]} header: it was not signed this way.`] };
  }
  const signed = scheme.read(header, url, capture.method);
  if (signed.problem) return { fits: false, findings: [signed.problem] };

  const expected = signed.signatures.map((value) => decodeSignature(value, scheme.format));
  if (expected.every((value) => value === undefined)) {
    return { fits: false, findings: [wrongFormat(signed.signatures[0], scheme.format)] };
  }
  const other = otherHash(signed, expected);
  if (other) return { fits: false, findings: [other] };
  const fits = fitting(signed, expected.filter((value) => value !== undefined));

  if (signed.timestamp !== undefined) findings.push(...timeFindings(signed.timestamp, Date.parse(capture.receivedAt)));
  const late = findings.length > 0;
  const key = keyOf(scheme, secret);
  try {
    if (key !== undefined && (await fits(key, bytes))) {
      return late
        ? { fits: false, findings: ["Secret and body fit the signature, but the time does not.", ...findings] }
        : { fits: true, findings: ["Signed with this secret, and not a byte of the body was changed since."] };
    }
  } catch {
    return { fits: false, findings: [signed.hash === "Ed25519" ? "This browser cannot check Ed25519, or the key is not a public key." : "This browser cannot check it."] };
  }

  const reason =
    (signed.hash === "Ed25519" ? undefined : await otherSecret(scheme, secret, (other) => fits(other, bytes))) ??
    (key === undefined ? scheme.badKey : await otherBody(bytes, (other) => fits(key, other))) ??
    (scheme.present[0].startsWith("x-square") ? "The secret or the URL is another one, or the body was changed. Square signs the URL too, exactly as it was entered there." : undefined) ??
    "The secret is another one, or the body was changed after it was signed. Neither a stray space in the secret nor a usual change of the body explains it.";
  return { fits: false, findings: [reason, ...findings] };
}

const LENGTHS = { "SHA-1": 20, "SHA-256": 32, "SHA-512": 64 };

/** How long a signature is tells the hash: in words, where all are as long as those of another. */
function otherHash({ hash = "SHA-256" }, expected) {
  const found = expected.filter((value) => value !== undefined).map(({ length }) => Object.keys(LENGTHS).find((name) => LENGTHS[name] === length));
  if (hash === "Ed25519" || found.includes(hash) || found.includes(undefined)) return undefined;
  return `The signature is as long as one of ${found[0]}, where this scheme has ${hash}.`;
}

/** Whether a key and a body fit one of the signatures. */
function fitting({ hash = "SHA-256", before, after = "" }, signatures) {
  return async (key, body) => {
    const data = concat(concat(signedBytes(before), body), signedBytes(after));
    if (hash === "Ed25519") {
      const imported = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
      return crypto.subtle.verify("Ed25519", imported, signatures[0], data);
    }
    const mac = await hmac(hash, key, data);
    return signatures.some((value) => same(value, mac));
  };
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
  const plain = value.replaceAll("-", "+").replaceAll("_", "/");
  const bytes = format === "hex" ? fromHex(value) : fromHex(value) === undefined ? fromBase64(plain) : undefined;
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

function fromHex(text) {
  if (!/^(?:[0-9a-f]{2})+$/i.test(text)) return undefined;
  return Uint8Array.from(text.match(/../g), (pair) => parseInt(pair, 16));
}

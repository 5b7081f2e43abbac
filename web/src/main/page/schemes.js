// How senders sign: in which header, how it is written, and what is signed. No DOM.

import { fromBase64, latin1Bytes } from "./bytes.js";
import { headerValues } from "./headers.js";

/**
 * A scheme reads what was signed from the headers and the URL: `{signatures, before, after, timestamp, hash}`, or a
 * `problem` in words; the body stands between `before` and `after`. `format` is how a signature is written.
 */
export const SCHEMES = {
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
  discord: {
    name: "Discord (Ed25519)",
    present: ["x-signature-ed25519"],
    format: "hex",
    secret: "Public key",
    read(header) {
      const time = header("x-signature-timestamp");
      if (time === undefined) return { problem: "The x-signature-timestamp header is missing." };
      return { hash: "Ed25519", signatures: [header("x-signature-ed25519") ?? ""], timestamp: secondsOf(time), before: time };
    },
    key(secret) {
      const digits = secret.trim();
      return /^[0-9a-f]{64}$/i.test(digits) ? Uint8Array.from(digits.match(/../g), (pair) => Number.parseInt(pair, 16)) : undefined;
    },
    badKey: "A public key of Discord has 64 hex digits.",
  },
  dropbox: plain("Dropbox", "x-dropbox-signature", "hex"),
  linear: plain("Linear", "linear-signature", "hex"),
  paddle: {
    name: "Paddle",
    present: ["paddle-signature"],
    format: "hex",
    read(header) {
      const pairs = (header("paddle-signature") ?? "").split(";").map((pair) => split(pair.trim(), "="));
      const time = pairs.find(([name]) => name === "ts")?.[1];
      const signatures = pairs.filter(([name]) => name === "h1").map(([, value]) => value);
      if (!/^[0-9]+$/.test(time ?? "")) return { problem: "The paddle-signature header has no time (ts=…)." };
      if (signatures.length === 0) return { problem: "The paddle-signature header has no h1 signature." };
      return { signatures, timestamp: secondsOf(time), before: `${time}:` };
    },
  },
  razorpay: plain("Razorpay", "x-razorpay-signature", "hex"),
  square: {
    ...plain("Square", "x-square-hmacsha256-signature", "base64"),
    read(header, url) {
      return { signatures: [header("x-square-hmacsha256-signature") ?? ""], before: url };
    },
  },
  woocommerce: plain("WooCommerce", "x-wc-webhook-signature", "base64"),
  zendesk: {
    ...plain("Zendesk", "x-zendesk-webhook-signature", "base64"),
    read(header) {
      const time = header("x-zendesk-webhook-signature-timestamp");
      if (time === undefined) return { problem: "The x-zendesk-webhook-signature-timestamp header is missing." };
      const at = Date.parse(time);
      return { signatures: [header("x-zendesk-webhook-signature") ?? ""], timestamp: Number.isNaN(at) ? undefined : at, before: time };
    },
  },
  zoom: {
    name: "Zoom",
    present: ["x-zm-signature"],
    format: "hex",
    read(header) {
      const time = header("x-zm-request-timestamp");
      const [version, value] = split(header("x-zm-signature") ?? "", "=");
      if (!/^[0-9]+$/.test(time ?? "")) return { problem: "The x-zm-request-timestamp header is missing." };
      if (version !== "v0") return { problem: "The signature does not begin with “v0=”." };
      return { signatures: [value], timestamp: secondsOf(time), before: `v0:${time}:` };
    },
  },
};

/** One that signs nothing but the body. */
function plain(name, header, format) {
  return { name, present: [header], format, read: (valueOf) => ({ signatures: [valueOf(header) ?? ""], before: "" }) };
}

/** What a scheme of the reader's own is made of, at first. */
export const OWN = { header: "x-signature", hash: "SHA-256", format: "hex", prefix: "", template: "{body}" };
export const HASHES = ["SHA-1", "SHA-256", "SHA-512"];

/**
 * A scheme of the reader's own: any header with an HMAC, its prefix, and a template of what is signed. The header may hold
 * several pieces, as "t=1795510867,v1=…".
 */
export function ownScheme({ header, hash, format, prefix, template }) {
  const name = header.trim().toLowerCase();
  return {
    name: "Another",
    present: [name],
    format,
    read(valueOf, url, method = "") {
      const value = valueOf(name) ?? "";
      const pieces = value.split(/[,;\s]+/);
      const signatures = [value, ...pieces].filter((piece) => piece.startsWith(prefix)).map((piece) => piece.slice(prefix.length).trim());
      const time = timestampOf(valueOf) ?? pieces.map((piece) => /^(?:t|ts|time|timestamp)=(.+)$/i.exec(piece)?.[1]).find(Boolean);
      const known = { url, method, timestamp: time };
      if (signatures.length === 0) return { problem: `The signature does not begin with “${prefix}”.` };
      const [before, after, ...more] = template.split("{body}");
      if (after === undefined) return { problem: "The template names no {body}: then nothing says whether the body was changed." };
      if (more.length > 0) return { problem: "The template names {body} more than once." };
      const unknown = [];
      const filled = (text) =>
        text.replaceAll("\\n", "\n").replace(/\{([^{}]*)\}/g, (_, placeholder) => {
          const found = Object.hasOwn(known, placeholder) ? known[placeholder] : valueOf(placeholder.trim().toLowerCase());
          if (found === undefined) unknown.push(placeholder);
          return found ?? "";
        });
      const signed = { hash, signatures, before: filled(before), after: filled(after) };
      if (unknown.length > 0) return { problem: `The request has no header for {${unknown[0]}}.` };
      return template.includes("{timestamp}") ? { ...signed, timestamp: secondsOf(time) } : signed;
    },
  };
}

/** The header that is called a time: "x-acme-request-timestamp". */
function timestampOf(valueOf) {
  return valueOf(/timestamp$/);
}

/** Milliseconds of a time in seconds, or in milliseconds; undefined of another. */
function secondsOf(text) {
  if (!/^[0-9]{9,13}$/.test(text ?? "")) return undefined;
  return text.length > 10 ? Number(text) : Number(text) * 1_000;
}

/** The value of a header by its name, or by how its name ends. */
export function headerOf(capture) {
  return (name) => {
    if (typeof name === "string") return headerValues(capture, name)[0];
    return (capture.headers ?? []).find(([other]) => name.test(other.toLowerCase()))?.[1];
  };
}

export const schemes = Object.entries(SCHEMES).map(([id, { name }]) => ({ id, name }));

/** The scheme that the headers speak of, if any. */
export function detectScheme(capture) {
  return Object.keys(SCHEMES).find((id) => SCHEMES[id].present.some((name) => headerValues(capture, name).length > 0));
}

/** Text before and after a body as it is signed: a header holds bytes. */
export function signedBytes(text) {
  return /[^\u0000-\u00ff]/.test(text) ? new TextEncoder().encode(text) : latin1Bytes(text);
}

function split(text, separator) {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

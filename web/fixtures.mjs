#!/usr/bin/env node
// Makes a hook on a running Hookwell, sends it one request of each kind that the page shows in its own
// way, and prints where to look at them: web/fixtures.mjs [--url URL]. HOOKWELL_CREATION_KEY has the key
// where making a hook needs one.

import { createHmac, webcrypto } from "node:crypto";
import http from "node:http";
import https from "node:https";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";
import { sampleOf } from "./src/main/page/samples.js";

const SECRET = "whsec_fixtures";
const JSON_TYPE = { "Content-Type": "application/json" };
const PICTURE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAGAAAABAAgMAAACYWpqdAAAADFBMVEUfb+uey/8AAAD/0z28A7e+AAAAsElEQVR42tXUwQ2DMAwFUEsMwEiZAvXIKFmtS7BHLtxAv9A2jlN+VYuC1B64+CnE4eNI14mwR/4MvnpZBIcIgEGz1DESCCtgC/cFy5INtA+YFezWMNsrPOsYWE+2rwxthtkLIQO8oHUMdR4FrtVJLgXSWdAXmHZDFZOJ6nhoCozHw4c83kNUECfoV5y8oBGm1/nQptzz0bNgzX+S2PiTU2hfid0k6yTwKybg/Pvqd+AGK49B5jip+xcAAAAASUVORK5CYII=",
  "base64",
);

/** An event as Stripe sends it, signed. */
function stripe(type, object, secret = SECRET) {
  const seconds = Math.floor(Date.now() / 1_000);
  const data = { object: { id: `pi_${seconds}`, amount: 4_900, currency: "eur", ...object } };
  const body = JSON.stringify({ id: `evt_${type}`, object: "event", created: seconds, livemode: false, type, data }, null, 2);
  const mac = createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex");
  return { tail: "/pay/stripe", headers: { ...JSON_TYPE, "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)", "Stripe-Signature": `t=${seconds},v1=${mac}` }, body };
}

function multipart() {
  const boundary = "----fixtures";
  const part = (head, body) => Buffer.concat([Buffer.from(`--${boundary}\r\n${head}\r\n\r\n`), Buffer.from(body), Buffer.from("\r\n")]);
  const body = Buffer.concat([
    part('Content-Disposition: form-data; name="title"', "A sun"),
    part('Content-Disposition: form-data; name="file"; filename="sun.png"\r\nContent-Type: image/png', PICTURE),
    Buffer.from(`--${boundary}--\r\n`),
  ]);
  return { tail: "/upload", headers: { "Content-Type": `multipart/form-data; boundary=${boundary}` }, body };
}

function jwt() {
  const base64url = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const signed = `${base64url({ alg: "HS256", typ: "JWT" })}.${base64url({ iss: "https://login.example.com", sub: "mona", scope: "orders:read", iat: 1_790_000_000, exp: 1_790_003_600 })}`;
  return `${signed}.${createHmac("sha256", SECRET).update(signed).digest("base64url")}`;
}

/** JSON of exactly 1 MiB. */
function large() {
  const rows = Array.from({ length: 8_000 }, (_, n) => ({ n, sku: `A-${n % 97}`, price: (n * 37) % 10_000 / 100, inStock: n % 3 > 0 }));
  const text = JSON.stringify({ rows, padding: "" });
  return JSON.stringify({ rows, padding: "x".repeat(1_048_576 - text.length) });
}

/** What is sent, in this order. `method` is POST unless it says otherwise. */
async function requests() {
  globalThis.crypto ??= webcrypto;
  const github = await sampleOf("github", SECRET);
  const push = { tail: "/github", ...github, headers: { ...github.headers, "User-Agent": "GitHub-Hookshot/0aa1b2c" } };
  const slack = await sampleOf("slack", SECRET);
  const latin = Buffer.from("Stra\u00dfe;Gr\u00f6\u00dfe;Preis\nAllee;12;5,00 \u0080\n", "latin1");
  return [
    { method: "GET", tail: "/landing?utm_source=mail&tag=a&tag=b&empty=&q=caf%C3%A9+au%20lait", headers: { Cookie: "session=abc123; theme=dark", "Accept-Language": "de,en;q=0.8" } },
    { tail: "/empty" },
    { tail: "/handshake", headers: JSON_TYPE, body: '{"type":"url_verification","token":"t","challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P"}' },
    { tail: "/text", headers: { "Content-Type": "text/csv; charset=windows-1252" }, body: latin },
    { tail: "/text", headers: { "Content-Type": "application/vnd.orders; charset=windows-1252" }, body: latin },
    { tail: "/csv", headers: { "Content-Type": "text/csv" }, body: 'order,name,total\n17,"Lisa, Mona",49.00\n18,"He said ""hi""",7.50\n' },
    { tail: "/ndjson", headers: { "Content-Type": "application/x-ndjson" }, body: [1, 2, 3].map((n) => `${JSON.stringify({ n, level: n === 3 ? "error" : "info", message: `line ${n}` })}\n`).join("") },
    { tail: "/xml", headers: { "Content-Type": "application/xml" }, body: '<?xml version="1.0"?><order id="17"><!-- paid --><item sku="A-1">Tea &amp; cake</item><total currency="EUR">49.00</total></order>' },
    { tail: "/broken", headers: JSON_TYPE, body: '{"order": 17, "items": [1, 2,, "open}' },
    { tail: "/numbers", headers: JSON_TYPE, body: '{"id":12345678901234567890,"small":1e-400,"id":"twice","deep":[[[[[[{"a":null}]]]]]]}' },
    { tail: "/invisible", headers: JSON_TYPE, body: JSON.stringify({ user: "mona\u200b", file: "invoice\u202efdp.exe", name: "p\u0430ypal", gap: "a\u00a0b", bell: "\u0007" }) },
    { tail: "/jwt", headers: { ...JSON_TYPE, Authorization: `Bearer ${jwt()}` }, body: JSON.stringify({ id_token: jwt() }) },
    { tail: "/gzip", headers: { ...JSON_TYPE, "Content-Encoding": "gzip" }, body: gzipSync(JSON.stringify({ compressed: true, lines: Array(200).fill("the same again") })) },
    { tail: "/binary", headers: { "Content-Type": "application/octet-stream" }, body: Buffer.from(Array.from({ length: 1_024 }, (_, n) => n % 256)) },
    { tail: "/picture", headers: { "Content-Type": "image/png" }, body: PICTURE },
    multipart(),
    { tail: "/large", headers: JSON_TYPE, body: large() },
    { method: "HEAD", tail: "/health" },
    { method: "PUT", tail: "/orders/17%2Fa%20b/%E2%9C%93", headers: JSON_TYPE, body: '{"status":"packed"}' },
    { method: "DELETE", tail: "/orders/17" },
    { tail: "/form", headers: { "Content-Type": "application/x-www-form-urlencoded" }, body: new URLSearchParams({ payload: JSON.stringify({ type: "block_actions", user: { id: "U1", name: "mona" }, actions: [{ action_id: "approve", value: "17" }] }) }).toString() },
    { tail: "/slack", ...slack },
    stripe("payment_intent.created", { status: "requires_payment_method" }),
    stripe("payment_intent.succeeded", { status: "succeeded" }),
    stripe("payment_intent.payment_failed", { status: "requires_payment_method", last_payment_error: { code: "card_declined", decline_code: "insufficient_funds" } }),
    stripe("charge.refunded", { status: "succeeded", refunded: true }, "whsec_another"),
    push,
    push,
  ];
}

/** The answer's status and text. */
function call(url, { method = "POST", headers = {}, body = "" }) {
  return new Promise((resolve, reject) => {
    const length = method === "GET" || method === "HEAD" ? {} : { "Content-Length": Buffer.byteLength(body) };
    const request = (url.startsWith("https:") ? https : http).request(url, { method, headers: { ...headers, ...length } }, (answer) => {
      const chunks = [];
      answer.on("data", (chunk) => chunks.push(chunk));
      answer.on("error", reject);
      answer.on("end", () => resolve({ status: answer.statusCode, text: Buffer.concat(chunks).toString() }));
    });
    request.on("error", reject);
    request.end(body);
  });
}

async function main() {
  const { values } = parseArgs({ options: { url: { type: "string", default: "http://127.0.0.1:8080" } } });
  const key = process.env.HOOKWELL_CREATION_KEY;
  const made = await call(new URL("/api/hooks", values.url).href, { headers: { ...JSON_TYPE, ...(key ? { Authorization: `Bearer ${key}` } : {}) }, body: '{"expiresIn":"P1D"}' });
  if (made.status !== 201) {
    throw new Error(`no hook was made: ${made.status} ${made.text}`);
  }
  const hook = JSON.parse(made.text);
  const all = await requests();
  for (const request of all) {
    // Where it was made, whatever address it is found by from elsewhere.
    const answer = await call(new URL(`/h/${hook.id}${request.tail}`, values.url).href, request);
    if (answer.status !== 200) {
      throw new Error(`${request.method ?? "POST"} ${request.tail} was not kept: ${answer.status} ${answer.text}`);
    }
  }
  console.log(`${all.length} requests were sent; the secret of their signatures is ${SECRET}.`);
  console.log(hook.pageUrl);
}

main().catch((e) => {
  console.error(`fixtures: ${e.message}`);
  process.exitCode = 1;
});

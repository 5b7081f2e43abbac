import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { detectScheme, ownScheme } from "../../main/page/schemes.js";
import { checkSignature } from "../../main/page/signature.js";

const RECEIVED = "2026-11-24T09:00:00.000Z";
const SECONDS = Date.parse(RECEIVED) / 1000;
const bytes = (text) => new TextEncoder().encode(text);
const captureOf = (headers, receivedAt = RECEIVED) => ({ receivedAt, headers: Object.entries(headers) });
const mac = (key, text, encoding, hash = "sha256") => createHmac(hash, key).update(text).digest(encoding);

// Each sender's own published example.
const PUBLISHED = [
  {
    scheme: "github",
    secret: "It's a Secret to Everybody",
    body: "Hello, World!",
    capture: captureOf({ "x-hub-signature-256": "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17" }),
  },
  {
    scheme: "slack",
    secret: "8f742231b10e8888abcd99yyyzzz85a5",
    body: "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
    capture: captureOf(
      {
        "x-slack-request-timestamp": "1531420618",
        "x-slack-signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
      },
      "2018-07-12T18:37:00.000Z",
    ),
  },
  {
    scheme: "standard",
    secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    body: '{"test": 2432232314}',
    capture: captureOf(
      {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
      },
      "2021-02-25T15:02:12.000Z",
    ),
  },
];

for (const { scheme, secret, body, capture } of PUBLISHED) {
  test(`publishedExampleFits ${scheme}`, async () => {
    assert.equal(detectScheme(capture), scheme);
    assert.equal((await checkSignature(scheme, capture, bytes(body), secret)).fits, true);
    assert.equal((await checkSignature(scheme, capture, bytes(`${body} `), secret)).fits, false);
  });
}

const stripe = (time, body, secret, key = secret) => captureOf({ "stripe-signature": `t=${time},v1=${mac(key, `${time}.${body}`, "hex")},v0=00` });

test("stripeAndShopifyFit", async () => {
  const body = '{"id":"evt_1"}';
  assert.equal((await checkSignature("stripe", stripe(SECONDS, body, "whsec_abc"), bytes(body), "whsec_abc")).fits, true);
  const shopify = captureOf({ "x-shopify-hmac-sha256": mac("hush", body, "base64") });
  assert.equal(detectScheme(shopify), "shopify");
  assert.equal((await checkSignature("shopify", shopify, bytes(body), "hush")).fits, true);
});

test("oneOfSeveralSignaturesIsEnough", async () => {
  const rolled = captureOf({ "stripe-signature": `t=${SECONDS},v1=${"0".repeat(64)},v1=${mac("new", `${SECONDS}.{}`, "hex")}` });
  assert.equal((await checkSignature("stripe", rolled, bytes("{}"), "new")).fits, true);
});

async function reason(scheme, capture, body, secret) {
  const { fits, findings } = await checkSignature(scheme, capture, bytes(body), secret);
  assert.equal(fits, false);
  return findings.join(" ");
}

test("anOldTimestampIsNamed", async () => {
  const words = await reason("stripe", stripe(SECONDS - 3_600, "{}", "s"), "{}", "s");
  assert.match(words, /fit the signature, but the time does not/);
  assert.match(words, /1 h before the receipt/);
});

test("aClockAheadIsNamed", async () => {
  assert.match(await reason("stripe", stripe(SECONDS + 3_600, "{}", "s"), "{}", "s"), /clock is ahead/);
});

test("aWrongSecretIsNamed", async () => {
  assert.match(await reason("stripe", stripe(SECONDS, "{}", "s"), "{}", "other"), /secret is another one/);
});

test("aSecretWithSpacesIsNamed", async () => {
  assert.match(await reason("stripe", stripe(SECONDS, "{}", "s"), "{}", " s\n"), /spaces around the secret/);
});

test("aSecretWithSpacesIsNamedAlsoWhereItIsToBeBase64", async () => {
  const secret = `whsec_${Buffer.from("0123456789abcdef").toString("base64")}`;
  const sign = (key) => captureOf({ "webhook-id": "i", "webhook-timestamp": `${SECONDS}`, "webhook-signature": `v1,${mac(key, `i.${SECONDS}.{}`, "base64")}` });
  assert.match(await reason("standard", sign(Buffer.from("0123456789abcdef")), "{}", ` ${secret}`), /spaces around the secret/);
  assert.match(await reason("standard", sign("plain text!"), "{}", "plain text!"), /used the secret as plain text/);
});

test("anAlteredBodyIsNamed", async () => {
  const sign = (body) => captureOf({ "x-hub-signature-256": `sha256=${mac("s", body, "hex")}` });
  assert.match(await reason("github", sign('{"a":1}'), '{"a":1}\n', "s"), /without its final line break/);
  assert.match(await reason("github", sign('{"a":1,"b":"é"}'), '{ "a": 1, "b": "é" }', "s"), /same JSON without spaces/);
  assert.match(await reason("github", sign('{"a": [1, {"b": 2}]}'), '{"a":[1,{"b":2}]}', "s"), /space after each comma/);
  assert.match(await reason("github", sign("a\r\nb"), "a\nb", "s"), /CRLF/);
});

test("aWrongEncodingIsNamed", async () => {
  const body = "{}";
  assert.match(await reason("github", captureOf({ "x-hub-signature-256": `sha256=${mac("s", body, "base64")}` }), body, "s"), /base64, where this scheme writes hex/);
  assert.match(await reason("shopify", captureOf({ "x-shopify-hmac-sha256": mac("s", body, "hex") }), body, "s"), /hex, where this scheme writes base64/);
  const secret = Buffer.from("0123456789abcdef0123456789abcdef").toString("base64");
  const raw = captureOf({ "x-hub-signature-256": `sha256=${mac(Buffer.from(secret, "base64"), body, "hex")}` });
  assert.match(await reason("github", raw, body, secret), /decoded the secret as base64/);
  assert.match(await reason("standard", captureOf({ "webhook-id": "i", "webhook-timestamp": `${SECONDS}`, "webhook-signature": `v1,${mac("s", "x", "base64")}` }), body, "not base64!"), /not base64/);
});

test("missingAndBrokenHeadersAreNamed", async () => {
  assert.match(await reason("github", captureOf({}), "", "s"), /no x-hub-signature-256 header/);
  assert.match(await reason("stripe", captureOf({ "stripe-signature": "v1=00" }), "", "s"), /no time/);
  assert.match(await reason("slack", captureOf({ "x-slack-signature": "v0=00" }), "", "s"), /timestamp header is missing/);
  assert.match(await reason("standard", captureOf({ "webhook-signature": "v1,AA==" }), "", "s"), /webhook-id header is missing/);
  assert.match(await reason("github", captureOf({ "x-hub-signature-256": "sha256=zz" }), "", "s"), /not hex/);
  assert.equal(detectScheme(captureOf({ accept: "*/*" })), undefined);
});

test("aDeepBodyIsNoCrash", async () => {
  for (const body of ["[".repeat(400_000) + "]".repeat(400_000), "[".repeat(5_000) + "]".repeat(5_000)]) {
    assert.match(await reason("github", captureOf({ "x-hub-signature-256": `sha256=${mac("s", "x", "hex")}` }), body, "s"), /another one/);
  }
});

test("anEmptySecretIsNoCrash", async () => {
  assert.match(await reason("github", captureOf({ "x-hub-signature-256": `sha256=${mac("s", "", "hex")}` }), "", ""), /another one/);
});

const NOW = String(SECONDS);
const URL = "https://example.com/webhook";

// Square, Coinify and RFC 8032 (test 2) are published; others are made as their senders say.
for (const [scheme, secret, body, headers, url] of [
  ["square", "asdf1234", '{"hello":"world"}', { "x-square-hmacsha256-signature": "2kRE5qRU2tR+tBGlDwMEw2avJ7QM4ikPYD/PJ3bd9Og=" }, URL],
  ["woocommerce", "wc", "{}", { "x-wc-webhook-signature": mac("wc", "{}", "base64") }],
  ["razorpay", "rp", "{}", { "x-razorpay-signature": mac("rp", "{}", "hex") }],
  ["linear", "li", "{}", { "linear-signature": mac("li", "{}", "hex") }],
  ["dropbox", "db", "{}", { "x-dropbox-signature": mac("db", "{}", "hex") }],
  ["zendesk", "zd", "{}", { "x-zendesk-webhook-signature": mac("zd", `${RECEIVED}{}`, "base64"), "x-zendesk-webhook-signature-timestamp": RECEIVED }],
  ["paddle", "pd", "{}", { "paddle-signature": `ts=${NOW};h1=${mac("other", `${NOW}:{}`, "hex")};h1=${mac("pd", `${NOW}:{}`, "hex")}` }],
  ["zoom", "zm", "{}", { "x-zm-signature": `v0=${mac("zm", `v0:${NOW}:{}`, "hex")}`, "x-zm-request-timestamp": NOW }],
  [
    "discord",
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    "",
    {
      "x-signature-ed25519": "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
      "x-signature-timestamp": "r",
    },
  ],
]) {
  test(`${scheme} is known by its header, fits, and fits no other body`, async () => {
    const capture = captureOf(headers);
    assert.equal(detectScheme(capture), scheme);
    assert.deepEqual((await checkSignature(scheme, capture, bytes(body), secret, url)).fits, true);
    assert.equal((await checkSignature(scheme, capture, bytes(`${body}x`), secret, url)).fits, false);
    const other = scheme === "discord" ? "ab".repeat(32) : `${secret}x`;
    assert.equal((await checkSignature(scheme, capture, bytes(body), other, url)).fits, false);
  });
}

test("a URL that is not the one that Square has is said to be a reason", async () => {
  const capture = captureOf({ "x-square-hmacsha256-signature": "2kRE5qRU2tR+tBGlDwMEw2avJ7QM4ikPYD/PJ3bd9Og=" });
  assert.match((await checkSignature("square", capture, bytes('{"hello":"world"}'), "asdf1234", `${URL}/`)).findings[0], /Square signs the URL too/);
});

test("a public key that is none is said", async () => {
  const capture = captureOf({ "x-signature-ed25519": "ab".repeat(64), "x-signature-timestamp": "1" });
  assert.match((await checkSignature("discord", capture, bytes("{}"), "secret")).findings[0], /64 hex digits/);
});

test("any header with an HMAC is checked by a scheme of one's own", async () => {
  const check = async (headers, own, secret = "s", body = "{}") => {
    const scheme = ownScheme({ header: "X-Acme-Signature", hash: "SHA-256", format: "hex", prefix: "", template: "{body}", ...own });
    const { fits, findings } = await checkSignature(scheme, captureOf(headers), bytes(body), secret, URL);
    return fits || findings[0];
  };
  const sign = (text, encoding = "hex", hash = "sha256") => ({ "x-acme-signature": mac("s", text, encoding, hash) });
  assert.equal(
    await check({ "x-coinify-webhook-signature": "bcdbb89e3031905f3cc1a20d16b5f969a17a7d8fa0c26e4a807c2193402d66f4" }, { header: "x-coinify-webhook-signature" }, "my-shared-secret", '{"examplePayload":true}'),
    true,
  );
  assert.equal(await check(sign("{}", "hex", "sha1"), { hash: "SHA-1" }), true);
  assert.equal(await check(sign("{}", "base64", "sha512"), { hash: "SHA-512", format: "base64" }), true);
  assert.equal(await check({ "x-acme-signature": `sha256=${mac("s", "{}", "hex")}` }, { prefix: "sha256=" }), true);
  assert.equal(await check({ ...sign(`${NOW}.{}`), "x-acme-request-timestamp": NOW }, { template: "{timestamp}.{body}" }), true);
  assert.equal(await check({ ...sign(`POST\n${URL}\n{}\nid-1`), "x-request-id": "id-1" }, { template: "POST\\n{url}\\n{body}\\n{x-request-id}" }), true);
  assert.match(await check(sign("{}"), { prefix: "v1=" }), /does not begin with “v1=”/);
  assert.match(await check(sign("{}"), { template: "{timestamp}" }), /names no \{body\}/);
  assert.match(await check(sign("{}"), { template: "{body}{body}" }), /more than once/);
  assert.match(await check(sign("{}"), { template: "{x-id}.{body}" }), /no header for \{x-id\}/);
  assert.match(await check({}, {}), /no x-acme-signature header/);
  assert.match(await check({ ...sign("1.{}"), "x-acme-request-timestamp": "1700000000" }, { template: "{timestamp}.{body}" }), /The secret is another one/);
});

test("a header of pieces, base64 of addresses, the method and another hash are understood in a scheme of one's own", async () => {
  const check = async (value, own) => {
    const capture = { ...captureOf({ "x-acme-signature": value }), method: "PUT" };
    const { fits, findings } = await checkSignature(ownScheme({ header: "x-acme-signature", hash: "SHA-256", format: "hex", prefix: "", template: "{body}", ...own }), capture, bytes("{}"), "s", URL);
    return fits || findings[0];
  };
  const stamped = { prefix: "v1=", template: "{timestamp}.{body}" };
  assert.equal(await check(`t=${NOW},v1=${mac("old", `${NOW}.{}`, "hex")},v1=${mac("s", `${NOW}.{}`, "hex")}`, stamped), true);
  assert.equal(await check(`ts=${NOW}; v1=${mac("s", `${NOW}.{}`, "hex")}`, stamped), true);
  assert.match(await check(`t=1700000000,v1=${mac("s", "1700000000.{}", "hex")}`, stamped), /but the time does not/);
  assert.match(await check(`v1=${mac("s", "{}", "hex")}`, stamped), /no header for \{timestamp\}/);
  assert.equal(await check(`${mac("old", "{}", "hex")}, ${mac("s", "{}", "hex")}`, {}), true);
  for (const encoding of ["base64", "base64url"]) assert.equal(await check(mac("s", "{}", encoding), { format: "base64" }), true, encoding);
  assert.equal(await check(mac("s", `PUT${URL}{}`, "hex"), { template: "{method}{url}{body}" }), true);
  assert.equal(await check(mac("s", "{}", "hex"), { hash: "SHA-1" }), "The signature is as long as one of SHA-256, where this scheme has SHA-1.");
});

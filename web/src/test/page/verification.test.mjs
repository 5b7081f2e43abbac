import assert from "node:assert/strict";
import { test } from "node:test";
import { responseSentence, responseWords } from "../../main/page/response.js";
import { secretPlace, verification } from "../../main/page/verification.js";

const bytes = (text) => new TextEncoder().encode(text);

function found({ method = "POST", query = "", headers = [], body = "", response }) {
  return verification({ method, query, headers, response }, bytes(body));
}

test("a plain 200 is not spoken of", () => {
  assert.equal(responseWords({}), "");
  assert.equal(responseSentence({}), undefined);
});

test("a handshake is named, also one that this page does not know", () => {
  assert.equal(responseWords({ response: { status: 200, handshake: "slack" } }), "slack handshake");
  assert.match(responseSentence({ response: { status: 200, handshake: "slack" } }), /^Slack’s and Feishu’s test: it got back its challenge/);
  assert.equal(responseSentence({ response: { status: 200, handshake: "strava" } }), "Strava’s test: it got back hub.challenge as JSON. Status 200.");
  assert.match(responseSentence({ response: { status: 200, handshake: "constructor" } }), /handshake “constructor”/);
});

test("another status than 200 is said", () => {
  assert.equal(responseWords({ response: { status: 503, step: 1 } }), "503");
  assert.equal(responseWords({ response: { status: 200, step: 2 } }), "scripted 200");
  assert.equal(responseSentence({ response: { status: 503, step: 1 } }), "The sender got 503, as step 1 of the script says it.");
});

test("Amazon’s link is given with the host it should have", () => {
  const request = {
    headers: [["x-amz-sns-message-type", "SubscriptionConfirmation"]],
    body: JSON.stringify({ Type: "SubscriptionConfirmation", SubscribeURL: "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription" }),
  };
  const { link, host, text } = found(request);
  assert.equal(link, "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription");
  assert.equal(host, "amazonaws.com");
  assert.match(text, /never visits a link/);
  assert.equal(found({ ...request, headers: [["x-amz-sns-message-type", "Notification"]] }), undefined);
});

test("a validation link is given unless its code went back already", () => {
  const body = JSON.stringify([{ id: "1", data: { validationCode: "vc", validationUrl: "https://validate.test/1" } }]);
  assert.equal(found({ body }).link, "https://validate.test/1");
  assert.equal(found({ body: '{"validationUrl":"https://validate.test/2"}' }).link, "https://validate.test/2");
  assert.equal(found({ body, response: { status: 200, handshake: "event-grid" } }), undefined);
});

test("tokens are given to be pasted", () => {
  assert.match(found({ body: '{"verification_token":"secret_abc"}' }).title, /Notion/);
  assert.equal(found({ body: '{"verification_token":"secret_abc"}' }).token, "secret_abc");
  assert.match(found({ body: '{"verification_token":"t1","webhook_subscription_uuid":"u"}' }).text, /Gusto/);
  assert.equal(found({ body: '{"type":"hook.verify","code":17}' }).token, "17");
  const form = [["content-type", "application/x-www-form-urlencoded"]];
  assert.equal(found({ headers: form, body: "type=hook.verify&hook_id=1&code=abc" }).token, "abc");
});

test("what needs a secret or another status is not promised", () => {
  const tests = [
    ["X", { method: "GET", query: "crc_token=crc-7f31&nonce=1" }],
    ["eBay", { method: "GET", query: "challenge_code=cc-5d2f" }],
    ["Zoom", { body: '{"event":"endpoint.url_validation","payload":{"plainToken":"p"}}' }],
    ["Xero", { headers: [["x-xero-signature", "x"]], body: '{"events":[],"firstEventSequence":0,"lastEventSequence":0,"entropy":"r"}' }],
    ["Discord", { headers: [["x-signature-ed25519", "00"]], body: '{"type":1}' }],
    ["Discord", { headers: [["x-signature-ed25519", "00"]], body: '{"type":0}' }],
    ["Google Health", { body: '{"type":"verification"}' }],
    ["Feishu", { body: '{"encrypt":"aGVsbG8="}' }],
    ["Shopline", { body: '{"topic":"webhook/verification"}' }],
    ["VK", { body: '{"type":"confirmation","group_id":1}' }],
  ];
  for (const [sender, request] of tests) {
    const { title, text } = found(request);
    assert.ok(title.includes(sender), title);
    assert.match(text, /cannot pass by itself/, sender);
    assert.match(text, ["Shopline", "VK"].includes(sender) ? /“Response”.*\/s\// : /your own server/, sender);
  }
  assert.match(found({ method: "GET", query: "hub.mode=unsubscribe&hub.challenge=1" }).title, /unsubscribe/);
});

test("ordinary webhooks are left alone", () => {
  const others = [
    { method: "GET", query: "token=crc_token" },
    { method: "POST", query: "crc_token=x" },
    { body: '{"event":"meeting.started"}' },
    { headers: [["x-xero-signature", "x"]], body: '{"events":[{"id":1}]}' },
    { headers: [["x-signature-ed25519", "00"]], body: '{"type":2}' },
    { body: '{"type":"verification","id":7}' },
    { body: '{"encrypt":"x","other":1}' },
    { body: '{"verification_token":""}' },
    { body: "null" },
    { body: "not JSON" },
    { body: "[1,2]" },
  ];
  for (const request of others) assert.equal(found(request), undefined, JSON.stringify(request));
});

test("a secret is found where it stands", () => {
  assert.equal(secretPlace({ headers: [["X-Hook-Secret", "s"]] }), "headers");
  assert.equal(secretPlace({ headers: [] }, bytes('{"verification_token":"secret_abc"}')), "body");
  assert.equal(secretPlace({ headers: [] }, bytes('{"verification_token":"t1"}')), undefined);
  assert.equal(secretPlace({ headers: [] }), undefined);
});

test("a body of 64 KiB is looked at, and one a byte longer is not", () => {
  const body = '{"verification_token":"secret_abc"}';
  assert.equal(secretPlace({ headers: [] }, bytes(body.padEnd(65_536))), "body");
  assert.equal(secretPlace({ headers: [] }, bytes(body.padEnd(65_537))), undefined);
});

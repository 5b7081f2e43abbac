// How senders test a URL before they use it, and what is left for its owner to do. No DOM.

import { formPairs } from "./form.js";
import { headerValues } from "./headers.js";

/** A test is a small request: no more of a body is read. */
const MOST_BODY = 65_536;

/**
 * What the owner of the hook has to know or do about a request that tests it: `{title, text}`, with `link` or `token`
 * where one is to be visited or pasted, and the `host` it should have; undefined for any other request.
 */
export function verification(capture, bytes = new Uint8Array()) {
  if (capture.response?.handshake) return undefined;
  const request = { capture, fields: fieldsOf(capture, bytes), query: Object.fromEntries(formPairs(capture.query ?? "", 50)) };
  for (const look of [...VISITS, ...REFUSALS]) {
    const found = look(request);
    if (found) return found;
  }
  return undefined;
}

/** Where a request holds a secret that is not shown unasked: "headers" or "body"; undefined where it holds none. */
export function secretPlace(capture, bytes = new Uint8Array()) {
  if (header(capture, "x-hook-secret")) return "headers";
  const { verification_token: token } = fieldsOf(capture, bytes);
  return isText(token) && token.startsWith("secret_") ? "body" : undefined;
}

const VISITS = [
  ({ capture, fields }) =>
    header(capture, "x-amz-sns-message-type") === "SubscriptionConfirmation" && isText(fields.SubscribeURL)
      ? {
          title: "Amazon SNS waits for you to confirm",
          text: "Open this link within three days, and SNS begins to send. Hookwell never visits a link. Check first that it is SNS’s own: a sender can write what it likes.",
          link: fields.SubscribeURL,
          host: "amazonaws.com",
        }
      : undefined,
  ({ fields }) =>
    isText(fields.data?.validationUrl) || isText(fields.validationUrl)
      ? {
          title: "The sender waits for you to confirm",
          text: "Azure Event Grid wants this link opened within 10 minutes, Adobe I/O within 5. Hookwell never visits a link. Check first that it is the sender’s own.",
          link: fields.data?.validationUrl ?? fields.validationUrl,
        }
      : undefined,
  ({ fields: { verification_token: token } }) => {
    if (!isText(token)) return undefined;
    return token.startsWith("secret_")
      ? {
          title: "Notion sent its verification token",
          text: "Paste it in Notion, at the subscription’s “Verify”. It comes once, and is the key that signs what Notion sends later: keep it, and do not share this request.",
          token,
        }
      : {
          title: "The sender waits for its verification token",
          text: "Gusto and others want it back: call their “verify webhook subscription” with it. The hook cannot do that by itself.",
          token,
        };
  },
  ({ fields, query }) => {
    const { type, code } = isText(fields.type) ? fields : query;
    return type === "hook.verify" && (isText(code) || typeof code === "number")
      ? {
          title: "Podio waits for its code",
          text: "Call Podio’s “validate hook verification” with it. The hook cannot do that by itself.",
          token: String(code),
        }
      : undefined;
  },
];

/** Tests that want what a hook does not have, or may not say. */
const SERVER = (sender) => `Register your own server with ${sender}, and let it pass on to this URL what it gets.`;

/** Where one and the same response always passes. */
const SCRIPTED = (sender) => `Set it as the body under “Response”, and register the hook’s other URL, /s/, with ${sender}.`;

const REFUSALS = [
  ({ capture, query }) =>
    capture.method === "GET" && isText(query.crc_token) ? failed("X", "an HMAC of crc_token under your consumer secret") : undefined,
  ({ capture, query }) =>
    capture.method === "GET" && isText(query.challenge_code)
      ? failed("eBay", "a hash of challenge_code, your verification token and the URL")
      : undefined,
  ({ fields }) =>
    fields.event === "endpoint.url_validation" ? failed("Zoom", "an HMAC of plainToken under your secret token") : undefined,
  ({ capture, fields }) =>
    header(capture, "x-xero-signature") && Array.isArray(fields.events) && fields.events.length === 0
      ? failed("Xero", "401 for a wrong signature and 200 for a right one; this hook has no signing key and says 200 to both")
      : undefined,
  ({ capture, fields }) =>
    header(capture, "x-signature-ed25519") && (fields.type === 0 || fields.type === 1)
      ? failed("Discord", `${fields.type === 1 ? 'the JSON {"type":1}' : "status 204"}, and 401 where the signature does not fit your public key`)
      : undefined,
  ({ capture, fields }) =>
    capture.method === "POST" && fields.type === "verification" && Object.keys(fields).length === 1
      ? failed("Google Health", "status 201 with, and 401 without, the authorization that you gave it")
      : undefined,
  ({ fields }) =>
    isText(fields.encrypt) && Object.keys(fields).length === 1
      ? failed("Feishu", "its challenge decrypted by your encrypt key. Without an encrypt key it passes")
      : undefined,
  ({ fields }) => (fields.topic === "webhook/verification" ? failed("Shopline", "your app’s or merchant’s id in base64", SCRIPTED) : undefined),
  ({ fields }) =>
    fields.type === "confirmation" && fields.group_id !== undefined ? failed("VK", "the confirmation string of your group", SCRIPTED) : undefined,
  ({ capture, query }) =>
    capture.method === "GET" && query["hub.mode"] === "unsubscribe"
      ? {
          title: "A hub asks to unsubscribe",
          text: "It got the plain 200 and not its challenge, so the subscription goes on: a hook confirms no unsubscription by itself.",
        }
      : undefined,
];

function failed(sender, wanted, remedy = SERVER) {
  return {
    title: `This looks like ${sender}’s test of the URL, and it did not pass`,
    text: `${sender} wants back ${wanted}. It got the plain 200: this hook cannot pass by itself. ${remedy(sender)}`,
  };
}

/** The members of a JSON object or of the one object in an array, or the fields of a form. */
function fieldsOf(capture, bytes) {
  if (bytes.length === 0 || bytes.length > MOST_BODY) return {};
  const text = new TextDecoder().decode(bytes);
  try {
    const value = JSON.parse(text);
    const one = Array.isArray(value) && value.length === 1 ? value[0] : value;
    return one !== null && typeof one === "object" ? one : {};
  } catch {
    const [type] = headerValues(capture, "content-type");
    return /^application\/x-www-form-urlencoded\b/i.test(type ?? "") ? Object.fromEntries(formPairs(text, 50)) : {};
  }
}

function header(capture, name) {
  return headerValues(capture, name)[0];
}

function isText(value) {
  return typeof value === "string" && value !== "";
}

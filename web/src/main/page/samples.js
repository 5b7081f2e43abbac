// Sample events as GitHub, Stripe and Slack send them, signed with a secret that goes nowhere. No DOM.

const encoder = new TextEncoder();

/** By id: a name, and the request that a sender would make, for a `key` and a time in milliseconds. */
export const SAMPLES = {
  github: {
    name: "GitHub push",
    async of(sign) {
      const body = JSON.stringify(push());
      const headers = {
        "Content-Type": "application/json",
        "X-GitHub-Event": "push",
        "X-GitHub-Delivery": crypto.randomUUID(),
        "X-GitHub-Hook-ID": "292430182",
        "X-Hub-Signature-256": `sha256=${await sign(body)}`,
      };
      return { body, headers };
    },
  },
  stripe: {
    name: "Stripe event",
    async of(sign, now) {
      const seconds = Math.floor(now / 1_000);
      const body = JSON.stringify(invoice(seconds), null, 2);
      return { body, headers: { "Content-Type": "application/json; charset=utf-8", "Stripe-Signature": `t=${seconds},v1=${await sign(`${seconds}.${body}`)}` } };
    },
  },
  slack: {
    name: "Slack command",
    async of(sign, now) {
      const seconds = Math.floor(now / 1_000);
      const body = new URLSearchParams(command()).toString();
      return { body, headers: { "Content-Type": "application/x-www-form-urlencoded", "X-Slack-Request-Timestamp": String(seconds), "X-Slack-Signature": `v0=${await sign(`v0:${seconds}:${body}`)}` } };
    },
  },
};

/** `{body, headers}` of a sample, signed. */
export async function sampleOf(id, secret, now = Date.now()) {
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const sign = async (text) => {
    const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(text)));
    return [...mac].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };
  return SAMPLES[id].of(sign, now);
}

/** As many random letters and digits as ids of such senders have. */
function random(length) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  return [...crypto.getRandomValues(new Uint8Array(length))].map((byte) => letters[byte % letters.length]).join("");
}

function hex(length) {
  return [...crypto.getRandomValues(new Uint8Array(length / 2))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Without the addresses of pages in it: this page names no other host. */
function push() {
  const after = hex(40);
  const owner = { name: "octo-org", login: "octo-org", id: 21031067, type: "Organization" };
  const repository = { id: 186853002, name: "shop", full_name: "octo-org/shop", private: true, owner, default_branch: "main" };
  const author = { name: "Mona Lisa", email: "mona@example.com", username: "mona" };
  return {
    ref: "refs/heads/main",
    before: hex(40),
    after,
    repository,
    pusher: { name: "mona", email: "mona@example.com" },
    sender: { login: "mona", id: 21031067, type: "User" },
    created: false,
    deleted: false,
    forced: false,
    commits: [{ id: after, message: "Round totals to cents", timestamp: new Date().toISOString(), author, committer: author, added: [], removed: [], modified: ["src/totals.js"] }],
    head_commit: { id: after, message: "Round totals to cents" },
  };
}

function invoice(seconds) {
  const customer = `cus_${random(14)}`;
  return {
    id: `evt_${random(24)}`,
    object: "event",
    api_version: "2025-09-30.clover",
    created: seconds,
    data: { object: { id: `in_${random(24)}`, object: "invoice", amount_due: 4900, amount_paid: 0, attempt_count: 1, attempted: true, currency: "eur", customer, status: "open" } },
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    type: "invoice.payment_failed",
  };
}

function command() {
  return {
    token: random(24),
    team_id: "T0001",
    team_domain: "example",
    channel_id: "C2147483705",
    channel_name: "deploys",
    user_id: "U2147483697",
    user_name: "mona",
    command: "/deploy",
    text: "shop to production",
    api_app_id: "A123456",
    trigger_id: "13345224609.738474920.8088930838d88f008e0",
  };
}

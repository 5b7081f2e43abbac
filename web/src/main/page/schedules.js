// When known senders try again, as their documentation says it. No DOM. Read in September 2026.

/** By the name that the API gives a sender. */
const SCHEDULES = {
  GitHub: "GitHub tries nothing again by itself; somebody asks for it.",
  GitLab: "GitLab repeats no event. After four failures in a row it pauses the webhook for a minute, then for longer; after 40 for good.",
  Stripe: "Stripe tries again for up to three days, at growing gaps; in a sandbox three times in a few hours.",
  Slack: "Slack tries again three times: at once, after 1 minute, after 5 minutes. It waits 3 s for a response.",
  Shopify: "Shopify tries again eight times in four hours, then deletes the subscription. It waits 5 s for a response.",
  SendGrid: "SendGrid tries again at growing gaps for 24 hours.",
  Twilio: "Twilio tries again only where the URL’s fragment says so, and takes 429 for a failure like any other.",
  Mailgun: "Mailgun tries again after 5, 10 and 15 minutes, then after 1, 2 and 4 hours. Only 200 is a success to it; 406 stops it.",
  PayPal: "PayPal tries again up to 25 times in three days.",
  "Amazon SNS": "Amazon SNS tries again three times, 20 s apart, unless its delivery policy says otherwise.",
  Svix: "Svix tries again after 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 10 h.",
  "Standard Webhooks": "Standard Webhooks has senders try again for days, heed Retry-After, and stop at 410.",
  CloudEvents: "CloudEvents has senders heed the Retry-After of a 429, and stop at 410.",
};

/** When this sender tries again; undefined where that is not known. */
export function scheduleOf(sender) {
  return Object.hasOwn(SCHEDULES, sender ?? "") ? SCHEDULES[sender] : undefined;
}

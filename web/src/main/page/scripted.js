// A script of responses, in words, and scripts to begin with. No DOM.

import { count, moment } from "./text.js";

/** A delay or a time, as scripts write it: "PT3S", "PT2M". */
const ISO = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

const typed = (type, body) => ({ status: 200, headers: [["Content-Type", type]], body });

export const PRESETS = [
  { name: "Fail 3 times, then 200", steps: [{ status: 503, times: 3 }, { status: 200 }] },
  { name: "Down for 2 minutes", steps: [{ status: 503, for: "PT2M" }, { status: 200 }] },
  { name: "Fail 30 %", steps: [{ status: 500, percent: 30 }, { status: 200 }] },
  { name: "Slow, 3 seconds", steps: [{ status: 200, delay: "PT3S" }] },
  { name: "429 with Retry-After", steps: [{ status: 429, headers: [["Retry-After", "5"]] }] },
  ...[200, 204, 400, 401, 404, 410, 500, 503].map((status) => ({ name: String(status), steps: [{ status }] })),
  { name: "Plain text", steps: [typed("text/plain", "OK")] },
  { name: "JSON", steps: [typed("application/json", '{"ok":true}')] },
  { name: "XML", steps: [typed("text/xml", "<ok/>")] },
];

/** The way of senders' tests of the URL, as a script has it. */
export const HANDSHAKES = [
  { value: true, words: "are passed" },
  { value: "strava", words: "are passed, Meta’s as Strava wants it" },
  { value: false, words: "get the steps, as all requests" },
];

/** The reactions of real senders to these steps, worst first; empty where there are none. */
export function warnings(steps) {
  const some = (status) => steps.some((step) => step.status === status);
  return [
    some(410) && "410 ends a subscription at some senders, for good.",
    steps.some(fails) &&
      "A real sender that fails too often may switch its subscription off: GitLab pauses after 4 failures in a row, " +
        "Shopify deletes after 8, Onfleet disables after 300, RingCentral blacklists for ever.",
    some(429) && "Few senders heed Retry-After, and some take 429 for a failure like any other.",
    steps.some(isSlow) && "Many senders wait for 3 to 10 s, Shopify for 5 and Wix for 1.25, and take what is slower for a failure.",
    (some(502) || some(504)) && "Behind Cloudflare the sender of a 502 or 504 gets Cloudflare’s own page in place of the body.",
  ].filter(Boolean);
}

function fails({ status }) {
  return status >= 300;
}

/** From a second on; those of the server's that are shorter are written as PT0.5S. */
function isSlow({ delay = "PT0S" }) {
  return !/^PT0(?:\.\d+)?S$/.test(delay);
}

/**
 * The steps with one more. Only the last may be for all requests: a step that ends goes before it, another one for all
 * takes its place.
 */
export function withStep(steps, step) {
  const ending = steps.filter(ends);
  const open = [...steps, step].findLast((one) => !ends(one));
  return [...ending, ...(ends(step) ? [step] : []), ...(open ? [open] : [])];
}

/** Whether requests are left over after this step. */
export function ends({ times, for: time, until, percent }) {
  return [times, time, until, percent].some((end) => end !== undefined);
}

/** "2 minutes"; the text itself where it is another. */
function spelled(iso) {
  const parts = ISO.exec(iso);
  if (!parts) return iso;
  const [days, hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0));
  return [days && count(days, "day"), hours && count(hours, "hour"), minutes && count(minutes, "minute"), seconds && `${seconds} s`]
    .filter(Boolean)
    .join(" ");
}

/** "503, for 3 requests, after 2 s" */
export function stepWords({ status, headers = [], body, bodyBase64, delay, times, for: time, until, percent }) {
  const type = headers.find(([name]) => name.toLowerCase() === "content-type")?.[1];
  const others = headers.filter(([name]) => name.toLowerCase() !== "content-type");
  return [
    String(status),
    percent && `to ${percent} % of the requests`,
    times && `for ${count(times, "request")}`,
    time && `for ${spelled(time)}`,
    until && `until ${moment(Date.parse(until))}`,
    delay && `after ${spelled(delay)}`,
    (type || body || bodyBase64) && `with ${type ?? "a body"}`,
    ...others.map(([name, value]) => `${name}: ${value}`),
  ]
    .filter(Boolean)
    .join(", ");
}

/** The response to the next request, in a sentence. */
export function nextWords({ steps, next }) {
  if (steps.length === 0) return "The next request gets the plain response: 200 and the capture’s id.";
  const chances = next.chances.map(({ status, percent }) => `${status} with a chance of ${percent} %, else `).join("");
  const left = leftWords(next.left);
  const until = next.until ? `, as all do until ${moment(Date.parse(next.until))}` : "";
  return `The next request gets ${chances}${next.step ? next.status : "the plain 200"}${left}${until}.`;
}

function leftWords(left) {
  switch (left) {
    case undefined:
      return "";
    case 1:
      return ", the last time";
    case 2:
      return ", and so does the one after it";
    default:
      return `, and so do the ${left - 1} after it`;
  }
}

/** When failures, or delays, end by themselves. */
export function endWords(end, now) {
  return now < end
    ? `Failing ends by itself ${moment(end)}.`
    : `Failing ended by itself ${moment(end)}: such steps are passed over until it is started again.`;
}

/** `{step}` of the form's fields, or `{fault}`. Limits are the server's to check. */
export function stepOf({ status, end, times, for: seconds, until, percent, delay, type, body, headers = "" }, now) {
  const written = headers.split("\n").filter((line) => line.trim() !== "");
  const pairs = written.map((line) => line.split(/:(.*)/s).slice(0, 2).map((part) => part.trim()));
  const wrong = written.find((_, index) => !pairs[index][0] || !pairs[index][1]);
  if (wrong !== undefined) return { fault: `A header is written as name: value. “${wrong.trim()}” is not.` };
  if (end === "until" && !(Date.parse(until) > now)) return { fault: "The time has to be in the future." };
  const step = { status: Number(status) };
  if (end === "times") step.times = Number(times);
  if (end === "for") step.for = `PT${Number(seconds)}S`;
  if (end === "until") step.until = new Date(until).toISOString();
  if (end === "percent") step.percent = Number(percent);
  if (Number(delay) > 0) step.delay = `PT${Number(delay)}S`;
  if (body) step.body = body;
  const all = [...(type && body ? [["Content-Type", type]] : []), ...pairs];
  if (all.length > 0) step.headers = all;
  return { step };
}

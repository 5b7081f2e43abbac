// What a script of responses says, in words, and scripts to begin with. No DOM.

import { count } from "./text.js";

/** A delay or a time, as scripts write it: "PT3S", "PT2M". */
const ISO = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

const typed = (type, body) => ({ status: 200, headers: [["Content-Type", type]], body });

/** `fails` where a sender may switch its subscription off for it. */
export const PRESETS = [
  { name: "Fail 3 times, then 200", steps: [{ status: 503, times: 3 }, { status: 200 }], fails: true },
  { name: "Down for 2 minutes", steps: [{ status: 503, for: "PT2M" }, { status: 200 }], fails: true },
  { name: "Fail 30 %", steps: [{ status: 500, percent: 30 }, { status: 200 }], fails: true },
  { name: "Slow, 3 seconds", steps: [{ status: 200, delay: "PT3S" }] },
  { name: "429 with Retry-After", steps: [{ status: 429, headers: [["Retry-After", "5"]] }], fails: true },
  ...[204, 400, 401, 404, 410, 500, 503].map((status) => ({ name: String(status), steps: [{ status }], fails: status >= 400 })),
  { name: "Plain text", steps: [typed("text/plain", "OK")] },
  { name: "JSON", steps: [typed("application/json", '{"ok":true}')] },
  { name: "XML", steps: [typed("application/xml", "<ok/>")] },
];

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
    until && `until ${until}`,
    delay && `after ${spelled(delay)}`,
    (type || body || bodyBase64) && `with ${type ?? "a body"}`,
    ...others.map(([name, value]) => `${name}: ${value}`),
  ]
    .filter(Boolean)
    .join(", ");
}

/** What the next request gets, in a sentence. */
export function nextWords({ steps, next }) {
  if (steps.length === 0) return "The next request gets the plain response: 200 and the capture’s id.";
  const chances = next.chances.map(({ status, percent }) => `${status} with a chance of ${percent} %, else `).join("");
  const left = leftWords(next.left);
  const until = next.until ? `, as all do until ${next.until}` : "";
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

/** `{step}` of what was written into the form's fields, or `{fault}`. Limits are the server's to check. */
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

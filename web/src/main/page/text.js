// How things are worded: sizes, ages, counts and shell lines. No DOM.

const NUMBER = new Intl.NumberFormat("en");

export function count(number, singular, plural = `${singular}s`) {
  return `${NUMBER.format(number)} ${number === 1 ? singular : plural}`;
}

export function whole(number) {
  return NUMBER.format(number);
}

/** Bytes for people: 0 B, 873 B, 5.1 MB. Decimal units, as file managers and browsers show them. */
export function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  const units = ["kB", "MB", "GB"];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** A limit in the binary units it was set in: 4 MiB. */
export function limit(bytes) {
  if (bytes % 1048576 === 0) return `${bytes / 1048576} MiB`;
  if (bytes % 1024 === 0) return `${bytes / 1024} KiB`;
  return count(bytes, "byte");
}

/** How long ago, in at most three characters and a unit. */
export function age(then, now) {
  const seconds = Math.max(0, Math.floor((now - then) / 1000));
  if (seconds < 2) return "now";
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86400)} d`;
}

export function duration(milliseconds) {
  if (milliseconds < 1000) return `${Math.max(0, Math.round(milliseconds))} ms`;
  if (milliseconds < 60000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return age(0, milliseconds);
}

export function day(time) {
  return new Date(time).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
}

/** The time of day in seconds, with the day where it is not today's. */
export function clock(time, now) {
  const date = new Date(time);
  const today = date.toDateString() === new Date(now).toDateString();
  return date.toLocaleString("en-GB", {
    ...(today ? { second: "2-digit" } : { day: "numeric", month: "short" }),
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
}

export function moment(time) {
  return new Date(time).toLocaleString("en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
    hourCycle: "h23",
    timeZoneName: "short",
  });
}

/**
 * A word for a POSIX shell, and for fish, which knows a backslash in single quotes. Only what can never mean anything to
 * one is left bare.
 */
export function shellWord(text) {
  return /^[A-Za-z0-9_\-.,:\/@%+=]+$/.test(text) && !text.startsWith("=")
    ? text
    : `'${text.replace(/'|\\(?=['\\]|$)/g, (char) => `'\\${char}'`)}'`;
}

export const METHODS = ["GET", "POST", "PUT", "DELETE"];

/** The line that sends a first request to `url`. */
export function exampleCurl(method, url) {
  const json = [`-H 'content-type: application/json'`, `-d '{"hello":"world"}'`];
  const words = {
    GET: [`curl ${shellWord(`${url}?hello=world`)}`],
    POST: [`curl ${shellWord(url)}`, ...json],
    PUT: [`curl -X PUT ${shellWord(url)}`, ...json],
    DELETE: [`curl -X DELETE ${shellWord(url)}`],
  };
  return words[method].join(" \\\n  ");
}

/** What the sender added to the hook's own path, by either of its URLs: "/orders/17" of "/h/{id}/orders/17". */
export function pathTail(path) {
  const tail = /^\/[hs]\/[^/]*(.*)$/s.exec(path);
  return tail ? tail[1] || "/" : path;
}

/** "P7D" as "7 days", "PT12H" as "12 hours"; undefined for what is no plain ISO 8601 duration. */
export function durationWords(iso) {
  const found = /^P(?:(\d+)D|T(\d+)H|T(\d+)M)$/.exec(iso ?? "");
  if (!found) return undefined;
  const [, days, hours, minutes] = found;
  if (days) return count(Number(days), "day");
  if (hours) return Number(hours) % 24 === 0 ? count(Number(hours) / 24, "day") : count(Number(hours), "hour");
  return count(Number(minutes), "minute");
}

/**
 * What the page says about its own eyes: `tone` for the dot, `title` in a word or two, `detail` in a sentence.
 * `state` is the poller's; `shown` counts the captures on the screen.
 */
export function statusWords(state, { shown, now, online = true, hook = {} }) {
  const held = `${count(shown, "request")} kept on this screen`;
  switch (state.kind) {
    case "live": {
      const left = state.nextAt === undefined ? undefined : Math.ceil((state.nextAt - now) / 1000);
      if (left === undefined) return { tone: "live", title: "Live", detail: "checking" };
      return { tone: "live", title: "Live", detail: left <= 1 ? "checking every second" : `next check in ${left} s` };
    }
    case "starting":
      return { tone: "quiet", title: "Connecting", detail: "" };
    case "offline":
      return online
        ? { tone: "warn", title: "Not reached", detail: `The server cannot be reached from here. ${held}` }
        : { tone: "warn", title: "Offline", detail: `This device has no network. ${held}` };
    case "delayed":
      return { tone: "warn", title: "Delayed", detail: delayWords(state) };
    case "busy": {
      const left = state.nextAt === undefined ? 0 : Math.max(0, Math.ceil((state.nextAt - now) / 1000));
      return { tone: "warn", title: "Slowed down", detail: `The server asked us to wait. Next check in ${left} s.` };
    }
    case "gone":
      return ended(state, hook, now);
    case "unknown":
      if (hook.deleted) return ended(state, hook, now);
      return {
        tone: "off",
        title: "No access",
        detail: "The key in this link does not open this URL, or the URL was never made here.",
      };
    case "unauthorised":
      return { tone: "off", title: "No access", detail: "The key in this link is missing or malformed." };
    default:
      return { tone: "warn", title: "Trouble", detail: state.problem?.detail ?? "The server refused to answer." };
  }
}

/** Only our own 503 knows what becomes of requests meanwhile: any other answer may come from anybody on the way. */
function delayWords({ status, problem }) {
  if (status === 503 && /store-unavailable$/.test(problem?.type ?? "")) {
    return "Requests are still being accepted and kept. Showing new ones is delayed.";
  }
  const answer = status === undefined ? "What was answered is not the server’s answer" : `The answer was ${status}`;
  return `${answer}. New requests are not shown until it answers again.`;
}

function ended(state, hook, now) {
  const expired = hook.expiresAt !== undefined && Date.parse(hook.expiresAt) <= now;
  if (hook.deleted || (!expired && /deleted/.test(state.problem?.type ?? ""))) {
    const until = hook.expiresAt ? ` until ${day(hook.expiresAt)}` : "";
    return {
      tone: "off",
      title: "Deleted",
      detail: `Everything it received is deleted. Senders still get 200${until}, but nothing they send is kept.`,
    };
  }
  if (!expired && /hook-expired/.test(state.problem?.type ?? "")) {
    return { tone: "off", title: "Expired", detail: "This URL’s time is over. Senders get 410, and what it received is deleted." };
  }
  return expired
    ? { tone: "off", title: "Expired", detail: `This URL ended on ${day(hook.expiresAt)}. Senders get 410, and what it received is deleted.` }
    : { tone: "off", title: "Ended", detail: state.problem?.detail ?? "This URL has expired, or was deleted by its owner." };
}

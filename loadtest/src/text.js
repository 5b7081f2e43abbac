import { isClean } from './audit.js';

/** Latency and rate as autocannon prints them, and the lag where it was measured. */
export function table({ requests, seconds, perSecond, latency, rate, errors, timeouts, lag }) {
  const lines = [
    row(['', '2.5 %', '50 %', '97.5 %', '99 %', 'avg', 'stdev', 'max']),
    row([
      'latency, ms',
      ...[
        latency.p2_5,
        latency.p50,
        latency.p97_5,
        latency.p99,
        latency.average,
        latency.stddev,
        latency.max,
      ].map(round),
    ]),
    `200s/s      ${Math.round(perSecond)} on average (least in a second ${rate.min}, most ${rate.max});` +
      ` ${requests} in ${seconds.toFixed(2)} s`,
  ];
  if (lag) {
    lines.push(
      `200 → readable, ms  ${lag.p50} at 50 %, ${lag.p97_5} at 97.5 %, ${lag.p99} at 99 %, ${lag.max} at most` +
        (lag.unseen ? `; ${lag.unseen} not seen after 10 s` : ''),
    );
  }
  if (errors || timeouts) {
    lines.push(`${errors} errors, ${timeouts} timeouts (each counted with the time it waited)`);
  }
  return lines.join('\n');
}

function row([name, ...values]) {
  return name.padEnd(12) + values.map((value) => String(value).padStart(9)).join('');
}

function round(value) {
  return value < 100 ? value.toFixed(1) : Math.round(value);
}

/** The verdict in one line. */
export function auditLine(result) {
  const found = [
    `${result.acknowledged} acknowledged`,
    `${result.read} read`,
    ...['lost', 'doubled', 'altered', 'foreign', 'holes', 'repeatedIds', 'miscounted', 'evictedUnread']
      .filter((name) => result[name] !== 0)
      .map((name) => `${result[name]} ${name}`),
    ...Object.entries(result.refused).map(([status, count]) => `${count} answered ${status}`),
  ];
  return `audit: ${isClean(result) ? 'clean' : 'FAILED'}: ${found.join(', ')}`;
}

/** How two servers that were loaded in turn compare, by the middle of the turns. */
export function comparison(url, pairs) {
  const middle = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
  const times = pairs.map(({ ours, other }) => ours.perSecond / other.perSecond);
  const all = times.map((value) => value.toFixed(2)).join(', ');
  const p99 = middle(pairs.map(({ ours }) => ours.latency.p99));
  const p50 = middle(pairs.map(({ other }) => other.latency.p50));
  return (
    `beside ${url}: ${middle(times).toFixed(2)} times its 200s/s (${all});` +
    ` 99 % within ${round(p99)} ms, its 50 % within ${round(p50)} ms`
  );
}

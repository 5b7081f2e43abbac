import { rename, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { audit, isClean } from './audit.js';
import { Hook } from './hook.js';
import { Ledger } from './ledger.js';
import { parse, USAGE, UsageError } from './options.js';
import { html } from './report.js';
import { spread } from './samples.js';
import { closedLoop, constantRate } from './senders.js';
import { auditLine, comparison, table } from './text.js';
import { Progress, Reader } from './watch.js';

const PROFILES = [
  { requests: 1000, connections: 100 },
  { requests: 2000, connections: 200 },
  { requests: 3000, connections: 300 },
];
const SHARES = [0.5, 0.8];
/** How often two servers are loaded in turn. */
const TURNS = 3;

/** The phases to run, in order; rate phases ask for the rate that closed reached. */
function plan(options) {
  const { connections, duration: seconds, requests } = options;
  const phases = {
    profiles: PROFILES.map((profile) => ({
      name: `${profile.requests} requests over ${profile.connections} connections`,
      send: (url, ledger) => closedLoop(url, ledger, profile),
    })),
    closed: Array(options.beside ? TURNS : 1).fill({
      name: `closed loop, ${connections} connections, ${requests ? `${requests} requests` : `${seconds} s`}`,
      send: (url, ledger) => closedLoop(url, ledger, { connections, requests, seconds }),
      isMaximum: true,
    }),
    rate: (options.rate ? [undefined] : SHARES).map((share) => ({
      name: share ? `${share * 100} % of the closed loop's rate, ${seconds} s` : `${options.rate}/s, ${seconds} s`,
      send: (url, ledger, maximum) =>
        constantRate(url, ledger, {
          rate: Math.max(1, Math.round(options.rate ?? share * maximum)),
          seconds,
          connections: Math.max(connections, 256),
        }),
      isRead: true,
    })),
  };
  const planned = options.phases.flatMap((phase) => phases[phase]);
  const isLost = !options.rate && !options.phases.includes('closed');
  if (options.phases.includes('rate') && isLost) {
    throw new UsageError('rate goes by what closed reaches: name closed too, or say --rate N');
  }
  return planned;
}

/** Runs one phase on a hook of its own and audits it. */
async function run(phase, options, maximum) {
  const hook = await Hook.create(options.url, options.key);
  const ledger = new Ledger(options.size);
  const progress = new Progress(hook, ledger, (point) => show(phase.name, point));
  const reader = phase.isRead ? new Reader(hook) : undefined;
  const sent = await phase.send(hook.url, ledger, maximum);
  const lags = reader ? await reader.stop(ledger) : [];
  const unseen = ledger.acknowledged.size - lags.length;
  const result = await audit(hook, ledger, options.patience);
  const points = await progress.stop();
  clear();
  return { name: phase.name, result, points, ...measures(sent, lags, unseen) };
}

/** Runs a phase on another server, of which nothing is read back. */
async function runBeside(phase, { beside, size }) {
  const sent = await phase.send(beside, new Ledger(size));
  if (sent.samples.count === 0) {
    throw new Error(`${beside} did not answer one POST with 200`);
  }
  return { name: `${phase.name}, on ${beside}`, ...measures(sent, [], 0) };
}

function measures({ samples, errors, timeouts }, lags, unseen) {
  const [p2_5, p50, p97_5, p99] = samples.percentiles([2.5, 50, 97.5, 99]);
  const all = samples.percentiles(Array.from({ length: 1000 }, (_, i) => i / 10 + 0.1));
  lags.sort((a, b) => a - b);
  const lag = (p) => lags[Math.max(0, Math.ceil(p * lags.length) - 1)];
  return {
    requests: samples.count,
    seconds: samples.seconds,
    perSecond: samples.count / (samples.seconds || 1),
    latency: { p2_5, p50, p97_5, p99, ...spread(all), max: samples.percentiles([100])[0] },
    rate: spread(samples.perSecond()),
    errors,
    timeouts,
    lag: lags.length ? { p50: lag(0.5), p97_5: lag(0.975), p99: lag(0.99), max: lags.at(-1), unseen } : undefined,
    percentiles: all,
    overTime: samples.overTime(),
  };
}

function show(name, { at, acknowledged, stored }) {
  if (process.stderr.isTTY) {
    process.stderr.write(
      `\r\x1b[K${name}: ${at.toFixed(1)} s, ${acknowledged} acknowledged, ${stored} stored`,
    );
  }
}

function clear() {
  if (process.stderr.isTTY) {
    process.stderr.write('\r\x1b[K');
  }
}

async function warmUp(options) {
  if (options.warmUp > 0) {
    const hook = await Hook.create(options.url, options.key);
    const ledger = new Ledger(options.size);
    console.log(`warming up for ${options.warmUp} s`);
    await closedLoop(hook.url, ledger, {
      connections: options.connections,
      seconds: options.warmUp,
    });
  }
}

async function main(args) {
  const options = parse(args, process.env);
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  const phases = plan(options);
  console.log(`${options.url}, bodies of ${options.size} bytes`);
  await warmUp(options);
  const results = [];
  const pairs = [];
  let maximum = 0;
  for (const phase of phases) {
    console.log(`\n${phase.name}`);
    const measured = await run(phase, options, maximum);
    maximum = phase.isMaximum ? measured.perSecond : maximum;
    console.log(table(measured));
    console.log(auditLine(measured.result));
    results.push(measured);
    if (options.beside && phase.isMaximum) {
      const other = await runBeside(phase, options);
      console.log(`\n${other.name}\n${table(other)}`);
      pairs.push({ ours: measured, other });
    }
  }
  if (pairs.length > 0) {
    console.log(`\n${comparison(options.beside, pairs)}`);
  }
  await report(options, results);
  return results.every(({ result }) => isClean(result)) ? 0 : 1;
}

async function report(options, results) {
  const folder = options.report ?? fileURLToPath(new URL('../report', import.meta.url));
  await mkdir(folder, { recursive: true });
  const run = { url: options.url, size: options.size, at: new Date().toISOString(), results };
  await write(path.join(folder, 'report.json'), JSON.stringify(run, null, 1));
  await write(path.join(folder, 'report.html'), html(run));
  console.log(`\nreport: ${path.join(folder, 'report.html')}`);
}

/** Whole or not at all. */
async function write(file, text) {
  await writeFile(`${file}.part`, text);
  await rename(`${file}.part`, file);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (e) {
  clear();
  const isUsage = e instanceof UsageError;
  console.error(`loadtest: ${isUsage ? e.message : reason(e)}${isUsage ? ' (see --help)' : ''}`);
  process.exitCode = 2;
}

/** What `fetch` says is in its cause. */
function reason(e) {
  return e.cause?.message ? `${e.message}: ${e.cause.message}` : e.message;
}

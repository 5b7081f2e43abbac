import { parseArgs } from 'node:util';

export const USAGE = `usage: loadtest/run [phase …] [option …]

Sends to a hook made for it, then reads everything back. Phases, by default all in this order:
  profiles   1000 requests over 100 connections, 2000 over 200, 3000 over 300
  closed     as fast as 100 connections answer, for 15 s
  rate       a constant rate, half and then four fifths of what closed reached, for 15 s each

  --url URL          the Hookwell, by default http://127.0.0.1:8080
  --duration S       seconds of closed and rate, by default 15
  --connections N    of closed, by default 100
  --requests N       ends closed after N requests instead
  --rate N           requests/s of rate, in place of the two shares
  --size BYTES       of a body, 64 to 4000000, by default 1024
  --warm-up S        seconds of load before the first phase, by default 5; 0 for none
  --patience S       how long the audit waits for the next capture to be stored, by default 120
  --beside URL       another server that answers POST with 200: closed is run on both in turn, three
                     times each, and compared
  --report FOLDER    for report.html and report.json, by default loadtest/report
  --remote           allows an address that isn't this machine: the load is real there, and costs
  --help

Where making a hook needs a creation key, HOOKWELL_CREATION_KEY has it.

Exits with 0 when every acknowledged request was found exactly once with its bytes, 1 when not,
2 when it could not be tried.`;

export const PHASES = ['profiles', 'closed', 'rate'];

/** A wrong command line; the message names what is wrong. */
export class UsageError extends Error {}

/** The command line, and what the environment adds to it, as an object; throws UsageError. */
export function parse(args, environment) {
  const { values, positionals } = read(args);
  if (values.help) {
    return { help: true };
  }
  const unknown = positionals.find((phase) => !PHASES.includes(phase));
  if (unknown !== undefined) {
    throw new UsageError(`there is no phase ${unknown}; there are ${PHASES.join(', ')}`);
  }
  const remote = values.remote ?? false;
  const phases = PHASES.filter((phase) => positionals.length === 0 || positionals.includes(phase));
  if (values.beside !== undefined && !phases.includes('closed')) {
    throw new UsageError('--beside compares what closed reaches: name closed too');
  }
  return {
    url: address('--url', values.url ?? 'http://127.0.0.1:8080', remote).origin,
    phases,
    beside: values.beside && address('--beside', values.beside, remote).href,
    duration: number('--duration', values.duration, 15, 1, 3600),
    connections: number('--connections', values.connections, 100, 1, 10000),
    requests: values.requests && number('--requests', values.requests, 0, 1, 1e8),
    rate: values.rate && number('--rate', values.rate, 0, 1, 1e6),
    size: number('--size', values.size, 1024, 64, 4000000),
    warmUp: number('--warm-up', values['warm-up'], 5, 0, 600),
    patience: number('--patience', values.patience, 120, 1, 3600),
    report: values.report,
    key: environment.HOOKWELL_CREATION_KEY,
  };
}

function read(args) {
  const text = { type: 'string' };
  const flag = { type: 'boolean' };
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        url: text,
        beside: text,
        duration: text,
        connections: text,
        requests: text,
        rate: text,
        size: text,
        'warm-up': text,
        patience: text,
        report: text,
        remote: flag,
        help: flag,
      },
    });
  } catch (e) {
    throw new UsageError(e.message);
  }
}

function number(name, text, otherwise, least, most) {
  if (text === undefined) {
    return otherwise;
  }
  const value = Number(text);
  if (!/^[0-9]+$/.test(text) || value < least || value > most) {
    throw new UsageError(`${name} is a whole number from ${least} to ${most}, not ${text}`);
  }
  return value;
}

function address(name, text, remote) {
  let url;
  try {
    url = new URL(text);
  } catch {
    throw new UsageError(`${name} is an address such as http://127.0.0.1:8080, not ${text}`);
  }
  if (!['http:', 'https:'].includes(url.protocol)) {
    throw new UsageError(`${name} begins with http:// or https://, not ${url.protocol}`);
  }
  if (!remote && !isLoopback(url.hostname)) {
    throw new UsageError(
      `${url.hostname} is not this machine: say --remote if you may put that load on it`,
    );
  }
  return url;
}

function isLoopback(host) {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

import http from 'node:http';
import https from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import autocannon from 'autocannon';
import { Samples } from './samples.js';

const HEADERS = { 'content-type': 'application/json', 'user-agent': 'hookwell-loadtest' };
const TIMEOUT_SECONDS = 30;
/** Bytes of bodies that wait for a connection of the constant rate. More are made when there is room. */
const MOST_WAITING = 64 * 1024 * 1024;

/**
 * As fast as the connections answer: each sends its next request when it has its answer. Ends
 * after `requests`, or after `seconds`. Latencies are those of the 200s, and of what timed out.
 */
export async function closedLoop(url, ledger, { connections, requests, seconds }) {
  const samples = new Samples();
  const running = autocannon({
    url,
    connections,
    ...(requests ? { amount: requests } : { duration: seconds }),
    timeout: TIMEOUT_SECONDS,
    requests: [
      {
        method: 'POST',
        headers: HEADERS,
        setupRequest(request, context) {
          context.number = ledger.begin();
          return { ...request, body: ledger.body(context.number) };
        },
        onResponse(status, body, context) {
          ledger.answered(context.number, status, body);
        },
      },
    ],
  });
  running.on('response', (client, status, bytes, milliseconds) => {
    if (status === 200) {
      samples.add(milliseconds);
    }
  });
  const { errors, timeouts } = await running;
  for (let i = 0; i < timeouts; i++) {
    samples.add(TIMEOUT_SECONDS * 1000);
  }
  return { samples, errors: errors - timeouts, timeouts };
}

/**
 * A request every 1/rate seconds, whatever happened to those before. Its latency counts from when
 * it was to be sent, so that a stall shows in all requests that it held up. How much a server that
 * falls behind is sent at once, when it goes on, is bounded.
 */
export async function constantRate(url, ledger, { rate, seconds, connections }) {
  const samples = new Samples();
  const transport = url.startsWith('https:') ? https : http;
  const agent = new transport.Agent({ keepAlive: true, maxSockets: connections });
  const total = Math.round(rate * seconds);
  const most = connections + Math.ceil(MOST_WAITING / ledger.size);
  const outcome = { errors: 0, timeouts: 0 };
  const open = new Set();
  const start = performance.now();
  for (let sent = 0; sent < total; ) {
    const due = Math.floor(((performance.now() - start) * rate) / 1000);
    const until = Math.min(total, due, sent + most - open.size);
    for (; sent < until; sent++) {
      const intended = start + (sent * 1000) / rate;
      const request = send(transport, agent, url, ledger)
        .then((status) => {
          if (status === 200) {
            samples.add(performance.now() - intended);
          }
        })
        .catch((e) => {
          if (e.message === 'timeout') {
            outcome.timeouts += 1;
            samples.add(performance.now() - intended);
          } else {
            outcome.errors += 1;
          }
        })
        .finally(() => open.delete(request));
      open.add(request);
    }
    await pause(1);
  }
  await Promise.all(open);
  agent.destroy();
  return { samples, ...outcome };
}

function send(transport, agent, url, ledger) {
  const number = ledger.begin();
  const body = ledger.body(number);
  return new Promise((resolve, reject) => {
    const request = transport.request(
      url,
      { method: 'POST', agent, headers: { ...HEADERS, 'content-length': Buffer.byteLength(body) } },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (part) => (text += part));
        response.on('error', reject);
        response.on('end', () => {
          ledger.answered(number, response.statusCode, text);
          resolve(response.statusCode);
        });
      },
    );
    request.setTimeout(TIMEOUT_SECONDS * 1000, () => request.destroy(new Error('timeout')));
    request.on('error', reject);
    request.end(body);
  });
}

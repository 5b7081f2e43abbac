import assert from 'node:assert/strict';
import http from 'node:http';
import test from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { Ledger } from '../src/ledger.js';
import { constantRate } from '../src/senders.js';

const SIZE = 512 * 1024;
const ROOM = (64 * 1024 * 1024) / SIZE;

test('a server that stands still is sent the rest when it goes on, and each counts from its own time', async (context) => {
  const ledger = new Ledger(SIZE);
  let begunMeanwhile;
  const goesOn = (async () => {
    // All are due after one second.
    await pause(1_500);
    while (ledger.attempts < ROOM + 2) {
      await pause(10);
    }
    begunMeanwhile = ledger.attempts;
  })();
  let received = 0;
  const server = http.createServer(async (request, response) => {
    request.resume();
    const id = `${received++}`.padStart(36, '0');
    await goesOn;
    response.end(JSON.stringify({ id }));
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  context.after(() => server.close());

  const { samples, errors, timeouts } = await constantRate(
    `http://127.0.0.1:${server.address().port}/`,
    ledger,
    { rate: 400, seconds: 1, connections: 2 },
  );

  assert.equal(begunMeanwhile, ROOM + 2);
  assert.equal(ledger.acknowledged.size, 400);
  assert.deepEqual([errors, timeouts], [0, 0]);
  const [least] = samples.percentiles([0]);
  assert.ok(least >= 500, `the last was to be sent after one second, and took ${least} ms`);
});

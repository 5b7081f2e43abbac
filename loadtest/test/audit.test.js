import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../src/loadtest.js', import.meta.url));

/** A server that keeps what the newest hook is sent in memory, and betrays in one way, or not at all. */
function server(betrayal = {}) {
  const captures = [];
  let received = 0;
  const answers = {
    'POST /api/hooks': () => {
      captures.length = 0;
      return [201, { id: 'hook', viewKey: 'key' }];
    },
    'GET /api/hooks/hook': () => {
      const stored = captures.length;
      const evicted = betrayal.evicted ?? 0;
      const counts = { stored, available: stored - evicted, evicted, deleted: 0 };
      return [200, { counts, firstSeq: evicted + 1 }];
    },
    'GET /api/hooks/hook/captures': (url) => {
      const after = Number(url.searchParams.get('after'));
      const floor = Math.max(after, betrayal.evicted ?? 0);
      const page = captures.filter(({ seq }) => seq > floor).slice(0, 500);
      const next = page.at(-1)?.seq ?? after;
      return [200, { captures: page, next, more: captures.some(({ seq }) => seq > next) }];
    },
    'POST /h/hook': (url, body) => {
      received += 1;
      const isTarget = received === 7;
      if (isTarget && betrayal.refuse) {
        return [503, {}];
      }
      const id = isTarget && betrayal.sameId ? captures[0].id : randomUUID();
      const text = isTarget && betrayal.alter ? body.replace('"n":', '"n": ') : body;
      if (!(isTarget && betrayal.lose)) {
        keep(id, text);
      }
      if (isTarget && betrayal.double) {
        keep(id, text);
      }
      if (isTarget && betrayal.recordTwice) {
        keep(randomUUID(), text);
      }
      if (isTarget && betrayal.garble) {
        return [200, { id: id.slice(1) }];
      }
      if (isTarget && betrayal.invent) {
        keep(randomUUID(), 'from nobody');
      }
      return [200, { id }];
    },
  };
  function keep(id, text) {
    const skip = received >= 7 && betrayal.hole ? 1 : 0;
    captures.push({
      seq: captures.length + 1 + skip,
      id,
      body: { size: text.length, encoding: 'utf-8', data: text },
    });
  }
  return http.createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => {
      const url = new URL(request.url, 'http://localhost');
      const [status, answer] = answers[`${request.method} ${url.pathname}`](url, body);
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer));
    });
  });
}

function run(...args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [MAIN, ...args]);
    let output = '';
    child.stdout.on('data', (part) => (output += part));
    child.stderr.on('data', (part) => (output += part));
    child.on('close', (code) => resolve({ code, output }));
  });
}

async function load(betrayal, ...args) {
  const folder = await mkdtemp(path.join(tmpdir(), 'hookwell-load'));
  const listening = server(betrayal);
  await new Promise((resolve) => listening.listen(0, '127.0.0.1', resolve));
  try {
    const url = `http://127.0.0.1:${listening.address().port}`;
    const result = await run('--url', url, '--report', folder, '--warm-up', '0', ...args);
    const report = await readFile(path.join(folder, 'report.json'), 'utf8').catch(() => '{}');
    return { ...result, report: JSON.parse(report) };
  } finally {
    listening.close();
    await rm(folder, { recursive: true });
  }
}

const FEW = ['closed', '--connections', '5', '--requests', '50'];

test('an honest server passes, and the report says the same', async () => {
  const { code, output, report } = await load({}, ...FEW);
  assert.equal(code, 0, output);
  assert.match(output, /audit: clean: 50 acknowledged, 50 read/);
  assert.equal(report.results[0].result.acknowledged, 50);
  assert.equal(report.results[0].requests, 50);
});

test('a constant rate is measured from when each request was to be sent', async () => {
  const { code, output, report } = await load({}, 'rate', '--rate', '100', '--duration', '1');
  assert.equal(code, 0, output);
  assert.equal(report.results[0].requests, 100);
  assert.ok(report.results[0].lag.p99 >= 0);
});

test('another server is loaded in turn, and compared', async () => {
  let received = 0;
  const other = http.createServer((request, response) => {
    received += 1;
    request.resume().on('end', () => response.end());
  });
  await new Promise((resolve) => other.listen(0, '127.0.0.1', resolve));
  try {
    const url = `http://127.0.0.1:${other.address().port}/any/path`;
    const { code, output, report } = await load({}, ...FEW, '--beside', url);
    assert.equal(code, 0, output);
    assert.equal(received, 150);
    assert.equal(report.results.length, 3);
    assert.match(output, /beside http:\S+\/any\/path: [0-9.]+ times its 200s\/s \(([0-9.]+(, )?){3}\)/);
  } finally {
    other.close();
  }
});

test('another server that never answers 200 is no reference', async () => {
  const other = http.createServer((request, response) => {
    response.writeHead(404);
    request.resume().on('end', () => response.end());
  });
  await new Promise((resolve) => other.listen(0, '127.0.0.1', resolve));
  try {
    const url = `http://127.0.0.1:${other.address().port}/`;
    const { code, output } = await load({}, ...FEW, '--beside', url);
    assert.equal(code, 2, output);
    assert.match(output, /did not answer one POST with 200/);
  } finally {
    other.close();
  }
});

const BETRAYALS = {
  double: /FAILED.* 1 doubled/,
  recordTwice: /FAILED.* 1 doubled/,
  garble: /FAILED.* 1 answered 200/,
  alter: /FAILED.* 1 altered/,
  sameId: /FAILED.* 1 repeatedIds/,
  invent: /FAILED.* 1 foreign/,
  hole: /FAILED.* 1 holes/,
};
for (const [betrayal, expected] of Object.entries(BETRAYALS)) {
  test(`a server that does this fails: ${betrayal}`, async () => {
    const { code, output } = await load({ [betrayal]: true }, ...FEW);
    assert.equal(code, 1, output);
    assert.match(output, expected);
  });
}

test('a request that was refused is told and is no loss', async () => {
  const { code, output } = await load({ refuse: true }, ...FEW);
  assert.equal(code, 0, output);
  assert.match(output, /audit: clean: 49 acknowledged, 49 read, 1 answered 503/);
});

test('what the quota evicted is not lost when it is counted', async () => {
  const { code, output } = await load({ evicted: 1 }, ...FEW, '--patience', '1');
  assert.equal(code, 0, output);
  assert.match(output, /audit: clean: 50 acknowledged, 49 read, 1 evictedUnread/);
});

test('one that is missing fails, also beside evicted ones', async () => {
  const { code, output } = await load({ lose: true, evicted: 3 }, ...FEW, '--patience', '1');
  assert.equal(code, 1, output);
  assert.match(output, /FAILED.* 1 lost/);
});

test('one that is missing fails', async () => {
  const { code, output } = await load({ lose: true }, ...FEW, '--patience', '1');
  assert.equal(code, 1, output);
  assert.match(output, /FAILED.* 1 lost/);
});

test('wrong command lines are named', async () => {
  const wrong = {
    '--url http://example.com': /example\.com is not this machine/,
    '--url ftp://127.0.0.1': /http:\/\/ or https:\/\//,
    '--url nonsense': /--url is an address/,
    '--beside http://example.com': /example\.com is not this machine/,
    'profiles --beside http://127.0.0.1:9': /--beside compares what closed reaches/,
    '--size 63': /--size is a whole number from 64/,
    '--size 4000001': /to 4000000/,
    '--duration x': /--duration/,
    '--bogus': /--bogus/,
    bogus: /no phase bogus/,
    rate: /name closed too, or say --rate/,
  };
  for (const [args, expected] of Object.entries(wrong)) {
    const { code, output } = await run(...args.split(' '));
    assert.equal(code, 2, args);
    assert.match(output, expected, args);
  }
  const { code, output } = await run('--url', 'http://127.0.0.1:9', 'closed', '--warm-up', '0');
  assert.equal(code, 2, output);
});

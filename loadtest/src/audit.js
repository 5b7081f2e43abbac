import { setTimeout as pause } from 'node:timers/promises';

/**
 * Reads a hook from its first capture to its last and compares with what was acknowledged.
 *
 * What the hook's quota evicted before it was read can't be compared: numbers that are left out
 * below the first one that the hook still has. As many acknowledged ones may be missing.
 *
 * @param patience seconds to wait for one more capture to be stored
 */
export async function audit(hook, ledger, patience) {
  const counts = await settled(hook, ledger.acknowledged.size, patience * 1000);
  const findings = { doubled: 0, altered: 0, foreign: 0 };
  const seen = new Set();
  const numbers = new Set();
  const gaps = [];
  let last = 0;
  for await (const capture of captures(hook)) {
    if (capture.seq !== last + 1) {
      gaps.push({ from: last + 1, to: capture.seq - 1 });
    }
    last = capture.seq;
    const number = ledger.numberOf(await textOf(hook, capture));
    if (seen.has(capture.id) || numbers.has(number)) {
      findings.doubled += 1;
    }
    seen.add(capture.id);
    if (number !== undefined) {
      numbers.add(number);
    }
    compare(ledger.acknowledged.get(capture.id), number, findings);
  }
  const missing = [...ledger.acknowledged.keys()].filter((id) => !seen.has(id));
  const after = await hook.counts();
  const isEvicted = (gap) => after.evicted > 0 && gap.to < after.firstSeq;
  const unread = gaps.filter(isEvicted).reduce((sum, { from, to }) => sum + to - from + 1, 0);
  return {
    attempts: ledger.attempts,
    acknowledged: ledger.acknowledged.size,
    repeatedIds: ledger.repeated.length,
    refused: ledger.refused,
    stored: counts.stored,
    read: seen.size,
    evictedUnread: unread,
    missing: missing.length,
    lost: Math.max(0, missing.length - unread),
    examples: missing.slice(0, 5),
    ...findings,
    holes: gaps.filter((gap) => !isEvicted(gap)).length,
    miscounted: after.stored - after.available - after.evicted - after.deleted,
  };
}

/** Whether the audit found what must be. */
export function isClean(result) {
  return (
    result.acknowledged > 0 &&
    // A 200 without an id that can be looked for.
    result.refused[200] === undefined &&
    result.lost === 0 &&
    result.repeatedIds === 0 &&
    result.doubled === 0 &&
    result.altered === 0 &&
    result.foreign === 0 &&
    result.holes === 0 &&
    result.miscounted === 0
  );
}

/** Waits until as much is stored as was acknowledged and nothing more comes. */
async function settled(hook, acknowledged, patience) {
  let counts = await hook.counts();
  let progress = Date.now();
  while (Date.now() - progress < (counts.stored < acknowledged ? patience : 1500)) {
    await pause(200);
    const now = await hook.counts();
    if (now.stored !== counts.stored) {
      progress = Date.now();
    }
    counts = now;
  }
  return counts;
}

async function* captures(hook) {
  let after = 0;
  for (;;) {
    const page = await hook.page(after, { body: true });
    yield* page.captures;
    after = page.next;
    if (!page.more) {
      return;
    }
  }
}

async function textOf(hook, capture) {
  const { data, encoding } = capture.body;
  if (data === undefined) {
    return (await hook.body(capture.id)).toString('latin1');
  }
  return encoding === 'base64' ? Buffer.from(data, 'base64').toString('latin1') : data;
}

function compare(acknowledged, number, findings) {
  if (acknowledged === undefined) {
    // The answer was lost or cut off; the request must still be one that was sent.
    findings.foreign += number === undefined ? 1 : 0;
  } else if (number !== acknowledged.number) {
    findings.altered += 1;
  }
}

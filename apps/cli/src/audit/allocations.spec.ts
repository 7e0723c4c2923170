import { START } from '#testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TestGateway } from '../../../gateway/test/support/gateway.js';
import { program } from '../program.js';

const claim = {
  ...{ allocationId: 'match-1', slot: 'local.m.1', sequence: 8, attempt: 2 },
  ...{ requestedBy: 'lobby', fleet: 'harbour', buildConfiguration: 'harbour-1' },
  ...{ requestedAt: START, acknowledgedAt: START + 20 },
};
const end = {
  ...{ sequence: 12, at: START + 60_000, by: 'Crashed', outcome: 'over' },
  reason: 'SIGSEGV\u001b[2J',
};
const index = {
  ...{ region: 'local', readTo: 90, readAt: START, lagEvents: 10, claims: 20, bytes: 1_048_576 },
  built: { at: START, events: 90, eventsPerSecond: 48_000 },
};

let gateway: TestGateway;
beforeEach(async () => void (gateway = await TestGateway.start()));
afterEach(() => gateway.close());

async function audit(...words: readonly string[]): Promise<string> {
  const printed: string[] = [];
  const typed = ['audit', ...words, '--api', gateway.url];
  await program((text) => printed.push(text)).parseAsync(typed, { from: 'user' });
  return printed.join('\n');
}

describe('berth audit allocations', () => {
  it('lists what the index knows, and how to go on', async () => {
    const asked = gateway.answer('indexedClaims', () => ({
      ...{
        status: 'claims',
        claims: [
          { ...claim, end },
          { ...claim, attempt: 1, end: null },
        ],
      },
      ...{ next: { requestedAt: START, sequence: 8 }, lagEvents: 0 },
    }));
    const words = ['--by', 'lobby', '--ended', 'Crashed', '--since', '2026-01-01', '--limit', '2'];
    const [headings, first, second, more] = (
      await audit('allocations', '--region', 'local', ...words)
    ).split('\n');
    expect(headings).toMatch(/^CLAIMED +ALLOCATION +SLOT +FLEET +BY +ENDED +BY EVENT +WHY$/);
    expect(first?.split(/ {2,}/)).toEqual([
      ...['2026-01-01T00:00:00.000Z', 'match-1 (attempt 2)', 'local.m.1', 'harbour', 'lobby'],
      ...['2026-01-01T00:01:00.000Z', 'Crashed', 'SIGSEGV\\u001b[2J'],
    ]);
    expect(second).toMatch(/match-1 .* lasts/);
    expect(more).toBe(`more: --after ${START}.8`);
    expect(asked).toEqual([
      {
        ...{ requestedBy: 'lobby', endedBy: 'Crashed', since: START },
        ...{ everyAttempt: false, limit: 2 },
      },
    ]);
  });

  it('says how far the index is behind', async () => {
    let lagEvents: number | null = 5_000;
    gateway.answer('indexedClaims', () => ({ status: 'claims', claims: [], lagEvents }));
    expect(await audit('allocations', '--region', 'local')).toContain('by 5000 events');
    lagEvents = null;
    expect(await audit('allocations', '--region', 'local')).toContain('nobody knows');
  });
});

describe('berth audit index', () => {
  it('shows the lag, the size, and the last rebuild', async () => {
    gateway.answer('indexState', () => ({ status: 'index', index: { ...index, building: null } }));
    const [, row] = (await audit('index')).split('\n');
    expect(row?.trim().split(/ {2,}/)).toEqual([
      ...['local', '90', '10', '20', '1.0 MiB', '2026-01-01T00:00:00.000Z', '48000'],
    ]);
  });

  it('--rebuild goes on until the new one is in use', async () => {
    const building = { readTo: 50, end: 100, events: 50, eventsPerSecond: 40_000 };
    gateway.answer('rebuildIndex', () => ({ status: 'index', index: { ...index, building } }));
    gateway.answer('indexState', () => ({
      ...{ status: 'index', index: { ...index, readTo: 100, lagEvents: 0, building: null } },
    }));
    const told = await audit('index', '--rebuild', 'local');
    expect(told).toContain('48000');
    expect(told).toMatch(/local +100 +0 +20/);
  });
});

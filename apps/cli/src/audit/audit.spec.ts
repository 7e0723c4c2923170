import { anEvent, past, START } from '#testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TestGateway } from '../../../gateway/test/support/gateway.js';
import { program } from '../program.js';

let gateway: TestGateway;
beforeEach(async () => void (gateway = await TestGateway.start()));
afterEach(() => gateway.close());

/** Runs a command; returns what it prints. */
async function audit(...words: readonly string[]): Promise<string> {
  const printed: string[] = [];
  const api = `http://127.0.0.1:${gateway.port}`;
  const all = ['audit', ...words, '--api', api];
  await program((text) => printed.push(text)).parseAsync(all, { from: 'user' });
  return printed.join('\n');
}

describe('berth audit allocation', () => {
  it('tells what happened by the time since the request', async () => {
    const evil = 'no such map\u001b[2J';
    const refused = anEvent('CallbackRefused', { at: START + 1_500, reason: evil });
    await gateway.record('local.a.1', [...past.awaiting, refused]);
    expect((await audit('allocation', 'match-1')).split('\n').map((line) => line.trim())).toEqual([
      'AFTER    SINCE 2026-01-01T00:00:00.000Z',
      '0.000 s  matchmaker asked in region local for any server, with 15 bytes',
      '0.000 s  attempt 1: slot local.a.1, chosen by allocator-1',
      '1.500 s  left after 1.5 s: CallbackRefused: no such map\\u001b[2J',
      'it was not served, and no refusal of it is kept',
      '',
      'found by reading the history: no auditor is running for this region',
    ]);
  });

  it('prints the same as JSON, and refuses an id that nobody knows', async () => {
    await gateway.record('local.a.1', past.live);
    const story = JSON.parse(await audit('allocation', 'match-1', '--json', '--region', 'local'));
    expect(story).toMatchObject({ allocationId: 'match-1', status: 'allocated' });
    await expect(audit('allocation', 'match-2')).rejects.toThrow('(unknown-allocation)');
  });
});

describe('berth audit why', () => {
  it('says what was recorded, and whether the log says the same', async () => {
    const grounds = { fitted: 3, alike: 3, process: 'ready' };
    const claim = anEvent('AllocationRequested', { grounds });
    await gateway.record('local.a.1', [...past.warm, claim]);
    expect((await audit('why', 'match-1')).split('\n').map((line) => line.trim())).toEqual([
      'match-1',
      'attempt 1   slot local.a.1, at 2026-01-01T00:00:00.000Z, sequence 3',
      'asked       by matchmaker, for any server',
      'recorded    3 fitted, 3 as good, its process was ready, by allocator-1',
      'recomputed  1 fitted, its process was ready',
      'these are   DIFFERENT, and nothing explains it',
      '3 fitted as recorded, 1 as recomputed',
    ]);
    const answer = JSON.parse(await audit('why', 'match-1', '--json'));
    expect(answer.choices).toMatchObject([{ verdict: 'different' }]);
  });
});

describe('berth audit who and actions', () => {
  const rows = (printed: string) => printed.split('\n').map((line) => line.split(/ {2,}/));

  it('list what was done, by whom and why, and what a token asked for', async () => {
    const drain = anEvent('DrainRequested', { by: 'ops: ann', reason: 'a\u0007 bell' });
    await gateway.record('local.a.1', [...past.cleared, drain]);
    const at = '2026-01-01T00:00:00.000Z';
    expect(rows(await audit('actions', '--region', 'local'))).toEqual([
      ['AT', 'BY', 'EVENT', 'OF', 'ALLOCATION', 'WHY'],
      [at, 'matchmaker', 'DeallocationRequested', 'local.a.1', 'match-1', 'the match is over'],
      [at, 'ops: ann', 'DrainRequested', 'local.a.1', 'a\\u0007 bell'],
    ]);
    const who = rows(await audit('who', 'matchmaker', '--region', 'local'));
    expect(who.map(([, , event]) => event)).toEqual([
      'EVENT',
      'AllocationRequested',
      'DeallocationRequested',
    ]);
    const first = await audit('actions', '--region', 'local', '--limit', '1');
    expect(first).toContain('more: --after 5');
    const rest = JSON.parse(await audit('actions', '--region', 'local', '--after', '5', '--json'));
    expect(rest).toMatchObject({ actions: [{ by: 'ops: ann' }] });
  });
});

describe('berth audit slot --at', () => {
  it('shows the slot as it was', async () => {
    const cleared = anEvent('SlotCleared', { at: START + 60_000 });
    const ended = anEvent('DeallocationRequested', { at: START + 50_000 });
    await gateway.record('local.a.1', [...past.live, ended, cleared]);
    const then = (at: string) => audit('slot', 'local.a.1', '--at', at);
    const live = await then('2026-01-01T00:00:49Z');
    expect(live).toMatch(/^STATE +allocated, live$/im);
    expect(live).toMatch(/^owner +a$/m);
    expect(live).toMatch(/^address +192.0.2.1:7777$/m);
    expect(live).toMatch(/^runs +harbour-1, process 4711 since 2026/m);
    expect(live).toMatch(/^asked by +matchmaker$/m);
    const over = await then('2026-01-01T00:00:50Z');
    expect(over).toMatch(/^since +2026-01-01T00:00:50.000Z: DeallocationRequested, by matchmaker/m);
    expect(await then('2026-02-01')).toMatch(/^state +available, cold$/m);
    expect(live).not.toContain('secret');
  });

  it('refuses a time before the slot', async () => {
    await gateway.record('local.a.1', past.warm);
    await expect(audit('slot', 'local.a.1', '--at', '2025-12-31')).rejects.toThrow('unknown-slot');
  });
});

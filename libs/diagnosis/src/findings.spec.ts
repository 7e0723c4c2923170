import { describe, expect, it } from '@jest/globals';
import { findingsOf, type Seen } from './findings.js';
import { isLost, type SeenRegion } from './seen.js';

const DAY_MS = 24 * 3_600_000;

const agent = {
  ...{ id: 'eu.m', slots: 2, statuses: { available: 2 }, lost: 0, hasStopped: false },
  ...{ disk: { freeBytes: 50e9, totalBytes: 100e9 }, loginLeftMs: 90 * DAY_MS },
};
const service: SeenRegion['services'][number] = {
  ...{ service: 'allocator', id: 'a', version: '1.0.0', startedAt: 1, waiting: 0 },
  ...{ notReadyBecause: null, server: { name: 'n1', version: '2.15.3' } },
  ...{ denied: null, clockAheadMs: -4, loginLeftMs: null as number | null },
};
const stream = {
  ...{ name: 'SLOTS_eu', messages: 1, bytes: 1, lastSequence: 1, lastAt: 1, leader: 'n1' },
  replicas: [{ server: 'n2', isCurrent: true, lag: 0 }],
};
const storage = { isSynced: true, storedBytes: 1e9, reservedBytes: 2e9, limitBytes: 50e9 };
const server = { monitor: 'http://n1:8222', storage };
const region = {
  ...{ region: 'eu', services: [service], streams: [stream] },
  ...{ missing: [] as string[], servers: [server] as SeenRegion['servers'] },
};
const storing = (change: Partial<typeof storage>) => ({
  regions: [{ ...region, servers: [{ ...server, storage: { ...storage, ...change } }] }],
});
const serving = (change: Partial<typeof service>) => ({
  regions: [{ ...region, services: [{ ...service, ...change }] }],
});
const fleet = {
  ...{ id: 'eu.harbour', size: null, revision: 1, allocated: 1, warm: 1, cold: 0 },
  ...{ buildConfiguration: null, atATime: 1, rollout: null, failing: [] },
};
const well: Seen = {
  ...{
    version: '1.0.0',
    ownVersion: '1.0.0',
    notReadyBecause: [],
    agents: [agent],
    fleets: [fleet],
    machines: [{ id: 'eu.m', beyond: 0, refused: null }],
    regions: [region],
  },
  failed: [],
};
const rollout = { ...{ buildConfiguration: 'a', version: 2, done: 1, changing: 0 }, waiting: 0 };

describe('The findings', () => {
  it('are empty if everything is well', () => {
    const { wrong, fine } = findingsOf(well);
    expect(wrong).toEqual([]);
    expect(fine).toHaveLength(19);
  });

  it('do not call a rollout stuck that goes on, or is done', () => {
    const going = { ...rollout, failed: 0, changing: 1, standsMs: 60_000 };
    const fleets = [going, { ...rollout, failed: 0 }].map((one) => ({ ...fleet, rollout: one }));
    const { wrong, fine } = findingsOf({ ...well, fleets });
    expect(wrong).toEqual([]);
    expect(fine).toContain('each rollout goes on');
  });

  it('do not count what an older gateway cannot tell', () => {
    const { wrong, fine } = findingsOf({
      ...well,
      regions: null,
      agents: [{ ...agent, disk: null, loginLeftMs: null }],
    });
    expect([wrong, fine.length]).toEqual([[], 9]);
  });

  it('do not call fine what no allocator tells', () => {
    const { wrong, fine } = findingsOf({ ...well, fleets: null, machines: null });
    expect([wrong.length, fine.length]).toEqual([1, 14]);
  });

  it('tell what nobody knows, and do not call it wrong', () => {
    const { wrong, unknown } = findingsOf({ ...well, regions: [{ ...region, servers: null }] });
    expect(wrong).toEqual([]);
    expect(unknown).toEqual([
      expect.objectContaining({ remedy: expect.stringContaining('NATS_MONITOR_URLS') }),
    ]);
  });

  it('tell agents that stopped in order from those that are lost', () => {
    const stopped = { ...agent, id: 'eu.n', lost: 2, hasStopped: true };
    const { wrong, fine } = findingsOf({ ...well, agents: [agent, stopped] });
    expect([wrong, fine]).toEqual([[], expect.arrayContaining(['stopped in order: eu.n'])]);
    const both = findingsOf({ ...well, agents: [{ ...agent, lost: 1 }, stopped] });
    expect(both.wrong.map(({ what }) => what)).toEqual(['lost agents: eu.m']);
    expect([agent, stopped, { ...agent, lost: 1 }].map(isLost)).toEqual([false, false, true]);
  });

  it.each<[string, Partial<Seen>]>([
    ['the gateway has version 0.9.0, this berth 1.0.0', { version: '0.9.0' }],
    ['the gateway is not ready: NATS is away', { notReadyBecause: ['NATS is away'] }],
    ['no allocator answers in some region', { fleets: null }],
    ['agents and slots are unknown at the moment', { agents: null }],
    ['no agent has slots', { agents: [] }],
    ['lost agents: eu.m', { agents: [{ ...agent, lost: 2 }] }],
    ['beyond their policies: eu.m', { machines: [{ id: 'eu.m', beyond: 1, refused: null }] }],
    [
      'beyond their policies: eu.m; eu.m.7: it may have 4 slots',
      {
        machines: [
          {
            id: 'eu.m',
            beyond: 0,
            refused: { slot: 'eu.m.7', reason: 'it may have 4 slots', at: 1 },
          },
        ],
      },
    ],
    [
      'games that fail: 1, eu.m.1 among them: no such file',
      { failed: [{ id: 'eu.m.1', check: 'start', reason: 'no such file' }] },
    ],
    [
      'the rollout has failed on slots of eu.harbour',
      { fleets: [{ ...fleet, rollout: { ...rollout, failed: 1 } }] },
    ],
    [
      'rollouts stand: eu.harbour (3 to go, 1.5 h)',
      {
        fleets: [
          {
            ...fleet,
            rollout: { ...rollout, waiting: 2, changing: 1, failed: 0, standsMs: 5.4e6 },
          },
        ],
      },
    ],
    ['the gateway has not answered in time: fleets, slots', { unanswered: ['fleets', 'slots'] }],
    [
      'allocators and gateways have different versions: 0.9.0, 1.0.0',
      { regions: [{ ...region, services: [service, { ...service, version: '0.9.0' }] }] },
    ],
    [
      'not ready: allocator eu a: the store is full',
      {
        regions: [{ ...region, services: [{ ...service, notReadyBecause: 'the store is full' }] }],
      },
    ],
    [
      'streams are behind: SLOTS_eu on n2 (7 operations)',
      {
        regions: [
          {
            ...region,
            streams: [{ ...stream, replicas: [{ server: 'n2', isCurrent: false, lag: 7 }] }],
          },
        ],
      },
    ],
    [
      'permissions are missing: NATS does not let a publish to b',
      serving({ denied: 'NATS does not let a publish to b' }),
    ],
    ['logins to NATS end: allocator eu a in 2 days', serving({ loginLeftMs: 2.5 * DAY_MS })],
    [
      'logins to NATS end: eu.m in 0 days, eu.n in 29 days',
      {
        agents: [
          { ...agent, id: 'eu.n', loginLeftMs: 29 * DAY_MS },
          { ...agent, loginLeftMs: 1 },
        ],
      },
    ],
    ["clocks differ from the log's: allocator eu a by 90.0 s", serving({ clockAheadMs: 90_000 })],
    ["clocks differ from the log's: allocator eu a by -2.5 s", serving({ clockAheadMs: -2_500 })],
    ['streams are missing: KEYS_eu', { regions: [{ ...region, missing: ['KEYS_eu'] }] }],
    ['a power cut loses events on: http://n1:8222', storing({ isSynced: false })],
    [
      'nats-servers do not tell how they store: http://n1:8222',
      { regions: [{ ...region, servers: [{ ...server, storage: null }] }] },
    ],
    [
      'nats-servers are nearly full: http://n1:8222 (1.0 stored, 46.0 reserved of 50.0 GB)',
      storing({ reservedBytes: 46e9 }),
    ],
    [
      'nats-servers are nearly full: http://n1:8222 (49.0 stored, 2.0 reserved of 50.0 GB)',
      storing({ storedBytes: 49e9 }),
    ],
    [
      'little room on the disks of: eu.m',
      { agents: [{ ...agent, disk: { freeBytes: 1e9, totalBytes: 100e9 } }] },
    ],
    ['full: eu.harbour', { fleets: [{ ...fleet, warm: 0 }] }],
  ])('include, with a remedy: %s', (what, change) => {
    const { wrong } = findingsOf({ ...well, ...change });
    expect(wrong.map((one) => one.what)).toEqual([what]);
    expect(wrong[0]?.remedy).toMatch(/\.$/);
  });
});

import { birthOf } from '#folder-lock';
import type { FleetSize } from '#fleet';
import {
  connectNats,
  ensureStream,
  fleetStreamConfig,
  JetStreamEventLog,
  NatsBus,
  slotStreamConfig,
} from '#jetstream';
import type { EventLog, Subscription } from '#kernel';
import { MemoryKeyStore, MemoryOutcomeStore, MemoryRequestQueue } from '#memory';
import { startNatsServer, type NatsServer } from '#nats-server';
import { EndpointServer } from '#rpc';
import { createLogger, SystemRandom, SystemClock } from '#service-runtime';
import { statusOf, type GameProcess, type SlotState } from '#slot';
import { someLimits, freePort } from '#testing';
import {
  fleetRecordCodec,
  sizeRequest,
  slotRecordCodec,
  slotsSubject,
  type SlotRecord,
} from '#wire';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent } from '../../../agent/src/agent.js';
import { HttpCallback } from '../../../agent/src/game/http-callback.js';
import { HostPorts } from '../../../agent/src/machine/ports.js';
import { DiskSlotFolder } from '../../../agent/src/machine/slot-folder.js';
import { GameRunner } from '../../../agent/src/process/game-runner.js';
import type { GameSettings } from '../../../agent/src/slot/game-settings.js';
import { TEST_GAME } from '../../../agent/test/support/game.js';
import { Allocator } from '../allocator.js';
import { aRequest } from '../../test/support/region.js';
import { settingsInMemory } from '../../test/support/settings-in-memory.js';

const region = 'eu';
const slots = ['1', '2', '3', '4'];
const clock = new SystemClock();
const random = new SystemRandom();
const logger = createLogger('test', 'silent');

/** All slots of the region as the log has them, and the callbacks that wait for a change. */
const states = new Map<string, SlotState>();
const waiting = new Set<() => void>();

let directory: string;
let server: NatsServer;
let connection: NatsConnection;
let bus: NatsBus;
let log: EventLog<SlotRecord>;
let allocator: Allocator;
let agent: Agent;
let endpointServer: EndpointServer;
let looking: Subscription;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'berth-fleets-'));
  server = await startNatsServer({ dataDirectory: join(directory, 'nats') });
  connection = await connectNats({ servers: server.url, name: 'fleets' });
  bus = new NatsBus(connection);
  const [stream, fleets] = [slotStreamConfig(region), fleetStreamConfig(region)];
  for (const config of [stream, fleets]) await ensureStream(connection, config);
  log = await JetStreamEventLog.open(connection, {
    stream: stream.name,
    codec: slotRecordCodec,
    clock,
  });
  const fleetLog = await JetStreamEventLog.open(connection, {
    stream: fleets.name,
    codec: fleetRecordCodec,
    clock,
  });
  const ports = {
    ...{ ...settingsInMemory(clock), log, fleets: fleetLog, bus, clock, random, logger },
    requests: new MemoryRequestQueue(clock),
    outcomes: new MemoryOutcomeStore(),
    keys: new MemoryKeyStore(),
  };
  allocator = new Allocator('allocator-1', region, ports);
  await allocator.start();
  endpointServer = new EndpointServer(bus, { clock, logger });
  allocator.serve(endpointServer);
  looking = await lookOn();
  agent = await startAgent();
});

afterAll(async () => {
  await agent.close('end');
  looking.close();
  endpointServer.close();
  allocator.stop();
  await connection.close();
  await server.kill();
  await rm(directory, { recursive: true, force: true });
});

function lookOn(): Promise<Subscription> {
  return log.watch(slotsSubject(region), {
    receive: (item) => {
      if (item.kind === 'recorded') states.set(item.subject, item.record.state);
      for (const look of waiting) look();
    },
  });
}

async function startAgent(): Promise<Agent> {
  const data = join(directory, 'agent');
  await mkdir(data);
  await writeFile(join(data, 'game.mjs'), TEST_GAME);
  const first = await freePort();
  const started = new Agent(
    { region, agent: 'pier', incarnation: 1 },
    { game: settings(join(data, 'game.mjs')), slots, onStop: 'end' },
    {
      eventLog: log,
      clock,
      random,
      bus,
      logger,
      processes: new GameRunner(data, clock),
      callback: new HttpCallback({ path: '/allocate', envelope: 'bare' }, clock),
      ports: new HostPorts({ first, last: Math.min(first + 100, 65_535) }),
      openFolder: (slot) => DiskSlotFolder.open(data, slot),
    },
  );
  await started.start();
  return started;
}

function settings(game: string): GameSettings {
  return {
    fleet: 'harbour',
    buildConfiguration: 'harbour-1',
    command: [process.execPath, game],
    environment: {},
    attributes: {},
    requiredAttributes: [],
    priority: 0,
    ip: '127.0.0.1',
    limits: someLimits({ callbackMs: 30_000, coldStartMs: 30_000 }),
    allowed: { own: 'game', executables: [], folders: [], mode: 0o660, unlimitedBecause: null },
    keepWarm: true,
    stopGraceMs: 2_000,
  };
}

const inPhase = (phase: 'warm' | 'cold') =>
  [...states.values()].filter(
    ({ value }) => typeof value === 'object' && 'available' in value && value.available === phase,
  );
const sessions = () => [...states.values()].filter((state) => statusOf(state) === 'allocated');

/**
 * Resolves when the log shows these numbers of slots: with a session, free and warm, free and cold.
 */
function until(...expected: readonly [allocated: number, warm: number, cold: number]) {
  return new Promise<void>((resolve) => {
    const look = () => {
      const found = [sessions(), inPhase('warm'), inPhase('cold')].map(({ length }) => length);
      if (found.join() !== expected.join()) return;
      waiting.delete(look);
      resolve();
    };
    waiting.add(look);
    look();
  });
}

const processesOf = (shown: readonly SlotState[]): readonly GameProcess[] =>
  shown.flatMap(({ context }) => context.process ?? []);

async function running(processes: readonly GameProcess[]): Promise<number> {
  const births = await Promise.all(processes.map(({ pid }) => birthOf(pid)));
  return births.filter((birth) => birth !== null).length;
}

const size = (to: FleetSize) =>
  allocator.fleets.size(sizeRequest.parse({ region, fleet: 'harbour', size: to }));

describe('a sized fleet of real games', () => {
  test('is warm ahead of demand, and scales to zero', async () => {
    await until(0, 4, 0);
    const before = processesOf(inPhase('warm'));
    expect(await running(before)).toBe(4);

    await size({ minAvailable: 0, max: 4, buffer: 1 });
    await until(0, 1, 3);
    expect(await running(before)).toBe(1);

    const request = aRequest('match-1', { payload: {}, timeoutMs: 60_000 });
    expect(await allocator.claims.allocate(request)).toMatchObject({ status: 'allocated' });
    await until(1, 1, 2);
    const playing = processesOf(sessions());
    const ahead = processesOf(inPhase('warm'));
    expect(await running([...playing, ...ahead])).toBe(2);

    await size({ minAvailable: 0, max: 1, buffer: 0 });
    await until(1, 0, 3);
    expect([await running(playing), await running(ahead)]).toEqual([1, 0]);
    expect(await allocator.claims.allocate(aRequest('match-2'))).toMatchObject({
      code: 'fleet-maximum',
      message: expect.stringContaining('fleet harbour is at its maximum of 1'),
    });

    const ended = { region, allocationId: 'match-1', reason: 'over', by: 'test' };
    expect(await allocator.deallocations.deallocate(ended)).toMatchObject({
      status: 'deallocated',
    });
    await until(0, 0, 4);
    expect(await running([...before, ...playing, ...ahead])).toBe(0);
  }, 120_000);
});

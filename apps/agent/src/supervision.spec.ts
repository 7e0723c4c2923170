import { birthOf } from '#folder-lock';
import type { Bus } from '#kernel';
import { MemoryBus, MemoryEventLog } from '#memory';
import { createLogger, SystemRandom, SystemClock } from '#service-runtime';
import type { SlotEvent, SlotState } from '#slot';
import { slotRecordCodec, slotSubject, type SlotRecord } from '#wire';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent } from './agent.js';
import { gameSettings } from './agent-settings.js';
import { readAgentConfig } from './config.js';
import { ConfiguredCallback } from './game/configured-callback.js';
import { GameLogs } from './logs/game-log.js';
import { HostPorts } from './machine/ports.js';
import { DiskSlotFolder } from './machine/slot-folder.js';
import { Observers } from './observers.js';
import { GameRunner } from './process/game-runner.js';
import type { GameSettings } from './slot/game-settings.js';
import { isLive, isWarm, TestRegion } from '../test/support/region.js';

const clock = new SystemClock();
const ref = { region: 'local', agent: 'pier', slot: '1' };
const ALLOCATED = `grep -q '"allocatedUUID":"[^"]' server.json 2>/dev/null`;
const until = (condition: string) => `until ${condition}; do sleep 0.02; done`;

/**
 * A game that listens on the address it is given. It answers SQP with the number of players in the
 * file `players` of its folder, or with whatever else the file holds. Without the file it is
 * silent.
 */
const QUERIED = `
const { readFileSync } = require('fs');
const [, address] = process.argv;
const socket = require('dgram').createSocket(address.includes(':') ? 'udp6' : 'udp4');
process.on('SIGABRT', () => process.exit(0));
socket.on('message', (packet, { port, address }) => {
  let said;
  try { said = readFileSync('players', 'utf8'); } catch { return; }
  const players = Number(said);
  if (isNaN(players)) return socket.send(said, port, address);
  if (packet[0] === 0) return socket.send(Buffer.from([0, 0, 0, 0, 9]), port, address);
  const head = [1, 0, 0, 0, 9, 0, 1, 0, 0, 0, 8, 0, 0, 0, 4];
  socket.send(Buffer.from([...head, 0, players, 0, 8]), port, address);
}).bind(Number(process.env.BERTH_QUERY_PORT), address);
`;

describe('An agent that supervises', () => {
  let data: string;
  let home: string;
  let log: MemoryEventLog<SlotRecord>;
  let bus: Bus;
  let region: TestRegion;
  let history: SlotEvent[];
  let agent: Agent;
  let observers: Observers;

  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), 'berth-supervision-'));
    home = join(data, '1');
    log = new MemoryEventLog(slotRecordCodec, { clock });
    bus = new MemoryBus(clock);
    history = [];
    await log.watch(slotSubject(ref), {
      receive: (item) => item.kind === 'recorded' && history.push(item.record.event),
    });
    region = await new TestRegion(log, bus, ref).open();
  });

  afterEach(async () => {
    observers.stop();
    await agent.close();
    const left = await new GameRunner(data, clock).find('1');
    await left?.stop(0);
    left?.release();
    region.close();
    await rm(data, { recursive: true, force: true });
  });

  async function start(command: readonly string[], changes: Partial<GameSettings> = {}) {
    const identity = { region: ref.region, agent: ref.agent, incarnation: 1 };
    const logger = createLogger('agent', 'silent');
    const logs = new GameLogs(data);
    const runner = new GameRunner(data, clock, logs);
    observers = new Observers(identity, { bus, clock, logger, logs, runner, slots: ['1'] });
    const first = await freePort();
    agent = new Agent(
      identity,
      { game: { ...settings(command), ...changes }, slots: ['1'], onStop: 'keep' },
      {
        eventLog: log,
        clock,
        random: new SystemRandom(),
        bus,
        logger,
        processes: runner,
        callback: new ConfiguredCallback(clock),
        ports: new HostPorts({ first, last: Math.min(first + 100, 65_535) }),
        openFolder: (slot) => DiskSlotFolder.open(data, slot),
        opened: (slot) => observers.watch.add(slot),
      },
    );
    await agent.start();
    observers.start();
  }

  const game = (script: string, changes?: Partial<GameSettings>) =>
    start(['/bin/sh', '-c', script], changes);
  const touch = (name: string, text = '') => writeFile(join(home, name), text);
  /** Waits for the text that the game writes to a file; the file appears complete. */
  async function written(name: string): Promise<string> {
    for (;;) {
      const text = await readFile(join(home, name), 'utf8').catch(() => null);
      if (text !== null) return text;
      await clock.sleep(20);
    }
  }

  const pidOf = ({ context }: SlotState) => context.process?.pid ?? 0;
  const types = () => history.map(({ type }) => type);
  const last = <Type extends SlotEvent['type']>(type: Type) =>
    history.findLast((event): event is Extract<SlotEvent, { type: Type }> => event.type === type);

  async function play(allocationId = 'match-1'): Promise<SlotState> {
    await region.until(isWarm);
    await region.claim(allocationId);
    return region.until(isLive);
  }

  it('serves a game that only reads server.json, and exits with 0', async () => {
    await game(`${until(ALLOCATED)}; ${until('[ -e end ]')}; rm end; exit 0`);
    await play();
    await touch('end');
    await region.until(isWarm);
    expect(types().slice(-4)).toEqual([
      'AllocationRequested',
      'CallbackAcked',
      'ExitedZero',
      'SlotCleared',
    ]);
    expect(last('SlotCleared')?.remark).toBe('');
    expect(JSON.parse(await readFile(join(home, 'server.json'), 'utf8')).allocatedUUID).toBe('');
  });

  it('passes on the listed variables of its environment, and no others', async () => {
    const command = ['/bin/sh', '-c', `env >new; mv new seen; ${until('[ -e end ]')}`];
    const config = readAgentConfig({
      BERTH_DATA: data,
      BERTH_COMMAND: JSON.stringify(command),
      BERTH_GAME_ENV: 'LD_LIBRARY_PATH,NV_*',
    });
    const { environment } = gameSettings(config, {
      PATH: process.env['PATH'],
      LC_ALL: 'C.UTF-8',
      TZ: 'UTC',
      LD_LIBRARY_PATH: '/opt/lib',
      NV_ONE: '1',
      DEPLOY_TOKEN: 'secret-of-the-machine',
      NATS_URL: 'nats://user:secret@nats',
      BERTH_OPERATOR_TOKEN: 'secret',
      HOME: '/root',
    });
    await start(command, { environment });
    await region.until(isWarm);
    const seen = await written('seen');
    const names = seen.split('\n').map((line) => line.split('=', 1)[0] ?? '');
    const inherited = names.filter((name) => name !== '' && !name.startsWith('BERTH_')).sort();
    // The shell itself sets PWD and the like.
    expect(inherited.filter((name) => !['PWD', 'OLDPWD', 'SHLVL', '_'].includes(name))).toEqual([
      ...['HOME', 'LC_ALL', 'LD_LIBRARY_PATH', 'NV_ONE', 'PATH', 'TZ'],
    ]);
    expect(seen).toContain(`HOME=${home}\n`);
    expect(seen).not.toContain('secret');
    await touch('end');
  });

  it('kills a game that ignores SIGTERM, and says so', async () => {
    await game(`trap '' TERM; : >ready; while :; do sleep 0.05; done`, { stopGraceMs: 200 });
    const before = await play();
    await region.deallocate('match-1');
    const after = await region.until(isWarm);
    expect(last('SlotCleared')?.remark).toBe('killed 0.2 s after SIGTERM');
    expect(await birthOf(pidOf(before))).toBeNull();
    expect(pidOf(after)).not.toBe(pidOf(before));
  });

  it('lets a game end by itself within its grace period', async () => {
    await game(`trap 'echo bye; exit 0' TERM; while :; do sleep 0.05; done`);
    await play();
    await region.deallocate('match-1');
    await region.until(isWarm);
    expect(last('SlotCleared')?.remark).toBe('');
    expect(await readFile(join(home, 'logs', 'game.log'), 'utf8')).toContain('bye\n');
  });

  it('kills what a game leaves behind by daemonizing, and says so', async () => {
    const daemon = `setsid sleep 300 >/dev/null 2>&1 & echo $! >daemon`;
    await game(`${until(ALLOCATED)}; ${daemon}; ${until('[ -e end ]')}; rm end; exit 0`);
    await play();
    await touch('end');
    await region.until(isWarm);
    expect(last('SlotCleared')?.remark).toBe('left 1 process behind: killed');
    const pid = Number(await readFile(join(home, 'daemon'), 'utf8'));
    expect(await birthOf(pid)).toBeNull();
  });

  it('restarts a game as often as it may crash, and no more', async () => {
    const limits = { ...settings([]).limits, restartsMax: 1 };
    await game(`${until(ALLOCATED)}; ${until('[ -e crash ]')}; rm crash; exit 3`, { limits });
    const before = await play();
    await touch('crash');
    const after = await region.until(
      (state) => isLive(state) && pidOf(state) !== 0 && pidOf(state) !== pidOf(before),
    );
    expect(after.context.allocation).toMatchObject({ id: 'match-1', crashes: 1 });
    expect(last('Crashed')).toMatchObject({ exitCode: 3, consequence: 'restart' });
    await touch('crash');
    await region.until(isWarm);
    expect(last('Crashed')).toMatchObject({ exitCode: 3, consequence: 'end' });
    expect(types().slice(types().lastIndexOf('Crashed'))).toContain('SlotCleared');
  });

  describe('a game that answers queries', () => {
    const changes: Partial<GameSettings> = {
      query: 'sqp',
      checks: { everyMs: 100, withinMs: 200, failuresMax: 3 },
    };

    const queried = (more: Partial<GameSettings> = {}) =>
      start([process.execPath, '-e', QUERIED, '{ip}{ipv6}'], { ...changes, ...more });

    it('sees players come and go', async () => {
      await queried();
      await touch('players', '0');
      await play();
      await touch('players', '2');
      await region.until(({ context }) => context.allocation?.idleUntil === null);
      expect(last('WentActive')).toMatchObject({ players: 2 });
      await touch('players', '3');
      await touch('players', '0');
      await region.until(({ context }) => context.allocation?.idleUntil !== null);
      expect(types().slice(-2)).toEqual(['WentActive', 'WentIdle']);
    });

    it.each(['127.0.0.2', '::1'])('queries it at the address it was given, %s', async (ip) => {
      await queried({ ip });
      await touch('players', '2');
      await play();
      await region.until(({ context }) => context.allocation?.idleUntil === null);
      expect(types()).not.toContain('CheckFailed');
    });

    it('does not end it for answers that it does not understand, and stops the idle clock', async () => {
      await queried({ limits: { ...settings([]).limits, idleMs: 3_000 } });
      await touch('players', 'hello');
      const before = await play();
      await region.until(({ context }) => context.allocation?.idleUntil === null);
      expect(last('WentActive')).toMatchObject({
        players: 0,
        uncounted: expect.stringMatching(/^sqp on port \d+: the answer is no packet of SQP/),
      });
      await clock.sleep(1_000);
      expect(types().slice(-2)).toEqual(['CallbackAcked', 'WentActive']);
      await touch('players', '0');
      const after = await region.until(({ context }) => context.allocation?.idleUntil !== null);
      expect(types().at(-1)).toBe('WentIdle');
      expect(pidOf(after)).toBe(pidOf(before));
    });

    it('says what is wrong before it ends the game, and counts that as a crash', async () => {
      await queried();
      await touch('players', '1');
      const before = await play();
      await region.until(({ context }) => context.allocation?.idleUntil === null);
      await rm(join(home, 'players'));
      const after = await region.until(
        (state) => pidOf(state) !== 0 && pidOf(state) !== pidOf(before),
      );
      expect(types().slice(-3)).toEqual(['CheckFailed', 'Crashed', 'ProcessStarted']);
      expect(last('CheckFailed')?.failure).toMatchObject({
        check: 'query',
        reason: expect.stringMatching(/^sqp on port \d+: no answer in 200 ms, 3 times in a row/),
      });
      expect(last('Crashed')).toMatchObject({ signal: 'SIGABRT', consequence: 'restart' });
      expect(after.context.allocation).toMatchObject({ id: 'match-1', crashes: 1 });
    });
  });
});

function settings(command: readonly string[]): GameSettings {
  return {
    fleet: 'harbour',
    buildConfiguration: 'harbour-1',
    command,
    environment: { PATH: process.env['PATH'] ?? '' },
    attributes: {},
    requiredAttributes: [],
    priority: 0,
    ip: '127.0.0.1',
    limits: {
      // A game may go half of this time without listening.
      callbackMs: 500,
      coldStartMs: 10_000,
      idleMs: 60_000,
      sessionMs: null,
      restartsMax: 2,
    },
    keepWarm: true,
    stopGraceMs: 5_000,
    callback: { kind: 'none', ready: 'running' },
  };
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}

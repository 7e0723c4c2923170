import { SystemClock } from '#service-runtime';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { GameSettings } from './slot/game-settings.js';
import { pidOf } from '../test/support/region.js';
import { LIMITS, SupervisedMachine } from '../test/support/supervision.js';

const clock = new SystemClock();

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

describe('An agent that queries its game', () => {
  let machine: SupervisedMachine;

  beforeEach(async () => {
    machine = await SupervisedMachine.open();
  });
  afterEach(() => machine.close());

  const changes: Partial<GameSettings> = {
    query: 'sqp',
    checks: { everyMs: 100, withinMs: 200, failuresMax: 3 },
  };

  const queried = (more: Partial<GameSettings> = {}) =>
    machine.start([process.execPath, '-e', QUERIED, '{ip}{ipv6}'], { ...changes, ...more });

  it('sees players come and go', async () => {
    await queried();
    await machine.touch('players', '0');
    await machine.play();
    await machine.touch('players', '2');
    await machine.region.until(({ context }) => context.allocation?.idleUntil === null);
    expect(machine.region.last('WentActive')).toMatchObject({ players: 2 });
    await machine.touch('players', '3');
    await machine.touch('players', '0');
    await machine.region.until(({ context }) => context.allocation?.idleUntil !== null);
    expect(machine.region.events.slice(-2)).toEqual(['WentActive', 'WentIdle']);
  });

  it.each(['127.0.0.2', '::1'])('queries it at the address it was given, %s', async (ip) => {
    await queried({ ip });
    await machine.touch('players', '2');
    await machine.play();
    await machine.region.until(({ context }) => context.allocation?.idleUntil === null);
    expect(machine.region.events).not.toContain('CheckFailed');
  });

  it('does not end it for answers that it does not understand, and stops the idle clock', async () => {
    await queried({ limits: { ...LIMITS, idleMs: 3_000 } });
    await machine.touch('players', 'hello');
    const before = await machine.play();
    await machine.region.until(({ context }) => context.allocation?.idleUntil === null);
    expect(machine.region.last('WentActive')).toMatchObject({
      players: 0,
      uncounted: expect.stringMatching(/^sqp on port \d+: the answer is no packet of SQP/),
    });
    await clock.sleep(1_000);
    expect(machine.region.events.slice(-2)).toEqual(['CallbackAcked', 'WentActive']);
    await machine.touch('players', '0');
    const after = await machine.region.until(
      ({ context }) => context.allocation?.idleUntil !== null,
    );
    expect(machine.region.events.at(-1)).toBe('WentIdle');
    expect(pidOf(after)).toBe(pidOf(before));
  });

  it('says what is wrong before it ends the game, and counts that as a crash', async () => {
    await queried();
    await machine.touch('players', '1');
    const before = await machine.play();
    await machine.region.until(({ context }) => context.allocation?.idleUntil === null);
    await rm(join(machine.home, 'players'));
    const after = await machine.region.until(
      (state) => pidOf(state) !== 0 && pidOf(state) !== pidOf(before),
    );
    expect(machine.region.events.slice(-3)).toEqual(['CheckFailed', 'Crashed', 'ProcessStarted']);
    expect(machine.region.last('CheckFailed')?.failure).toMatchObject({
      check: 'query',
      reason: expect.stringMatching(/^sqp on port \d+: no answer in 200 ms, 3 times in a row/),
    });
    expect(machine.region.last('Crashed')).toMatchObject({
      signal: 'SIGABRT',
      consequence: 'restart',
    });
    expect(after.context.allocation).toMatchObject({ id: 'match-1', crashes: 1 });
  });
});

import { guidOf } from '#multiplay';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Machine } from './machine.js';
import { Operator } from './operator.js';
import type { Seen } from './seen-log.js';

const GAME = resolve('dist/examples/game-server/src/main.js');
const MULTIPLAY = '/v1/allocations/projects/p/environments/e/fleets';

/**
 * A game without a callback: it learns of its session from the daemon, and says when it is ready.
 */
const DUEL = {
  executable: process.execPath,
  arguments: [GAME, '--port', '{port}', '--callback-port', '{callback_port}', '--sdk'],
  callback: { kind: 'none' },
  readiness: true,
};

describe('The daemon of an agent in a complete Berth', () => {
  const machine = new Machine(2, { BERTH_SDK_PORT: '0', BERTH_SDK_CALLERS: 'any' });

  beforeAll(() => machine.start(), 60_000);
  afterAll(() => machine.close(), 60_000);

  /** The URL of the slot's server, as its game finds it in server.json. */
  const serverOf = (slot: string) => {
    const text = readFileSync(join(machine.data, slot, 'server.json'), 'utf8');
    const { serverID = '', localProxyUrl = '' } = JSON.parse(text) as Record<string, string>;
    return `${localProxyUrl}/v1/servers/${serverID}`;
  };
  const slot = (number: string): Seen | undefined =>
    [...machine.slots].find(([name]) => name.endsWith(`.${number}`))?.[1];
  const typesOf = (number: string) => slot(number)?.events.map(({ type }) => type) ?? [];

  describe('asked for a reservation', () => {
    it.each(['2', '1'])(
      'allocates slot %s to the game in it that asks, and releases it',
      async (number) => {
        const path = `${serverOf(number)}/reservations`;
        const answer = await fetch(path, { method: 'POST' });
        expect(answer.status).toBe(200);
        const { reservationId } = (await answer.json()) as { reservationId: string };
        await machine.until(() => slot(number)?.state.context.allocation?.id === reservationId);
        expect(machine.slotOf(reservationId)).toBe(slot(number));
        const again = await fetch(path, { method: 'POST' });
        expect(again.status).toBeGreaterThanOrEqual(400);
        expect(again.status).toBeLessThan(500);
        expect((await fetch(path, { method: 'DELETE' })).status).toBe(204);
        await machine.until(() => typesOf(number).includes('SlotCleared'));
        await machine.whenAllWarm();
      },
      30_000,
    );

    it('knows its own servers only', async () => {
      const unknown = serverOf('1').replace(/\d+$/, '1');
      expect((await fetch(`${unknown}/reservations`, { method: 'POST' })).status).toBe(404);
    });
  });

  describe('told by a game that it is ready', () => {
    const id = randomUUID();
    const native = `/v1/allocations/${id}`;
    const multiplay = `${MULTIPLAY}/${guidOf('fleet', 'default')}/allocations/${id}`;
    let operator: Operator;

    beforeAll(async () => {
      operator = await Operator.at(machine);
      const file = join(machine.folder, 'duel.json');
      await writeFile(file, JSON.stringify(DUEL));
      await operator.berth('build-configurations', 'set', 'local.duel', '--file', file);
      const words = ['--build-configuration', 'duel', '--at-a-time', '2'];
      await operator.berth('fleet', 'configure', 'local.default', ...words);
      const run = ({ state }: Seen) => state.context.process?.buildConfiguration === 'duel';
      await machine.until(() => [...machine.slots.values()].every(run));
      await machine.whenAllWarm();
    }, 60_000);

    it('answers the matchmaker then, and not before', async () => {
      const games = [...machine.slots.values()].map(({ state }) => state.context.process?.pid ?? 0);
      for (const pid of games) process.kill(pid, 'SIGSTOP');
      let isAnswered = false;
      const body = { allocationId: id, region: 'local', buildConfiguration: 'duel' };
      const asked = operator.post('/v1/allocations', body).finally(() => (isAnswered = true));
      const before = await operator.seen(native, ({ status }) => status === 'awaiting');
      expect(before).toMatchObject({ acknowledgedAt: null });
      expect(await operator.seen(multiplay, () => true)).toMatchObject({ readiness: true });
      expect(await operator.seen(multiplay, () => true)).not.toHaveProperty('ready');
      expect(isAnswered).toBe(false);

      for (const pid of games) process.kill(pid, 'SIGCONT');
      expect(await asked).toMatchObject({ status: 201 });
      const after = await operator.seen(native, ({ status }) => status === 'live');
      expect(after['acknowledgedAt']).toEqual(expect.any(Number));
      const shown = await operator.seen(multiplay, ({ ready }) => ready !== undefined);
      expect(shown).toMatchObject({ readiness: true, ready: expect.any(String) });
    }, 60_000);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { Player } from '../../end-to-end/src/player.js';
import { Machine } from './machine.js';

const IDS = ['one', 'two', 'three', 'four'] as const;

describe('An agent that is killed while four sessions run', () => {
  const machine = new Machine(4);
  const players: Player[] = [];
  const pids = () => IDS.map((id) => machine.slotOf(id)?.state.context.process?.pid ?? 0);
  let before: readonly number[];

  beforeAll(async () => {
    await machine.start();
    for (const allocationId of IDS) {
      const { address } = await machine.client.allocate({
        region: 'local',
        allocationId,
        waitMs: 20_000,
      });
      const player = await Player.join(address);
      expect(await player.hear()).toContain('welcome');
      players.push(player);
    }
    before = pids();
    await machine.killAgent();
  }, 60_000);

  afterAll(async () => {
    for (const player of players) player.leave();
    await machine.close();
  }, 60_000);

  it('ends none of them, and no player notices', async () => {
    for (const player of players) {
      player.say('still here?');
      expect(await player.hear()).toContain('still here?');
    }
    expect(before.every((pid) => existsSync(`/proc/${pid}`))).toBe(true);
  });

  it('knows all of them when it is back, and how one ended meanwhile', async () => {
    players[3]?.say('end');
    await players[3]?.gone();
    machine.startAgent();
    await machine.until(() => {
      const returned = IDS.filter((id) =>
        machine.slotOf(id)?.events.some(({ type }) => type === 'AgentReturned'),
      );
      return returned.length === 4;
    });
    const types = () => machine.slotOf('four')?.events.map(({ type }) => type) ?? [];
    await machine.until(() => types().includes('ExitedZero'));
    const returned = types().indexOf('AgentReturned');
    expect(types().slice(returned, returned + 2)).toEqual(['AgentReturned', 'ExitedZero']);
    expect(pids().slice(0, 3)).toEqual(before.slice(0, 3));
    for (const id of IDS.slice(0, 3)) {
      expect(machine.slotOf(id)?.state).toMatchObject({ value: { allocated: 'live' } });
    }
  }, 30_000);

  it('continues them: the end of each is seen', async () => {
    for (const player of players.slice(0, 3)) {
      player.say('and now?');
      expect(await player.hear()).toContain('and now?');
      player.say('end');
      await player.gone();
    }
    await machine.whenAllWarm();
    for (const id of IDS) {
      const types = machine.slotOf(id)?.events.map(({ type }) => type) ?? [];
      expect(types.filter((type) => type === 'ExitedZero')).toHaveLength(1);
      expect(types).not.toContain('Crashed');
    }
  }, 30_000);
});

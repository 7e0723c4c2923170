import type { SlotState } from '#slot';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Player } from '../../end-to-end/src/player.js';
import { Machine } from './machine.js';
import { Operator } from './operator.js';

const GAME = resolve('dist/examples/game-server/src/main.js');
const IDS = ['one', 'two', 'three', 'four', 'five', 'six'] as const;
const AT_A_TIME = 3;

const WINTER = {
  executable: process.execPath,
  arguments: [GAME, '--port', '{port}', '--callback-port', '{callback_port}'],
  callback: { kind: 'http' },
};

describe('A change of build configuration, over sixteen slots of two agents', () => {
  const machine = new Machine(8, {}, ['pier', 'quay']);
  const players = new Map<string, Player>();
  const before = new Map<string, number>();

  beforeAll(async () => {
    await machine.start();
    const operator = await Operator.at(machine);
    for (const allocationId of IDS) {
      const { address } = await machine.client.allocate({
        region: 'local',
        allocationId,
        waitMs: 20_000,
      });
      const player = await Player.join(address);
      await player.hear();
      players.set(allocationId, player);
      before.set(allocationId, machine.slotOf(allocationId)?.state.context.process?.pid ?? 0);
    }
    const file = join(machine.folder, 'winter.json');
    await writeFile(file, JSON.stringify(WINTER));
    await operator.berth('build-configurations', 'set', 'local.winter', '--file', file);
    const words = ['--build-configuration', 'winter', '--at-a-time', String(AT_A_TIME)];
    await operator.berth('fleet', 'configure', 'local.default', ...words);
  }, 120_000);

  afterAll(async () => {
    for (const player of players.values()) player.leave();
    await machine.close();
  }, 60_000);

  const states = () => [...machine.slots.values()].map(({ state }) => state);

  it('reaches the ten free slots', async () => {
    await machine.until(() => states().filter(runsWinter).length === 10);
    expect(states().filter(isAllocated)).toHaveLength(6);
  }, 120_000);

  it('touches no session', async () => {
    for (const id of IDS) {
      const { state, events } = machine.slotOf(id) ?? {};
      expect(state?.value).toEqual({ allocated: 'live' });
      expect(state?.context.process?.pid).toBe(before.get(id));
      expect(existsSync(`/proc/${before.get(id) ?? 0}`)).toBe(true);
      expect(events?.map(({ type }) => type)).not.toContain('ConfigurationAssigned');
      players.get(id)?.say('still here?');
      expect(await players.get(id)?.hear()).toContain('still here?');
    }
  });

  it('reaches the other six when their sessions were over, and not before', async () => {
    for (const player of players.values()) player.say('end');
    await machine.until(() => states().filter(runsWinter).length === 16);
    for (const id of IDS) {
      const types = machine.slotOf(id)?.events.map(({ type }) => type) ?? [];
      expect(types).toContain('ConfigurationAssigned');
      expect(types.indexOf('ConfigurationAssigned')).toBeGreaterThan(types.indexOf('ExitedZero'));
      expect(types).not.toContain('Crashed');
    }
  }, 120_000);

  it(`is never in progress on more than ${AT_A_TIME} slots, as the log shows`, () => {
    const now = new Map<string, SlotState>();
    const counts = machine.log.history.map(({ slot, state }) => {
      now.set(slot, state);
      return [...now.values()].filter(isChanging).length;
    });
    expect(Math.max(...counts)).toBe(AT_A_TIME);
  });
});

function isAllocated({ value }: SlotState): boolean {
  return typeof value === 'object' && 'allocated' in value;
}

function runsWinter({ value, context }: SlotState): boolean {
  const isWarm = typeof value === 'object' && 'available' in value && value.available === 'warm';
  return isWarm && context.process?.buildConfiguration === 'winter';
}

/** Whether the slot is assigned the new configuration, but does not run it yet. */
function isChanging(state: SlotState): boolean {
  return state.context.assigned?.buildConfiguration === 'winter' && !runsWinter(state);
}

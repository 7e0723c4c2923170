import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Player } from '../../end-to-end/src/player.js';
import { Machine } from './machine.js';
import { Operator } from './operator.js';

const CLI = resolve('dist/apps/cli/src/main.js');

describe('berth logs, on a real machine', () => {
  const machine = new Machine(1);
  let reader: ChildProcess | undefined;

  beforeAll(() => machine.start(), 60_000);
  afterAll(async () => {
    reader?.kill('SIGKILL');
    await machine.close();
  }, 60_000);

  it('prints past lines of a game and follows it, until interrupted', async () => {
    const { agent } = JSON.parse(readFileSync(join(machine.data, 'agent.json'), 'utf8')) as {
      agent: string;
    };
    const operator = await Operator.at(machine);
    const words = ['logs', `local.${agent}.1`, '--api', operator.api, '--follow'];
    const { address } = await machine.client.allocate({
      region: 'local',
      allocationId: 'one',
      waitMs: 20_000,
    });
    reader = spawn(process.execPath, [CLI, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
    const said = lines(reader);
    await said('players on ');
    const player = await Player.join(address);
    await player.hear();
    player.say('ahoy');
    await said('player-1: ahoy');
    const ended = once(reader, 'exit');
    reader.kill('SIGINT');
    expect(await ended).toEqual([0, null]);
    player.leave();
  }, 30_000);
});

/** Returns a function that resolves when the program has printed a text. */
function lines(program: ChildProcess): (text: string) => Promise<void> {
  let printed = '';
  const waiting = new Set<() => void>();
  program.stdout?.on('data', (bytes: Buffer) => {
    printed += bytes.toString();
    for (const look of waiting) look();
  });
  return (text) =>
    new Promise((found) => {
      const look = () => {
        if (!printed.includes(text)) return;
        waiting.delete(look);
        found();
      };
      waiting.add(look);
      look();
    });
}

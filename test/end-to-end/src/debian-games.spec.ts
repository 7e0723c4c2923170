import { freePort } from '#testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { BerthDev, eventually } from './berth-dev.js';
import { askBzflag, gamesAreMissing, joinTeeworlds, settingsFromDocs } from './debian-games.js';

interface Slot {
  readonly id: string;
  readonly fleet: string;
  readonly phase: string | null;
  readonly ip: string;
  readonly ports: { readonly game: number };
  readonly process: { readonly pid: number } | null;
}

const MAIN = resolve('dist/apps/cli/src/main.js');
/** No machine has the address from the documentation; this loopback address replaces it. */
const OWN_ADDRESS = '127.0.0.9';
const berth = new BerthDev();
const agents: ChildProcess[] = [];
const run = promisify(execFile);
const when = gamesAreMissing === null ? it : it.skip;
const why = gamesAreMissing === null ? '' : ` (${gamesAreMissing})`;

async function type(...words: readonly string[]): Promise<string> {
  const env = { ...process.env, BERTH_API: berth.api };
  return (await run(process.execPath, [MAIN, ...words], { env, cwd: berth.data })).stdout;
}

async function startAgent(fleet: string, ...flags: readonly string[]): Promise<void> {
  writeFileSync(join(berth.data, `${fleet}.yaml`), settingsFromDocs(fleet));
  const port = await freePort();
  const here = ['--nats', berth.natsUrl, '--region', 'local', '--ports', `${port}-${port + 9}`];
  const words = ['agent', '--config', `${fleet}.yaml`, ...here, '--on-stop', 'end', ...flags];
  const agent = spawn(process.execPath, [MAIN, ...words, '--data', join(berth.data, fleet)], {
    cwd: berth.data,
    env: { ...process.env, ...berth.login(fleet) },
    stdio: 'ignore',
  });
  agents.push(agent);
}

async function slotOf(fleet: string): Promise<Slot | undefined> {
  const { slots } = JSON.parse(await type('slots', '--json')) as { slots: readonly Slot[] };
  return slots.find((slot) => slot.fleet === fleet);
}

async function isRunning(fleet: string, phase: string, notPid?: number): Promise<boolean> {
  const slot = await slotOf(fleet);
  return slot?.phase === phase && slot.process !== null && slot.process.pid !== notPid;
}

beforeAll(async () => {
  if (gamesAreMissing !== null) return;
  for (const { fleet } of games) await berth.enroll(fleet);
  await berth.start(1);
  await startAgent('bzflag', '--address', '127.0.0.1');
  await startAgent('teeworlds', '--address', OWN_ADDRESS);
}, 60_000);

afterAll(async () => {
  for (const agent of agents) {
    const ended = once(agent, 'exit');
    if (agent.kill()) await ended;
  }
  await berth.dispose();
}, 60_000);

const games = [
  {
    fleet: 'bzflag',
    host: '127.0.0.1',
    next: "executable: /usr/games/bzfs\narguments: [-p, '{port}', -mp, '4']\n",
    plays: async (host: string, port: number) =>
      expect((await askBzflag(host, port)).playersMax).toBeGreaterThan(0),
    playsNext: async (host: string, port: number) =>
      expect(await askBzflag(host, port)).toEqual({ playersMax: 4 }),
  },
  {
    fleet: 'teeworlds',
    host: OWN_ADDRESS,
    next:
      'executable: /usr/games/teeworlds-server\n' +
      "arguments: ['sv_port {port}; bindaddr {ip}; sv_register 0; sv_name harbour']\n",
    plays: async (host: string, port: number) =>
      expect(await joinTeeworlds(host, port)).toMatchObject({ isAccepted: true }),
    playsNext: async (host: string, port: number) =>
      expect((await joinTeeworlds(host, port)).info).toContain('harbour'),
  },
];

describe.each(games)('The Debian game $fleet, run as in docs/agent.md,', (game) => {
  const { fleet, host } = game;

  when(
    `is allocated, played, comes back after a crash, and is rolled out${why}`,
    async () => {
      await eventually(() => isRunning(fleet, 'warm'), 30_000);
      await type('allocate', '--fleet', fleet, '--id', `${fleet}-1`);
      const slot = await slotOf(fleet);
      if (slot?.process == null) throw new Error('no process');
      await game.plays(host, slot.ports.game);

      const { pid } = slot.process;
      process.kill(pid, 'SIGKILL');
      await eventually(() => isRunning(fleet, 'live', pid), 20_000);
      await eventually(async () => game.plays(host, slot.ports.game).then(...YES_OR_NO), 10_000);
      await type('release', `${fleet}-1`);
      await eventually(() => isRunning(fleet, 'warm'), 30_000);

      writeFileSync(join(berth.data, 'next.yaml'), game.next);
      await type('build-configurations', 'set', `local.${fleet}`, '--file', 'next.yaml');
      await type('fleet', 'configure', `local.${fleet}`, '--build-configuration', fleet);
      const rolledOut = async () => /ConfigurationAssigned[^]*ProcessStarted/.test(await story());
      const story = () => type('events', slot.id);
      await eventually(rolledOut, 30_000);
      await type('allocate', '--fleet', fleet, '--id', `${fleet}-2`);
      await game.playsNext(host, slot.ports.game);

      const types = (await story()).match(/(?<=Z +)\w+/g);
      expect(types).toEqual([
        'SlotRegistered',
        'ProcessStarted',
        'AllocationRequested',
        'CallbackAcked',
        'Crashed',
        'ProcessStarted',
        'DeallocationRequested',
        'SlotCleared',
        'ConfigurationAssigned',
        'ProcessStarted',
        'AllocationRequested',
        'CallbackAcked',
      ]);
    },
    180_000,
  );
});

const YES_OR_NO = [() => true, () => false] as const;

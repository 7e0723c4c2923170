import { freePort } from '#testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BerthDev, eventually } from '../../end-to-end/src/berth-dev.js';
import { pack, packBerth, PACKAGES } from './package.js';

const run = promisify(execFile);
const WAIT_MS = 30_000;

/** A game that ends its session by the SDK once it has heard of it. */
const GAME = `
import { connect } from '@berth/sdk';

const berth = connect();
const { id, payload } = await berth.allocation();
console.log('serves', id, JSON.stringify(payload));
await berth.ready();
await berth.players(3);
setTimeout(() => berth.done(), 500);
`;

let folder: string;
let prefix: string;
let home: string;
let berth: BerthDev;
let agent: ChildProcess | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-installed-'));
  prefix = join(folder, 'prefix');
  home = join(folder, 'game');
  await mkdir(home);
  const [command, ...libs] = await Promise.all([
    packBerth(process.cwd(), folder),
    ...PACKAGES.map((one) => pack(process.cwd(), one, folder)),
  ]);
  const quietly = ['--prefer-offline', '--no-audit', '--no-fund'];
  await run('npm', ['install', '--global', '--prefix', prefix, ...quietly, command]);
  await writeFile(join(home, 'package.json'), '{"type":"module","private":true}');
  await run('npm', ['install', ...quietly, ...libs], { cwd: home });
  await writeFile(join(home, 'game.js'), GAME);
  berth = new BerthDev(process.env, join(prefix, 'bin', 'berth'));
  await berth.enroll('arcade');
  await berth.start(1);
}, 240_000);

afterAll(async () => {
  if (agent !== undefined) {
    const ended = once(agent, 'exit');
    if (agent.kill()) await ended;
  }
  await berth.dispose();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

/** Types a command by its name alone, as it is on the PATH of who has installed it. */
async function type(...words: readonly string[]): Promise<string> {
  const { PATH = '' } = process.env;
  const env = { ...process.env, PATH: `${join(prefix, 'bin')}:${PATH}`, BERTH_API: berth.api };
  return (await run('berth', words, { cwd: home, env })).stdout;
}

describe('Berth, packed and installed with npm install --global', () => {
  it('is on the PATH, and serves a request with berth dev', async () => {
    expect(await type('--version')).toMatch(/^\d+\.\d+\.\d+/);
    expect(await type('allocate', '--fleet', 'sample', '--id', 'match-1')).toContain('match-1');
  });

  it('has the dashboard', async () => {
    const page = await fetch(berth.api, { headers: { accept: 'text/html' } });
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('/dashboard/');
  });

  it(
    'runs a game that has installed the SDK',
    async () => {
      const port = await freePort();
      const settings = {
        ...{ BERTH_FLEET: 'arcade', BERTH_CALLBACK: 'none', BERTH_READY: 'running' },
        BERTH_COMMAND: JSON.stringify([process.execPath, join(home, 'game.js')]),
        BERTH_SDK_PORT: '0',
        BERTH_PORTS: `${port}-${port + 9}`,
      };
      const words = ['agent', '--data', join(folder, 'arcade'), '--on-stop', 'end'];
      agent = spawn(join(prefix, 'bin', 'berth'), words, {
        env: { ...process.env, ...berth.login('arcade'), ...settings },
        stdio: 'ignore',
      });
      await eventually(async () => (await type('slots')).includes('arcade'), WAIT_MS);
      const answer = await type('allocate', '--fleet', 'arcade', '--id', 'match-2', '--json');
      const { slot } = JSON.parse(answer) as { slot: string };
      const isOver = async () => (await type('events', slot)).includes('DeallocationRequested');
      await eventually(isOver, WAIT_MS);
      expect(await type('logs', slot)).toContain('serves match-2');
    },
    3 * WAIT_MS,
  );
});

import { birthOf } from '#folder-lock';
import { SystemRandom, SystemClock } from '#service-runtime';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { access, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentMetrics } from '../metrics/agent-metrics.js';
import { GameCgroups } from './game-cgroup.js';
import { GameRunner } from './game-runner.js';
import { KEEPER } from './keeper.js';
import type { Launch, Run } from './processes.js';

const clock = new SystemClock();
const random = new SystemRandom();

describe('a game runner', () => {
  let data: string;
  let home: string;
  let runner: GameRunner;

  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), 'berth-runner-'));
    home = join(data, '1');
    await mkdir(home);
    runner = new GameRunner(data, clock);
  });

  afterEach(async () => {
    const run = await runner.find('1');
    await run?.stop(0);
    run?.release();
    await rm(data, { recursive: true, force: true });
  });

  const shell = (script: string): Launch => ({
    id: random.id(),
    token: 'secret',
    startedAt: clock.now(),
    buildConfiguration: 'default',
    version: 0,
    command: ['/bin/sh', '-c', script],
    environment: { PATH: process.env['PATH'] ?? '', HOME: home },
    workingDirectory: home,
  });

  it.each([
    ['exit 0', { exitCode: 0, signal: null }],
    ['exit 3', { exitCode: 3, signal: null }],
    ['kill -SEGV $$', { exitCode: null, signal: 'SIGSEGV' }],
    ['kill -KILL $$', { exitCode: null, signal: 'SIGKILL' }],
    ['exec /no/such/game', { exitCode: 127, signal: null }],
  ])('sees how `%s` ends', async (script, exit) => {
    const run = await runner.start('1', shell(script));
    await ended(run);
    expect(run.exit).toMatchObject(exit);
  });

  it('reports the id of the game itself, in its own folder', async () => {
    const run = await runner.start('1', shell('echo $$ >said; pwd >>said; echo $HOME >>said'));
    await ended(run);
    const said = await readFile(join(home, 'said'), 'utf8');
    expect(said).toBe(`${run.process.pid}\n${home}\n${home}\n`);
  });

  it('writes the output of the game to a file', async () => {
    await ended(await runner.start('1', shell('echo out; echo err >&2')));
    await ended(await runner.start('1', shell('echo again')));
    const log = await readFile(join(home, 'logs', 'game.log'), 'utf8');
    expect(log).toBe('out\nerr\nagain\n');
  });

  it('reports the last line of the output of the game itself', async () => {
    const said = await runner.start('1', shell('echo one; echo "no map" >&2; echo; exit 3'));
    await ended(said);
    expect(said.exit).toEqual({ exitCode: 3, signal: null, lastLine: 'no map' });
    const foundAgain = await new GameRunner(data, clock).find('1');
    expect(foundAgain?.exit).toEqual(said.exit);
    await utimes(join(home, 'logs', 'game.log'), 0, 0);
    const silent = await runner.start('1', shell('exit 4'));
    await ended(silent);
    expect(silent.exit).toEqual({ exitCode: 4, signal: null });
  });

  it('keeps what the shell says of a killed game out of the output of the game', async () => {
    const run = await runner.start('1', shell('echo on; kill -9 $$'));
    await ended(run);
    expect(await readFile(join(home, 'logs', 'game.log'), 'utf8')).toBe('on\n');
  });

  it('gives the game default signal handling, not that of its keeper', async () => {
    const script = `process.stdout.write(require('fs').readFileSync('/proc/self/status', 'utf8'))`;
    const launch = { ...shell(''), command: [process.execPath, '-e', script] };
    await ended(await runner.start('1', launch));
    const status = await readFile(join(home, 'logs', 'game.log'), 'utf8');
    const ignored = BigInt(`0x${/SigIgn:\s*(\w+)/.exec(status)?.[1] ?? 'f'}`);
    const bit = (signal: number) => 1n << BigInt(signal - 1);
    // SIGHUP, SIGINT, SIGQUIT, SIGTERM
    expect(ignored & (bit(1) | bit(2) | bit(3) | bit(15))).toBe(0n);
  });

  it('stops a game by SIGTERM, and reports its exit code', async () => {
    const run = await runner.start(
      '1',
      shell('trap "exit 7" TERM; : >ready; while :; do sleep 0.01; done'),
    );
    await appears('ready');
    await run.stop(10_000);
    expect(run.exit).toMatchObject({ exitCode: 7, signal: null });
  });

  it('kills a game that does not end in time', async () => {
    const run = await runner.start(
      '1',
      shell('trap "" TERM; : >ready; while :; do sleep 0.01; done'),
    );
    await appears('ready');
    await run.stop(50);
    expect(run.exit).toEqual({ exitCode: null, signal: 'SIGKILL' });
    expect(await birthOf(run.process.pid)).toBeNull();
    const { metrics, watch } = agentMetrics();
    watch(runner, []);
    const text = await metrics.text();
    expect(text).toContain('berth_agent_game_kills_total{cause="grace"} 1\n');
    expect(text).toContain('berth_agent_game_kills_total{cause="limit"} 0\n');
  });

  it('says what it took to stop a game', async () => {
    const run = await runner.start(
      '1',
      shell('trap "" TERM; : >ready; while :; do sleep 0.01; done'),
    );
    await appears('ready');
    await run.stop(50);
    expect(run.remark).toBe('killed 0.05 s after SIGTERM');
  });

  it('stops a game by the signal that it was given', async () => {
    const game = shell('trap "exit 8" INT; : >ready; while :; do sleep 0.01; done');
    const run = await runner.start('1', game);
    await appears('ready');
    await run.stop(10_000, 'SIGINT');
    expect(run).toMatchObject({ exit: { exitCode: 8, signal: null }, remark: '' });
  });

  it('does not let an aborted game report a clean exit', async () => {
    const game = shell('trap "exit 0" ABRT; : >ready; while :; do sleep 0.01; done');
    const run = await runner.start('1', game);
    await appears('ready');
    await run.abort(10_000);
    expect(run.exit).toMatchObject({ exitCode: null, signal: 'SIGABRT' });
    expect((await runner.find('1'))?.exit).toEqual(run.exit);
  });

  it('kills processes that have left the process group of their game, and says so', async () => {
    const daemon =
      "echo $$ >child.new; mv child.new child; trap '' TERM; while :; do sleep 1; done";
    const run = await runner.start(
      '1',
      shell(`setsid sh -c "${daemon.replaceAll('$', '\\$')}" & wait`),
    );
    await appears('child');
    const child = Number(await readFile(join(home, 'child'), 'utf8'));
    process.kill(run.process.pid, 'SIGKILL');
    await ended(run);
    expect(run.remark).toMatch(/^left [23] processes behind: killed$/);
    expect(await birthOf(child)).toBeNull();
  });

  it('leaves no process behind if a game daemonizes', async () => {
    const run = await runner.start(
      '1',
      shell('setsid sleep 300 >/dev/null 2>&1 & echo $! >child.new; mv child.new child; exit 0'),
    );
    await ended(run);
    expect(run).toMatchObject({ exit: { exitCode: 0 }, remark: 'left 1 process behind: killed' });
    const child = Number(await readFile(join(home, 'child'), 'utf8'));
    expect(await birthOf(child)).toBeNull();
  });

  it('leaves no process behind that the game has started', async () => {
    const script = '(trap "" TERM; sleep 300) & echo $! >child.new; mv child.new child; exit 0';
    await ended(await runner.start('1', shell(script)));
    const child = Number(await readFile(join(home, 'child'), 'utf8'));
    await gone(child);
  });

  it('finds no run if none was started', async () => {
    expect(await runner.find('1')).toBeNull();
  });

  it('finds a run whose end was not observed, and says that its exit is unknown', async () => {
    const run = await runner.start('1', shell('exec sleep 300'));
    run.release();
    const keeper = Number(
      (await readFile(join(home, 'run', 'pid'), 'utf8')).split('\n')[1]?.split(' ')[0],
    );
    process.kill(-keeper, 'SIGKILL');
    await gone(run.process.pid);
    await gone(keeper);
    expect((await runner.find('1'))?.exit).toEqual({ exitCode: null, signal: null });
  });

  it('does not count a kill again that it finds when it is started', async () => {
    await ended(await runner.start('1', shell('exit 3')));
    const groups = join(data, 'groups');
    await mkdir(join(groups, 'slot-1'), { recursive: true });
    for (const folder of [data, groups])
      await writeFile(join(folder, 'cgroup.subtree_control'), '');
    await writeFile(join(groups, 'slot-1', 'memory.events'), 'oom_kill 1\n');
    await writeFile(join(groups, 'slot-1', 'memory.max'), 'max\n');
    const cgroups = await GameCgroups.open(groups, (ms) => clock.sleep(ms));
    const later = new GameRunner(data, clock, undefined, { cgroups });
    expect((await later.find('1'))?.exit).toMatchObject({ killedAs: 'out of memory' });
    expect(later.kills).toEqual({ grace: 0, limit: 0 });
  });

  it('does not mistake a later process with the same id for the game', async () => {
    const run = await runner.start('1', shell('exec sleep 300'));
    const found = join(home, 'run', 'pid');
    const real = await readFile(found, 'utf8');
    await writeFile(found, `${process.pid} ps long ago\n${process.pid} ps long ago\n`);
    expect((await runner.find('1'))?.exit).toEqual({ exitCode: null, signal: null });
    await writeFile(found, real);
    await run.stop(1_000);
  });

  it('adopts a game whose agent was killed, and sees it end', async () => {
    await mkdir(join(home, 'run'));
    const game = `while ! [ -e end ]; do sleep 0.01; done; exit 0`;
    const first = starter(KEEPER, join(home, 'run'), home, game);
    const program = join(data, 'starter.mjs');
    await writeFile(program, first);
    const agent = fork(program, { stdio: 'ignore' });
    await appears('run/pid');
    const launch = {
      id: 'run-1',
      token: 'secret',
      startedAt: 1,
      buildConfiguration: 'default',
      version: 0,
    };
    await writeFile(join(home, 'run', 'started'), JSON.stringify(launch));
    agent.kill('SIGKILL');
    await once(agent, 'exit');

    const run = await runner.find('1');
    expect(run).toMatchObject({ id: 'run-1', token: 'secret', exit: null });
    await writeFile(join(home, 'end'), '');
    await ended(run as Run);
    expect(run?.exit).toEqual({ exitCode: 0, signal: null });
  });

  function ended(run: Run): Promise<void> {
    return new Promise((resolve) => run.onEnd(resolve));
  }

  /** Waits until a file is in the slot's folder. */
  async function appears(name: string): Promise<void> {
    const path = join(home, name);
    const folder = join(path, '..');
    await new Promise<void>((resolve) => {
      const look = () =>
        void access(path).then(
          () => {
            watcher.close();
            resolve();
          },
          () => undefined,
        );
      const watcher = watch(folder, look);
      look();
    });
  }

  /** Polls for the end of a process: the system reports only the end of our own children. */
  async function gone(pid: number): Promise<void> {
    while ((await birthOf(pid)) !== null) await clock.sleep(5);
  }
});

/** An agent in a process of its own that does nothing but start a game. */
function starter(keeper: string, run: string, home: string, game: string): string {
  const words = JSON.stringify(['-c', keeper, 'keeper', run, '/bin/sh', '-c', game]);
  return `
import { spawn } from 'node:child_process';
const stdio = ['pipe', 'ignore', 'ignore'];
const keeper = spawn('/bin/sh', ${words}, { cwd: ${JSON.stringify(home)}, detached: true, stdio });
keeper.stdin.end('go\\n');
setInterval(() => undefined, 1000);
`;
}

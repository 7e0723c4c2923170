import { freePort } from '#testing';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const MAIN = resolve('dist/apps/cli/src/main.js');
const READY_WITHIN_MS = 30_000;
const POLL_MS = 20;

/** A whole Berth (`berth dev`) in its own processes and its own data folder. */
export class BerthDev {
  readonly data = mkdtempSync(join(tmpdir(), 'berth-end-to-end-'));
  output = '';
  private child: ChildProcess | undefined;
  private httpPort = 0;
  private natsPort = 0;
  private gamePorts = 0;

  constructor(
    private readonly env: NodeJS.ProcessEnv = process.env,
    /** What is started: of this project, or of an installed package. */
    private readonly main = MAIN,
  ) {}

  get api(): string {
    return `http://127.0.0.1:${this.httpPort}`;
  }

  get natsUrl(): string {
    return `nats://127.0.0.1:${this.natsPort}`;
  }

  /** Lets a machine of this name, or what else is named, in to its NATS; before the start. */
  async enroll(machine: string, ...more: readonly string[]): Promise<void> {
    await this.access('enroll', machine, '--region', 'local', ...more);
  }

  /** Changes who may log in to its NATS, by a command of `berth`; before the start. */
  async access(...words: readonly string[]): Promise<void> {
    const folder = ['--folder', join(this.data, 'access')];
    const child = spawn(process.execPath, [this.main, ...words, ...folder], { stdio: 'ignore' });
    const [code] = (await once(child, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`berth ${words.join(' ')} ended with ${code}`);
  }

  /** The settings with which a service logs in to its NATS, under an identity that it has. */
  login(name: string): NodeJS.ProcessEnv {
    const text = readFileSync(join(this.data, 'access', 'settings', `${name}.env`), 'utf8');
    const lines = text.split('\n').filter((line) => line.includes('=') && !line.startsWith('#'));
    const settings = lines.map((line): [string, string] => {
      const at = line.indexOf('=');
      return [line.slice(0, at), line.slice(at + 1)];
    });
    return { ...Object.fromEntries(settings), NATS_URL: this.natsUrl };
  }

  /**
   * Resolves when Berth says that it is ready; after `killAll`, starts again with the same ports
   * and data.
   */
  async start(slots = 2): Promise<void> {
    this.httpPort ||= await freePort();
    this.natsPort ||= await freePort();
    this.gamePorts ||= await freePort();
    this.run([
      ...['--http-port', String(this.httpPort), '--nats-port', String(this.natsPort)],
      ...[
        '--slots',
        String(slots),
        '--game-ports',
        `${this.gamePorts}-${Math.min(this.gamePorts + 99, 65_535)}`,
      ],
    ]);
    await eventually(() => {
      if (this.child?.exitCode != null) throw new Error(`berth dev ended:\n${this.output}`);
      return this.output.includes('Berth is ready');
    }, READY_WITHIN_MS);
  }

  /** Starts `berth dev` with these arguments and collects its output. */
  run(options: readonly string[]): ChildProcess {
    this.output = '';
    const child = spawn(process.execPath, [this.main, 'dev', '--data', this.data, ...options], {
      env: this.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (text: Buffer) => (this.output += text.toString()));
    }
    return (this.child = child);
  }

  /** Interrupts it like Ctrl-C; resolves with the exit code when it has ended. */
  async interrupt(): Promise<number | null> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null) return child?.exitCode ?? null;
    const ended = once(child, 'exit');
    child.kill('SIGINT');
    const [code] = (await ended) as [number | null];
    return code;
  }

  /** Kills every process of Berth with SIGKILL; game servers only if `games` is true. */
  async killAll({ games }: { readonly games: boolean }): Promise<void> {
    const pids = this.processes().filter(({ isGame }) => games || !isGame);
    for (const { pid } of pids) kill(pid);
    await eventually(() => pids.every(({ pid }) => !isAlive(pid)), 5_000);
  }

  /**
   * All living processes that belong to this data folder; with `program`, only those that run it.
   */
  processes(program = ''): readonly { readonly pid: number; readonly isGame: boolean }[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((name) => {
        const text = readProc(name, 'cmdline') + readProc(name, 'environ');
        if (!readProc(name, 'cmdline').includes(program)) return [];
        if (!text.includes(this.data) || Number(name) === process.pid) return [];
        const isGame = /examples\/game-server|berth-keeper/.test(readProc(name, 'cmdline'));
        return isAlive(Number(name)) ? [{ pid: Number(name), isGame }] : [];
      });
  }

  /** @param refusals whether it is a failure that NATS has refused something */
  async dispose({
    refusals = 'none',
  }: { readonly refusals?: 'none' | 'some' } = {}): Promise<void> {
    await this.interrupt();
    await this.killAll({ games: true });
    const refused = this.refusals();
    rmSync(this.data, { recursive: true, force: true });
    if (refusals === 'none' && refused.length > 0)
      throw new Error(`NATS refused:\n${refused.join('\n')}`);
  }

  /** What nats-server has refused to those who are logged in, by its own log. */
  refusals(): readonly string[] {
    return ['nats-server.log', 'nats-server.log.previous'].flatMap((name) => {
      const path = join(this.data, 'logs', name);
      const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
      return lines.filter((line) => line.includes(' Violation - '));
    });
  }
}

/** Waits until a condition is true; fails after `withinMs`. */
export async function eventually(
  isTrue: () => boolean | Promise<boolean>,
  withinMs: number,
): Promise<void> {
  const until = Date.now() + withinMs;
  while (!(await isTrue())) {
    if (Date.now() > until) throw new Error(`not within ${withinMs} ms: ${isTrue.toString()}`);
    await sleep(POLL_MS);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // The process has ended by itself in the meantime.
  }
}

/** A zombie has ended; only its parent has not noticed yet. */
function isAlive(pid: number): boolean {
  const state = /\) (\w)/.exec(readProc(String(pid), 'stat'))?.[1];
  return state !== undefined && state !== 'Z';
}

function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

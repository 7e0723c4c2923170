import { freePort } from '#testing';
import { BerthClient } from '#client';
import { startNatsServer, type NatsServer } from '#nats-server';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { urlsOf } from '../../contracts/src/cluster.js';
import { kill, processesWith } from './processes.js';
import { SeenLog, type Seen } from './seen-log.js';

const REGION = 'local';
const CLI = resolve('dist/apps/cli/src/main.js');
const ALLOCATOR = resolve('dist/apps/allocator/src/main.js');
const GAME = resolve('dist/examples/game-server/src/main.js');

const FIRST = 'agent';
const PORTS_PER_SLOT = 20;

/**
 * A region with one machine, every part a real process: nats-server, allocator, agents, games.
 * Agents are named by their folders; the default is the first agent.
 */
export class Machine {
  readonly folder = mkdtempSync(join(tmpdir(), 'berth-machine-'));
  readonly log = new SeenLog();
  client!: BerthClient;
  /** One nats-server, or those of a cluster. */
  protected servers: readonly NatsServer[] = [];
  private readonly children = new Set<ChildProcess>();
  private readonly agents = new Map<string, ChildProcess>();
  private readonly ports = new Map<string, string>();

  /**
   * @param count number of slots of each agent
   * @param settings environment of the agents, in addition to their flags
   */
  constructor(
    readonly count: number,
    private readonly settings: NodeJS.ProcessEnv = {},
    private readonly names: readonly string[] = [FIRST],
  ) {}

  get agentPid(): number {
    return this.pidOf(FIRST);
  }

  pidOf(agent: string): number {
    return this.agents.get(agent)?.pid ?? 0;
  }

  get natsUrl(): string {
    return urlsOf(this.servers);
  }

  /** The first agent's own folder. */
  get data(): string {
    return this.dataOf(FIRST);
  }

  dataOf(agent: string): string {
    return join(this.folder, agent);
  }

  /** Resolves when all slots have a waiting game. */
  async start(): Promise<void> {
    this.servers = await this.startServers();
    const first = await freePort();
    const each = PORTS_PER_SLOT * this.count;
    for (const [index, name] of this.names.entries()) {
      const from = Math.min(first + each * index, 65_535 - each);
      this.ports.set(name, `${from}-${from + each - 1}`);
    }
    await this.startAllocators();
    this.client = await BerthClient.connect({ servers: this.natsUrl });
    for (const name of this.names) this.startAgent(name);
    await this.log.follow(this.natsUrl, REGION);
    await this.whenAllWarm();
  }

  protected async startServers(): Promise<readonly NatsServer[]> {
    return [await startNatsServer({ dataDirectory: join(this.folder, 'nats') })];
  }

  protected startAllocators(): Promise<void> | void {
    this.run('allocator', [ALLOCATOR], { BERTH_REGIONS: REGION });
  }

  /** Copies a server's store while it writes to it, as a snapshot of its machine does. */
  async copyLog([server] = this.servers): Promise<void> {
    if (server !== undefined) await cp(storeOf(server), this.copy, { recursive: true });
  }

  /** Kills the server, and restarts it on the copy. */
  async putLogBack([server] = this.servers): Promise<void> {
    if (server === undefined) return;
    await server.kill();
    await rm(storeOf(server), { recursive: true });
    await cp(this.copy, storeOf(server), { recursive: true });
    await server.restart();
  }

  private get copy(): string {
    return join(this.folder, 'copy');
  }

  /** Starts an agent as an operator does. */
  startAgent(name = FIRST, settings: NodeJS.ProcessEnv = {}): void {
    const flags = {
      nats: this.natsUrl,
      region: REGION,
      slots: String(this.count),
      ports: this.ports.get(name) ?? '',
      data: this.dataOf(name),
      agent: name,
      'stop-grace-ms': '5000',
    };
    const words = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
    const game = [process.execPath, GAME, '--port', '{port}', '--callback-port', '{callback_port}'];
    // With little memory the heap is collected often, so that leaks become visible.
    const small = {
      NODE_OPTIONS: '--max-old-space-size=64 --max-semi-space-size=2',
      BERTH_GAME_ENV: 'NODE_OPTIONS',
    };
    const env = { BERTH_SDK_PORT: 'off', ...small, ...this.settings, ...settings };
    this.agents.set(name, this.run(name, [CLI, 'agent', ...words, '--', ...game], env));
  }

  async killAgent(name = FIRST): Promise<void> {
    const agent = this.agents.get(name);
    if (agent === undefined) return;
    const ended = once(agent, 'exit');
    agent.kill('SIGKILL');
    await ended;
  }

  get slots(): SeenLog['slots'] {
    return this.log.slots;
  }

  /** Resolves as soon as the condition is true according to the log. */
  until(isSo: () => boolean): Promise<void> {
    return this.log.until(isSo);
  }

  whenAllWarm(): Promise<void> {
    return this.until(() => {
      const warm = [...this.slots.values()].filter(({ state: { value } }) => {
        return typeof value === 'object' && 'available' in value && value.available === 'warm';
      });
      return warm.length === this.count * this.names.length;
    });
  }

  /** The slot that has the allocation, or had it last. */
  slotOf(allocationId: string): Seen | undefined {
    return [...this.slots.values()].find(({ state: { context } }) => {
      const { allocation, lastEnd } = context;
      return allocation?.id === allocationId || lastEnd?.allocationId === allocationId;
    });
  }

  /** Living processes that belong to this machine, including games and their keepers. */
  processes(): readonly number[] {
    return processesWith(this.folder);
  }

  async close(): Promise<void> {
    await this.client.close().catch(() => undefined);
    await this.log.close();
    for (const child of this.children) child.kill('SIGKILL');
    await Promise.all(this.servers.map((server) => server.stop()));
    for (const pid of this.processes()) kill(pid);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Starts a program of Berth; `printed` returns its output. */
  run(name: string, words: readonly string[], settings: NodeJS.ProcessEnv): ChildProcess {
    const logs = join(this.folder, 'logs');
    mkdirSync(logs, { recursive: true });
    const log = openSync(join(logs, `${name}.log`), 'a');
    const env = { PATH: process.env['PATH'], NATS_URL: this.natsUrl, ...settings };
    const child = spawn(process.execPath, words, {
      env,
      cwd: this.folder,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.children.add(child);
    child.once('exit', () => this.children.delete(child));
    return child;
  }

  /** The output of a program. */
  printed(name: string): string {
    return readFileSync(join(this.folder, 'logs', `${name}.log`), 'utf8');
  }
}

function storeOf({ dataDirectory }: NatsServer): string {
  return join(dataDirectory, 'jetstream');
}

import { BerthClient } from '#client';
import { connectNats, JetStreamEventLog, slotStreamName } from '#jetstream';
import { startNatsServer, type NatsServer } from '#nats-server';
import { SystemClock } from '#service';
import type { SlotEvent, SlotState } from '#slot';
import { slotFactCodec, slotOfSubject, slotsSubject } from '#wire';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
} from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const REGION = 'local';
const CLI = resolve('dist/apps/cli/src/main.js');
const ALLOCATOR = resolve('dist/apps/allocator/src/main.js');
const GAME = resolve('dist/examples/game-server/src/main.js');

/** What the log says of one slot. */
interface Seen {
  state: SlotState;
  readonly events: SlotEvent[];
}

/** A region of one machine, each part of it a real process: nats-server, allocator, agent, games. */
export class Machine {
  readonly folder = mkdtempSync(join(tmpdir(), 'berth-machine-'));
  readonly slots = new Map<string, Seen>();
  client!: BerthClient;
  private nats!: NatsServer;
  private readonly children = new Set<ChildProcess>();
  private agent: ChildProcess | undefined;
  private readonly waiting = new Set<() => void>();
  private closeLog: () => Promise<void> = () => Promise.resolve();
  private ports = '';

  constructor(readonly count: number) {}

  get agentPid(): number {
    return this.agent?.pid ?? 0;
  }

  get natsUrl(): string {
    return this.nats.url;
  }

  /** The agent's own folder. */
  get data(): string {
    return join(this.folder, 'agent');
  }

  /** Resolves when all slots have a game waiting. */
  async start(): Promise<void> {
    this.nats = await startNatsServer({ dataDirectory: join(this.folder, 'nats') });
    const first = await freePort();
    this.ports = `${first}-${Math.min(first + 20 * this.count, 65_535)}`;
    this.run('allocator', [ALLOCATOR], { BERTH_REGIONS: REGION });
    this.client = await BerthClient.connect({ servers: this.nats.url });
    this.startAgent();
    await this.follow();
    await this.whenAllWarm();
  }

  /** The agent as an operator starts it. */
  startAgent(): void {
    const flags = {
      nats: this.nats.url,
      region: REGION,
      slots: String(this.count),
      ports: this.ports,
      data: this.data,
      'sdk-port': 'off',
      'stop-grace-ms': '5000',
    };
    const words = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
    const game = [process.execPath, GAME, '--port', '{port}', '--callback-port', '{callback_port}'];
    // Little memory, so that it is used again: what is never given back then shows.
    const small = { NODE_OPTIONS: '--max-old-space-size=64 --max-semi-space-size=2' };
    this.agent = this.run('agent', [CLI, 'agent', ...words, '--', ...game], small);
  }

  async killAgent(): Promise<void> {
    const { agent } = this;
    if (agent === undefined) return;
    const ended = once(agent, 'exit');
    agent.kill('SIGKILL');
    await ended;
  }

  /** Resolves as soon as the log says so. */
  until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!isSo()) return;
        this.waiting.delete(look);
        resolve();
      };
      this.waiting.add(look);
      look();
    });
  }

  whenAllWarm(): Promise<void> {
    return this.until(() => {
      const warm = [...this.slots.values()].filter(({ state: { value } }) => {
        return typeof value === 'object' && 'available' in value && value.available === 'warm';
      });
      return warm.length === this.count;
    });
  }

  /** The slot that has, or had last, the allocation. */
  slotOf(allocationId: string): Seen | undefined {
    return [...this.slots.values()].find(({ state: { context } }) => {
      const { allocation, lastEnd } = context;
      return allocation?.id === allocationId || lastEnd?.allocationId === allocationId;
    });
  }

  /** Living processes that are of this machine: games and their keepers among them. */
  processes(): readonly number[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
      .filter((name) => (proc(name, 'cmdline') + proc(name, 'environ')).includes(this.folder))
      .filter((name) => !/^State:\s+[ZX]/m.test(proc(name, 'status')))
      .map(Number);
  }

  async close(): Promise<void> {
    await this.client.close().catch(() => undefined);
    await this.closeLog();
    for (const child of this.children) child.kill('SIGKILL');
    await this.nats.stop();
    for (const pid of this.processes()) kill(pid);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }

  private run(name: string, words: readonly string[], settings: NodeJS.ProcessEnv): ChildProcess {
    const logs = join(this.folder, 'logs');
    mkdirSync(logs, { recursive: true });
    const log = openSync(join(logs, `${name}.log`), 'a');
    const env = { PATH: process.env['PATH'], NATS_URL: this.nats.url, ...settings };
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

  private async follow(): Promise<void> {
    const clock = new SystemClock();
    const connection = await connectNats({ servers: this.nats.url, name: 'spec' });
    const stream = slotStreamName(REGION);
    const log = await JetStreamEventLog.open(connection, { stream, codec: slotFactCodec, clock });
    for (;;) {
      try {
        const watching = await log.watch(slotsSubject(REGION), {
          receive: (item) => {
            if (item.kind === 'setAside') throw new Error(item.reason);
            const { slot } = slotOfSubject(item.subject);
            const seen = this.slots.get(slot) ?? { state: item.fact.state, events: [] };
            seen.state = item.fact.state;
            seen.events.push(item.fact.event);
            this.slots.set(slot, seen);
            for (const look of this.waiting) look();
          },
        });
        this.closeLog = async () => {
          watching.close();
          await connection.close();
        };
        return;
      } catch {
        // The log comes with the allocator.
        await clock.sleep(100);
      }
    }
  }
}

function proc(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1');
  } catch {
    return '';
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

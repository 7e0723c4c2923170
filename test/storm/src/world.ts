import { startNatsServer, type NatsServer } from '#nats-server';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findClusterBinary, startCluster, urlsOf } from '../../contracts/src/cluster.js';
import { limitedStore } from '../../contracts/src/full-store.js';
import { killGames } from './games.js';
import type { MatchmakerParameters } from './matchmaker.js';
import { ONLOOKERS, onlookersIn } from './onlookers.js';
import { CALLBACK_MS, COLD_START_MS, FLEETS, IDLE_MS, REGION, type Fleet } from './play.js';
import type { Plan } from './options.js';
import { Service } from './service.js';

/** Number of agents without games, and of slots of each: the volume. */
export const STUBS = 3;
const STUB_SLOTS = 120;

/**
 * Below the ports that systems assign by themselves; each process of the storm uses another range.
 */
const PORTS = { first: 12_000, span: 200, each: 60 } as const;

/** Services with a port for metrics, and how many of one kind there may be. */
const METRICS_OF: readonly string[] = ['allocator', 'shell', 'http', ...ONLOOKERS];
const SAME_MAX = 4;

/** What is reserved for published requests, which the storm has none of, and for refusals. */
const QUEUE_BYTES = '4194304';

const own = (name: string) => new URL(`./${name}.js`, import.meta.url);

/** Where compiled modules are, like `apps/allocator/src/main.js`. */
export interface Tree {
  module(path: string): URL;
}

const HTTP_GAME = [process.execPath, own('game').pathname];

/** Ends well in seven of eight cases, depending on the process id. */
const SHELL_GAME = ['/bin/sh', '-c', '/bin/sleep 0.4; [ $(($$ % 8)) -ne 0 ]'];

/** An agent with real processes, and their data folder. */
export interface RealAgent {
  readonly service: Service;
  readonly dataFolder: string;
}

export async function startServers(
  folder: string,
  plan: StorePlan,
): Promise<readonly NatsServer[]> {
  const storeOf = (dataDirectory: string) =>
    plan.fullDisk ? limitedStore(dataDirectory, storeBytes(plan)) : '';
  if (!plan.cluster) {
    const dataDirectory = join(folder, 'nats');
    return [await startNatsServer({ dataDirectory, extraConfig: storeOf(dataDirectory) })];
  }
  const found = await findClusterBinary(process.env);
  if ('missing' in found) throw new Error(found.missing);
  return startCluster(folder, found.binary, storeOf);
}

type StorePlan = Pick<Plan, 'cluster' | 'fullDisk' | 'minutes' | 'mixed'>;

/** All that a server may store (bytes): more than a storm of this length does by itself. */
function storeBytes({ minutes, mixed }: StorePlan): number {
  // Version 0.2.0 reserves 1 GiB for each of two streams.
  return (mixed ? 2_147_483_648 : 0) + Math.ceil(64 + 32 * minutes) * 1_048_576;
}

/** Settings for games that have no callback and listen nowhere. */
const NOT_CALLED = { BERTH_CALLBACK: 'none', BERTH_READY: 'running' };

/** All processes of a storm except the nats-servers. */
export class World {
  readonly allocators: readonly Service[];
  readonly stubs: readonly Service[];
  readonly realAgents: readonly RealAgent[];
  readonly matchmakers: readonly Service[];
  readonly onlookers: readonly Service[];
  private readonly urls: string;
  private readonly portsFrom = PORTS.first + (process.pid % PORTS.span) * 3 * PORTS.each;

  constructor(
    private readonly folder: string,
    readonly servers: readonly NatsServer[],
    private readonly counts: WorldCounts,
    /** Chooses the version of a service at each of its starts. */
    private readonly anyTree: () => Tree,
  ) {
    this.urls = urlsOf(servers);
    this.allocators = numbered(counts.allocators, (name) => this.allocator(`allocator-${name}`));
    this.stubs = numbered(counts.stubs, (name) => this.stub(`stub-${name}`));
    this.realAgents = [
      this.realAgent(0, 'shell', 6, { ...NOT_CALLED, BERTH_KEEP_WARM: 'false' }),
      this.realAgent(1, 'shell', 6, { ...NOT_CALLED, BERTH_KEEP_WARM: 'false' }),
      this.realAgent(2, 'http', 4, {}),
    ];
    this.matchmakers = counts.matchmakers.map((needs, index) => this.matchmaker(index, needs));
    const { urls, httpPort } = this;
    const metricsPort = (name: string) => this.metricsPort(name);
    this.onlookers = onlookersIn({ urls, folder, httpPort, metricsPort });
  }

  get services(): readonly Service[] {
    const real = this.realAgents.map(({ service }) => service);
    return [...this.allocators, ...this.stubs, ...real, ...this.matchmakers, ...this.onlookers];
  }

  get diaries(): readonly string[] {
    return this.matchmakers.map((_, index) => this.diary(index));
  }

  /** Number of slots of all agents together. */
  get slots(): number {
    return this.stubs.length * STUB_SLOTS + 6 + 6 + 4;
  }

  async start(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    await Promise.all(this.allocators.map((allocator) => allocator.start()));
    const agents = [...this.stubs, ...this.realAgents.map(({ service }) => service)];
    await Promise.all([...agents, ...this.onlookers].map((service) => service.start()));
  }

  /** Stops everything, in whatever state it is, and leaves nothing behind. */
  async stop(): Promise<void> {
    const agents = this.realAgents.map(({ service }) => service);
    await Promise.all(agents.map((agent) => agent.stop()));
    await Promise.all(this.services.map((service) => service.abolish()));
    await Promise.all(this.realAgents.map(({ dataFolder }) => killGames(dataFolder)));
    await Promise.all(this.servers.map((server) => server.kill()));
  }

  private allocator(name: string): Service {
    const env = {
      NATS_URL: this.urls,
      BERTH_REGIONS: REGION,
      BERTH_REPLICAS: String(this.servers.length),
      BERTH_REQUESTS_BYTES_MAX: QUEUE_BYTES,
      BERTH_OUTCOMES_BYTES_MAX: QUEUE_BYTES,
      BERTH_ENCRYPT_PAYLOADS: String(this.counts.encrypts),
      BERTH_METRICS_PORT: String(this.metricsPort(name)),
      LOG_LEVEL: 'warn',
    };
    return new Service({ name, main: () => this.app('allocator'), env, logFile: this.log(name) });
  }

  private stub(agent: string): Service {
    const words = [JSON.stringify({ servers: this.urls, agent, slots: STUB_SLOTS })];
    return new Service({
      name: agent,
      main: () => this.storm('stub-agent'),
      words,
      logFile: this.log(agent),
    });
  }

  private realAgent(index: number, fleet: Fleet, slots: number, more: Record<string, string>) {
    const name = `${fleet}-${index + 1}`;
    const dataFolder = join(this.folder, name);
    const first = this.portsFrom + index * PORTS.each;
    const env = {
      NATS_URL: this.urls,
      LOG_LEVEL: 'warn',
      BERTH_REGION: REGION,
      BERTH_AGENT: name,
      BERTH_METRICS_PORT: String(this.metricsPort(name)),
      BERTH_DATA: dataFolder,
      BERTH_FLEET: FLEETS[fleet],
      BERTH_SLOTS: String(slots),
      BERTH_PORTS: `${first}-${first + PORTS.each - 1}`,
      BERTH_COMMAND: JSON.stringify(fleet === 'http' ? HTTP_GAME : SHELL_GAME),
      BERTH_CALLBACK_MS: String(CALLBACK_MS),
      BERTH_COLD_START_MS: String(COLD_START_MS),
      BERTH_IDLE_MS: String(IDLE_MS),
      BERTH_RESTARTS_MAX: '1',
      BERTH_STOP_GRACE_MS: '1000',
      BERTH_ON_STOP: 'end',
      ...more,
    };
    const service = new Service({
      name,
      main: () => this.app('agent'),
      env,
      logFile: this.log(name),
    });
    return { service, dataFolder };
  }

  private matchmaker(index: number, { seed, requestsPerSecond }: MatchmakerNeeds): Service {
    const name = `matchmaker-${index + 1}`;
    const parameters: MatchmakerParameters = {
      servers: this.urls,
      diary: this.diary(index),
      seed,
      requestsPerSecond,
      hasStubs: this.counts.stubs > 0,
    };
    const words = [JSON.stringify(parameters)];
    return new Service({ name, main: this.storm('matchmaker'), words, logFile: this.log(name) });
  }

  /** Where each service but the stubs says what it does, and whether it is ready. */
  get metricsPorts(): ReadonlyMap<string, number> {
    const agents = this.realAgents.map(({ service }) => service.name);
    const names = [...this.allocators.map(({ name }) => name), ...agents, ...ONLOOKERS];
    return new Map(names.map((name) => [name, this.metricsPort(name)]));
  }

  get gatewayUrl(): string {
    return `http://127.0.0.1:${this.httpPort}`;
  }

  /** Behind the ports of the last agent's games, from the end. */
  private metricsPort(name: string): number {
    const [, kind = name, number = '0'] = /^(\w+)-(\d+)$/.exec(name) ?? [];
    const before = METRICS_OF.indexOf(kind);
    return this.httpPort - 1 - before * SAME_MAX - Number(number);
  }

  private get httpPort(): number {
    return this.portsFrom + 3 * PORTS.each - 1;
  }

  private app(name: string): URL {
    return this.anyTree().module(`apps/${name}/src/main.js`);
  }

  private storm(name: string): URL {
    return this.anyTree().module(`test/storm/src/${name}.js`);
  }

  private diary(index: number): string {
    return join(this.folder, `diary-${index + 1}.jsonl`);
  }

  private log(name: string): string {
    return join(this.folder, `${name}.log`);
  }
}

interface WorldCounts {
  readonly allocators: number;
  readonly stubs: number;
  readonly matchmakers: readonly MatchmakerNeeds[];
  /** Whether payloads and answers are encrypted in the log. */
  readonly encrypts: boolean;
}

export type MatchmakerNeeds = Pick<MatchmakerParameters, 'seed' | 'requestsPerSecond'>;

function numbered<Thing>(count: number, make: (number: number) => Thing): readonly Thing[] {
  return Array.from({ length: count }, (_, index) => make(index + 1));
}

import type { Random } from '#kernel';
import type { NatsServer } from '#nats-server';
import { cp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { kill, runningGames } from './games.js';
import { FILLER, type Filler } from '../../contracts/src/full-store.js';
import type { Plan } from './options.js';
import type { Outage } from './readiness.js';
import { draw } from './habits.js';
import type { Service } from './service.js';
import type { Standstill } from './standstill.js';
import { streamLeader } from './leader.js';
import { weightsOf, type DrawnFault } from './weights.js';
import type { World } from './world.js';

/** As long as a virtual machine that is moved (ms). */
const FROZEN_MS = { least: 10_000, most: 40_000 } as const;

/** How long a store stays full (ms). */
const FULL_MS = { least: 1_000, most: 14_000 } as const;

/** Pause before the store is emptied again, if nats-server did not answer (ms). */
const EMPTY_AGAIN_MS = 500;

/** How long a copy of the store is kept until it is put back (ms). */
const OLD_MS = { least: 500, most: 4_000 } as const;

/** After it was put back, the agents have this time until the next one (ms). */
const RESTORED_MS = 15_000;

export type FaultKind = DrawnFault | 'pause allocator for a minute';

/** Time from one fault to the next (ms); several may be going on at the same time. */
const BETWEEN_MS = { least: 300, most: 1_900 } as const;

const AWAY_MS = { least: 50, most: 1_500 } as const;
const PAUSED_MS = { least: 500, most: 6_000 } as const;
/** A single server is frozen for less time, because everything stands still. */
const SERVER_PAUSED_MS = { least: 300, most: 3_000 } as const;
/** Longer than the election of a new leader, and than the client waits. */
const LEADER_PAUSED_MS = { least: 2_000, most: 13_000 } as const;

/** How long an allocator that stood still has to catch up before another fault strikes it (ms). */
const RECOVERY_MS = 5_000;

interface Span {
  readonly least: number;
  readonly most: number;
}

/**
 * Kills and pauses processes at random, and brings all of them back. Each process has one fault at
 * a time.
 */
export class Faults {
  readonly counts = new Map<FaultKind, number>();
  readonly standstills: Standstill[] = [];
  /** When nats-server did not answer at all, or stored nothing. */
  readonly outages: Outage[] = [];
  /** The times whose events the log has lost. */
  readonly lostTimes: Outage[] = [];
  private readonly stricken = new Set<object>();
  private readonly underWay = new Set<Promise<void>>();

  constructor(
    private readonly world: World,
    private readonly random: Random,
    private readonly plan: Plan,
    private readonly filler: Filler,
  ) {}

  get kills(): number {
    return [...this.counts].reduce((sum, [kind, n]) => sum + (kind.startsWith('kill') ? n : 0), 0);
  }

  /** Runs until the signal; resolves when every process is up again. */
  async rage(signal: AbortSignal): Promise<void> {
    const weights = weightsOf(this.plan);
    if (this.plan.pauseAllocatorMs > 0) this.begin(this.pauseForLong());
    while (!signal.aborted) {
      this.begin(this.strike(draw(weights, this.random)));
      await sleep(this.within(BETWEEN_MS), undefined, { signal }).catch(() => undefined);
    }
    await Promise.all(this.underWay);
  }

  private begin(blow: Promise<void>): void {
    const underWay = blow.finally(() => this.underWay.delete(underWay));
    this.underWay.add(underWay);
  }

  private pauseForLong(): Promise<void> {
    const kind = 'pause allocator for a minute';
    return this.strikeOne(kind, this.world.allocators, async (service) => {
      const { pid } = service;
      service.pause();
      await sleep(this.plan.pauseAllocatorMs);
      this.standstills.push({ service, pid, resumedAt: Date.now() });
      service.resume();
      // No other fault strikes it in this time, so that it can show that it catches up.
      await sleep(RECOVERY_MS);
    });
  }

  private strike(kind: DrawnFault): Promise<void> {
    const { allocators, stubs, realAgents } = this.world;
    const agents = realAgents.map(({ service }) => service);
    switch (kind) {
      case 'kill game':
        return this.killGame();
      case 'kill allocator':
        return this.killService(kind, allocators);
      case 'kill agent':
        return this.killService(kind, agents);
      case 'kill stub agent':
        return this.killService(kind, stubs);
      case 'kill nats-server':
        return this.killServer();
      case 'pause allocator':
        return this.pauseOne(kind, allocators, PAUSED_MS);
      case 'pause agent':
        return this.pauseOne(kind, agents, PAUSED_MS);
      case 'pause stub agent':
        return this.pauseOne(kind, stubs, PAUSED_MS);
      case 'pause nats-server':
        return this.pauseServer();
      case 'freeze service':
        return this.pauseOne(kind, [...allocators, ...agents, ...stubs], FROZEN_MS);
      case 'freeze nats-server':
        return this.freezeServer();
      case 'put nats-server back':
        return this.putServerBack();
      case 'fill the store':
        return this.fillStore();
      default:
        return kind satisfies never;
    }
  }

  private async killGame(): Promise<void> {
    const folders = this.world.realAgents.map(({ dataFolder }) => dataFolder);
    const games = (await Promise.all(folders.map(runningGames))).flat();
    const victim = this.one(games);
    if (victim === undefined) return;
    this.count('kill game');
    kill(victim.game.pid);
  }

  private killService(kind: FaultKind, services: readonly Service[]): Promise<void> {
    return this.strikeOne(kind, services, async (service) => {
      await service.kill();
      await sleep(this.within(AWAY_MS));
      await service.start();
    });
  }

  private async killServer(): Promise<void> {
    const targets = await this.serverTargets();
    await this.strikeOne('kill nats-server', targets, async (server) => {
      await server.kill();
      await sleep(this.within(AWAY_MS));
      await server.restart();
    });
  }

  private async pauseServer(): Promise<void> {
    const span = this.world.servers.length > 1 ? LEADER_PAUSED_MS : SERVER_PAUSED_MS;
    await this.pauseOne('pause nats-server', await this.serverTargets(), span);
  }

  private async freezeServer(): Promise<void> {
    await this.strikeOne('freeze nats-server', await this.serverTargets(), async (server) => {
      const from = Date.now();
      server.pause();
      await sleep(this.within(FROZEN_MS));
      if (this.world.servers.length === 1) this.outages.push({ from, to: Date.now() });
      server.resume();
    });
  }

  /** Like a machine that is reset to a snapshot of its disk. */
  private async putServerBack(): Promise<void> {
    await this.strikeOne('put nats-server back', this.world.servers, async (server) => {
      const store = join(server.dataDirectory, 'jetstream');
      const copy = `${server.dataDirectory}-copy`;
      const from = Date.now();
      // The storm's own filler comes and goes, and its files with it.
      const filter = (path: string) => !path.endsWith(FILLER);
      await cp(store, copy, { recursive: true, filter });
      await sleep(this.within(OLD_MS));
      await server.kill();
      await rm(store, { recursive: true });
      await rename(copy, store);
      await server.restart();
      this.lostTimes.push({ from, to: Date.now() });
      await sleep(RESTORED_MS);
    });
  }

  /** While the store is full, nats-server may be killed, frozen or put back as well. */
  private async fillStore(): Promise<void> {
    await this.strikeOne('fill the store', [this.filler], async (filler) => {
      const isFull = await succeeds(filler.fill());
      const from = Date.now();
      await sleep(this.within(FULL_MS));
      const to = Date.now();
      const wasFull = isFull && (await filler.isFull().catch(() => false));
      // The servers of a cluster need not be full all at once; version 0.2.0 knows of no full store.
      const isKnown = this.world.servers.length === 1 && !this.plan.mixed;
      if (wasFull && isKnown) this.outages.push({ from, to });
      while (!(await succeeds(filler.empty()))) await sleep(EMPTY_AGAIN_MS);
    });
  }

  private pauseOne(
    kind: FaultKind,
    targets: readonly { pause(): void; resume(): void }[],
    span: Span,
  ): Promise<void> {
    return this.strikeOne(kind, targets, async (target) => {
      target.pause();
      await sleep(this.within(span));
      target.resume();
    });
  }

  /**
   * In a cluster only the leader, one at a time: with two of three servers away, nothing can work.
   */
  private async serverTargets(): Promise<readonly NatsServer[]> {
    const { servers } = this.world;
    if (servers.length === 1) return servers;
    if (servers.some((server) => this.stricken.has(server))) return [];
    const leader = await streamLeader(servers);
    return leader === undefined ? servers : [leader];
  }

  private async strikeOne<Target extends object>(
    kind: FaultKind,
    targets: readonly Target[],
    blow: (target: Target) => Promise<void>,
  ): Promise<void> {
    const target = this.one(targets.filter((one) => !this.stricken.has(one)));
    if (target === undefined) return;
    this.stricken.add(target);
    this.count(kind);
    await blow(target).finally(() => this.stricken.delete(target));
  }

  private count(kind: FaultKind): void {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
  }

  private one<Thing>(things: readonly Thing[]): Thing | undefined {
    return things[Math.floor(this.random.fraction() * things.length)];
  }

  private within({ least, most }: Span): number {
    return least + (most - least) * this.random.fraction();
  }
}

/** Whether nats-server did what was asked for; it may be killed or frozen meanwhile. */
function succeeds(work: Promise<void>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}

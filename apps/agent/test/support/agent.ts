import type { BuildConfiguration } from '#build';
import { JsonText } from '#json';
import type { Bus } from '#kernel';
import { MemoryBus, MemoryEventLog } from '#memory';
import { createLogger, SystemRandom, SystemClock } from '#service-runtime';
import type { Assignment, SlotLimits } from '#slot';
import { someLimits, freePort } from '#testing';
import { slotRecordCodec, type SlotRecord } from '#wire';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Agent, type AgentDeps, type AgentSettings } from '../../src/agent.js';
import { aConfiguration, TestCatalogue } from './builds.js';
import { ConfiguredCallback } from '../../src/game/configured-callback.js';
import { HttpCallback } from '../../src/game/http-callback.js';
import { HostPorts } from '../../src/machine/ports.js';
import { DiskSlotFolder } from '../../src/machine/slot-folder.js';
import { GameRunner } from '../../src/process/game-runner.js';
import type { Run } from '../../src/process/processes.js';
import type { GameSettings } from '../../src/slot/game-settings.js';
import type { SlotReconciler } from '../../src/slot/slot-reconciler.js';
import { TELLING_GAME } from './game.js';
import { TestRegion } from './region.js';

const clock = new SystemClock();
const ref = { region: 'local', agent: 'pier', slot: '1' };

/** A version of the build configuration that `TestMachine.learn` puts into the catalogue. */
export const duel = (version: number) => ({ buildConfiguration: 'duel', version });

/** What a spec may set of a claim. */
export interface TestClaim {
  readonly payload?: unknown;
  readonly run?: Assignment;
  readonly readiness?: boolean;
  readonly fresh?: boolean;
  readonly limits?: Partial<SlotLimits>;
}

/** One machine with one slot and real games, and a region whose one allocator knows the log. */
export class TestMachine {
  readonly catalogue = new TestCatalogue();
  readonly region: TestRegion;
  slot: SlotReconciler | undefined;
  /** How many times its agent was started. */
  incarnation = 0;
  private agent: Agent | undefined;
  private readonly log = new MemoryEventLog<SlotRecord>(slotRecordCodec, { clock });
  readonly bus: Bus = new MemoryBus(clock);

  private constructor(
    readonly data: string,
    /** The first port of the range for games. */
    readonly first: number,
  ) {
    this.region = new TestRegion(this.log, this.bus, ref);
  }

  /** @param game the text of its game; if missing, a game that answers how it was started */
  static async open(game = TELLING_GAME): Promise<TestMachine> {
    const data = await mkdtemp(join(tmpdir(), 'berth-machine-'));
    await mkdir(join(data, 'bin'));
    const machine = new TestMachine(data, await freePort());
    await writeFile(machine.game, game, { mode: 0o755 });
    await machine.region.open();
    return machine;
  }

  /** Path of its game. */
  get game(): string {
    return join(this.data, 'bin', 'game.mjs');
  }

  /** Tells it a version of the build configuration `duel`, which runs its game if nothing else is said. */
  learn(version: number, changes: Partial<BuildConfiguration> = {}): void {
    this.catalogue.learn(duel(version), aConfiguration({ executable: this.game, ...changes }));
  }

  /** Starts the agent, for the first time or again. */
  async start(
    changes: Partial<GameSettings> = {},
    more: Partial<AgentDeps> = {},
    onStop: AgentSettings['onStop'] = 'keep',
  ): Promise<void> {
    this.incarnation += 1;
    this.agent = new Agent(
      { region: ref.region, agent: ref.agent, incarnation: this.incarnation },
      { game: { ...this.settings, ...changes }, slots: ['1'], onStop },
      {
        eventLog: this.log,
        clock,
        random: new SystemRandom(),
        bus: this.bus,
        logger: createLogger('agent', 'silent'),
        processes: new GameRunner(this.data, clock),
        callback: new ConfiguredCallback(clock),
        ports: new HostPorts({ first: this.first, last: Math.min(this.first + 100, 65_535) }),
        openFolder: (slot) => DiskSlotFolder.open(this.data, slot),
        catalogue: this.catalogue,
        opened: (slot) => (this.slot = slot),
        ...more,
      },
    );
    await this.agent.start();
  }

  /** Stops the agent; its games go on. */
  async stop(): Promise<void> {
    await this.agent?.close();
  }

  async close(): Promise<void> {
    await this.stop();
    const left = await this.findRun();
    await left?.stop(0);
    left?.release();
    this.region.close();
    await rm(this.data, { recursive: true, force: true });
  }

  claim(allocationId: string, claim: TestClaim = {}): Promise<void> {
    const { run, readiness = false, fresh = false, payload = {} } = claim;
    const limits = { ...someLimits({ callbackMs: 10_000, restartsMax: 2 }), ...claim.limits };
    return this.region.command({
      type: 'RequestAllocation',
      at: clock.now(),
      allocationId,
      attempt: 1,
      allocator: 'test',
      buildConfiguration: run?.buildConfiguration ?? null,
      payload: JsonText.of(payload),
      idleMs: null,
      terms: run ? { version: run.version, limits, readiness } : null,
      fresh,
      requestedBy: 'matchmaker',
    });
  }

  assign(assigned: Assignment | null): Promise<void> {
    return this.region.command({ type: 'AssignConfiguration', at: clock.now(), assigned });
  }

  /**
   * Makes the game do something to itself. Tries again until a game that was just started listens.
   */
  async tell(path: string): Promise<void> {
    const { ports } = JSON.parse(await this.read('slot.json')) as { ports: { callback: number } };
    await new HttpCallback({ path, envelope: 'bare' }, clock).deliver({
      game: { process: { startedAt: 0 }, socketsOn: async () => null },
      ports: { game: 0, query: 0, callback: ports.callback },
      ip: '127.0.0.1',
      token: '',
      payload: JsonText.null,
      until: clock.now() + 5_000,
      signal: new AbortController().signal,
    });
  }

  /** Waits until the slot's game was told of a session; returns the slot. */
  async told(): Promise<SlotReconciler> {
    for (;;) {
      const { slot } = this;
      if (slot && slot.told !== null && slot.token !== null) return slot;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** The slot's run, found without an agent. */
  findRun(): Promise<Run | null> {
    return new GameRunner(this.data, clock).find('1');
  }

  /** Reads a file of the slot's folder. */
  read(name: string): Promise<string> {
    return readFile(join(this.data, '1', name), 'utf8');
  }

  /** The allocation that server.json tells the game; empty if it has none. */
  async allocated(): Promise<string | undefined> {
    return (JSON.parse(await this.read('server.json')) as Record<string, string>)['allocatedUUID'];
  }

  /** What build configurations may do here: run its game. */
  get allowed(): GameSettings['allowed'] {
    const executables = [join(this.data, 'bin')];
    return { own: process.execPath, executables, folders: [], mode: 0o660, unlimitedBecause: null };
  }

  private get settings(): GameSettings {
    return {
      fleet: 'harbour',
      buildConfiguration: 'harbour-1',
      command: [process.execPath, this.game],
      environment: { PATH: process.env['PATH'] ?? '' },
      attributes: {},
      requiredAttributes: [],
      priority: 0,
      ip: '127.0.0.1',
      limits: someLimits({ callbackMs: 10_000, restartsMax: 2 }),
      keepWarm: true,
      stopGraceMs: 2_000,
      runsAny: true,
      allowed: this.allowed,
    };
  }
}

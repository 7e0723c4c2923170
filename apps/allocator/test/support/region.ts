import type { Cancel, EventLog } from '#kernel';
import {
  ManualClock,
  type MemoryBuildFiles,
  MemoryBus,
  MemoryEventLog,
  MemoryKeyStore,
  MemoryOutcomeStore,
  MemoryRequestQueue,
  SeededRandom,
} from '#memory';
import { tell } from '#rpc';
import { createLogger } from '#service-runtime';
import type { SlotEvent, SlotReport } from '#slot';
import { START } from '#testing';
import {
  allocationRequest,
  BEAT_MS,
  endpoints,
  slotRecordCodec,
  type BuildRecord,
  type ConfigurationRecord,
  type FleetRecord,
  type MachineRecord,
  type SlotRecord,
} from '#wire';
import { Allocator } from '../../src/allocator.js';
import type { AllocatorOptions } from '../../src/options.js';
import type { AllocatorPorts } from '../../src/ports.js';
import { TestAgent, type Answer } from './agent.js';
import { settingsInMemory } from './settings-in-memory.js';

const REGION = 'eu';
const STEP_MS = 50;

/** Number of turns without an answer after which a test fails. */
const TURNS_MAX = 20_000;

export function aRequest(allocationId: string, change: object = {}) {
  return allocationRequest.parse({ region: REGION, allocationId, ...change });
}

/** A region in memory: a log, a clock that moves only by `pass`, allocators, and an agent. */
export class TestRegion {
  readonly clock = new ManualClock(START);
  readonly bus = new MemoryBus(this.clock);
  readonly log: EventLog<SlotRecord>;
  readonly fleets: EventLog<FleetRecord>;
  readonly machines: EventLog<MachineRecord>;
  readonly configurations: EventLog<ConfigurationRecord>;
  readonly builds: EventLog<BuildRecord>;
  readonly files: MemoryBuildFiles;
  readonly allocators: Allocator[] = [];
  readonly agent: TestAgent;
  readonly requests: MemoryRequestQueue;
  readonly outcomes = new MemoryOutcomeStore();
  readonly keys = new MemoryKeyStore();
  private started = 0;
  private stopBeating: Cancel = () => undefined;

  constructor(
    private readonly options: Partial<AllocatorOptions> = {},
    duplicateWindowMs = 120_000,
  ) {
    const { clock } = this;
    this.log = new MemoryEventLog(slotRecordCodec, { clock, duplicateWindowMs });
    const { fleets, machines, configurations, builds, files } = settingsInMemory(clock);
    this.fleets = fleets;
    this.machines = machines;
    this.configurations = configurations;
    this.builds = builds;
    this.files = files;
    this.requests = new MemoryRequestQueue(clock);
    this.agent = new TestAgent(REGION, this.log, clock, this.allocators);
  }

  /** Starts one more allocator, which knows only the log. */
  async startAllocator(changes: Partial<AllocatorPorts> = {}): Promise<Allocator> {
    this.started += 1;
    const allocator = new Allocator(
      `allocator-${this.started}`,
      REGION,
      { ...this.ports(), ...changes },
      { rollCallMs: 0, ...this.options },
    );
    await allocator.start();
    this.allocators.push(allocator);
    return allocator;
  }

  private ports() {
    const { clock, bus, log, fleets, machines, configurations, builds, files } = this;
    const { requests, outcomes, keys } = this;
    const random = new SeededRandom(this.started);
    const catalogue = { configurations, builds, files };
    const stores = { log, fleets, machines, ...catalogue, requests, outcomes, keys };
    return { clock, bus, ...stores, random, logger: silent };
  }

  stop(allocator: Allocator): void {
    allocator.stop();
    this.allocators.splice(this.allocators.indexOf(allocator), 1);
  }

  close(): void {
    this.stopBeating();
    this.agent.close();
    for (const allocator of [...this.allocators]) this.stop(allocator);
  }

  /**
   * Gives the machine these slots; its agent beats, and reports as soon as there is something to
   * report.
   */
  own(...slots: readonly string[]): Promise<void> {
    this.stopBeating();
    this.stopBeating = this.clock.every(BEAT_MS, () =>
      tell(this.bus, endpoints.beat, { region: REGION, agent: 'm' }, { incarnation: START }),
    );
    return this.agent.own(...slots);
  }

  report(slot: string, seen: number, change: Partial<SlotReport>): Promise<void> {
    return this.agent.report(slot, seen, change);
  }

  /** How the games answer, by slot; a slot without an entry acknowledges. */
  set answers(answers: Record<string, Answer>) {
    this.agent.answers = answers;
  }

  /** Advances time, and lets everything that this starts settle. */
  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += STEP_MS) {
      this.clock.advance(Math.min(STEP_MS, ms - passed));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Advances time until the promise is settled. */
  async kept<T>(promise: Promise<T>): Promise<T> {
    let isKept = false;
    const kept = promise.finally(() => (isKept = true));
    for (let turns = 0; !isKept && turns < TURNS_MAX; turns += 1) await this.pass(STEP_MS);
    if (!isKept) throw new Error('no answer');
    return kept;
  }

  /** The events of one slot of the machine, or of all. */
  async events(slot?: string): Promise<SlotEvent[]> {
    const ref = { region: REGION, agent: 'm' };
    const filter = endpoints.slot.subject.filter(slot === undefined ? ref : { ...ref, slot });
    const found: SlotEvent[] = [];
    for await (const item of this.log.read(filter)) {
      if (item.kind === 'recorded') found.push(item.record.event);
    }
    return found;
  }

  /** The ids of the claims on one slot, or on all, in the order of the log. */
  async claims(slot?: string): Promise<string[]> {
    const events = await this.events(slot);
    return events.flatMap((event) =>
      event.type === 'AllocationRequested' ? [event.allocationId] : [],
    );
  }
}

const silent = createLogger('test', 'silent');

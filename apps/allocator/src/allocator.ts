import { LogClock } from '#kernel';
import { Pool } from '#pool';
import type { EndpointServer } from '#rpc';
import { endpoints, slotOfSubject, WAITING_LISTED_MAX } from '#wire';
import { DeadlineScheduler } from './repair/deadline-scheduler.js';
import { serveCatalogue } from './builds/build.endpoints.js';
import { Admission } from './claim/admission.js';
import { AnswerNotes, type AnswerObserver } from './claim/answer-notes.js';
import { refusedAnswer } from './claim/answers.js';
import { serveClaims } from './claim/claim.endpoints.js';
import { Claims } from './claim/claims.js';
import { Deallocations } from './claim/deallocations.js';
import { serveOperations } from './operate/operate.endpoints.js';
import { SlotOperations } from './operate/slot-operations.js';
import { DuplicateAllocationRepair } from './repair/duplicate-allocation-repair.js';
import { serveFleets } from './fleets/fleet.endpoints.js';
import { Fleets } from './fleets/fleets.js';
import { Maximum } from './fleets/maximum.js';
import { serveMachines } from './machines/machine.endpoints.js';
import { Machines } from './machines/machines.js';
import { PoolFeeder } from './log/pool-feeder.js';
import { DEFAULTS, type AllocatorOptions } from './options.js';
import type { AllocatorPorts } from './ports.js';
import { Presence } from './repair/presence.js';
import { Forgetting } from './payloads/forgetting.js';
import { PayloadKeys } from './payloads/payload-keys.js';
import { servePayloads } from './payloads/payload.endpoints.js';
import { Payloads } from './payloads/payloads.js';
import { PublishedRequests } from './published/published-requests.js';
import { RefusalRecords } from './claim/refusal-records.js';
import { hearReports } from './log/report.endpoints.js';
import { Reports } from './log/reports.js';
import { Restorations } from './repair/restorations.js';
import { RollCall } from './repair/roll-call.js';
import { Retention } from './log/retention.js';
import { SlotWriter, type AppendObserver } from './log/slot-writer.js';
import { Storing } from './log/storing.js';
import { WaitingRoom } from './claim/waiting-room.js';

/** One allocator of a region. Any number of them may run; there is no leader. */
export class Allocator {
  readonly claims: Claims;
  private readonly admission: Admission;
  readonly deallocations: Deallocations;
  readonly operations: SlotOperations;
  readonly fleets: Fleets;
  readonly machines: Machines;
  readonly reports: Reports;
  readonly refusals: RefusalRecords;
  readonly pool: Pool;
  readonly feeder: PoolFeeder;
  readonly payloads: Payloads;
  readonly forgetting: Forgetting;
  private readonly notes: AnswerNotes;
  private readonly storing: Storing;
  private readonly writer: SlotWriter;
  private readonly clock: LogClock;
  private readonly room: WaitingRoom;
  private readonly maximum: Maximum;
  private readonly deadlines: DeadlineScheduler;
  private readonly presence: Presence;
  private readonly duplicateRepair: DuplicateAllocationRepair;
  private readonly published: PublishedRequests;
  private readonly retention: Retention | undefined;
  private readonly rollCall: RollCall;
  private readonly rollCallMs: number;

  constructor(
    readonly id: string,
    readonly region: string,
    private readonly ports: AllocatorPorts,
    options: Partial<AllocatorOptions> = {},
  ) {
    const all = { ...DEFAULTS, ...options };
    const { rememberMs, archiveMs, rememberedMax, waitingMax, rollCallMs } = all;
    this.rollCallMs = rollCallMs;
    const { archive, logger, random, keys: store } = ports;
    const clock = (this.clock = logClockOf(ports, region));
    const agentOf = (subject: string) => slotOfSubject(subject).agent;
    const known = () => {
      return { readTo: this.feeder.progress.sequence, ownTo: this.writer.lastStored.sequence };
    };
    const pool = (this.pool = new Pool({ random, agentOf, known }, { rememberedMax }));
    const timed = { ...ports, clock };
    const storing = (this.storing = new Storing({ ...timed, region }));
    const writer = (this.writer = new SlotWriter(id, timed, pool, storing));
    const feeder = (this.feeder = new PoolFeeder(region, timed, pool, writer, rememberMs, storing));
    const deps = { ...timed, allocator: id, region, pool, writer, freshness: feeder, storing };

    const { encryptsPayloads: encrypts, payloadMs: keepMs, masterKeys } = all;
    const keyed = { ...deps, store, keys: new PayloadKeys({ ...deps, store, masterKeys }) };
    const payloads = (this.payloads = new Payloads({ ...keyed, encrypts }));
    this.forgetting = new Forgetting({ ...keyed, keepMs });
    this.fleets = new Fleets({ ...deps, log: ports.fleets });
    const { policyRequired } = all;
    const machines = new Machines({ ...deps, log: ports.machines, policyRequired });
    this.machines = machines;
    this.room = new WaitingRoom(clock, pool, waitingMax);
    this.maximum = new Maximum(pool, writer, feeder);
    this.refusals = new RefusalRecords(id, ports.outcomes, clock, logger);
    const answered = (isVerdict: boolean) => feeder.answered(isVerdict);
    this.notes = new AnswerNotes(clock, answered, this.refusals, logger);
    this.claims = new Claims({
      ...deps,
      room: this.room,
      maximum: this.maximum,
      notes: this.notes,
      payloads,
      configurations: this.fleets.catalogue.configurations,
      fleets: this.fleets,
    });
    this.deallocations = new Deallocations(clock, pool, writer, feeder);
    this.operations = new SlotOperations(clock, pool, writer, feeder);
    this.admission = new Admission(clock, this.claims, () => writer.room);
    this.published = new PublishedRequests(region, this.claims, { ...timed, payloads, encrypts });
    const slotMs = { ids: rememberMs, archive: archiveMs };
    this.retention = archive && new Retention(timed, archive, pool, writer, slotMs);
    const restorations = new Restorations(timed, pool, writer);
    const { maximum, retention } = this;
    const parts = { maximum, restorations, retention, payloads, machines };
    this.reports = new Reports({ ...deps, ...parts });
    this.rollCall = new RollCall(region, ports, pool, this.reports);
    this.deadlines = new DeadlineScheduler(id, clock, pool, writer);
    this.duplicateRepair = new DuplicateAllocationRepair(id, timed, pool, writer);
    const heard = { ...ports, logClock: clock };
    this.presence = new Presence(region, heard, pool, writer, feeder);
  }

  async start(): Promise<void> {
    await this.clock.start();
    await this.feeder.start();
    await this.machines.start();
    await this.rollCall.run(this.rollCallMs);
    await this.fleets.start();
    this.storing.start();
    this.presence.start();
    this.deadlines.start();
    await this.published.start();
    this.duplicateRepair.start();
    this.retention?.start();
    this.forgetting.start();
    this.ports.logger.info({ region: this.region, ...this.pool.counts }, 'serving');
  }

  stop(): void {
    this.published.stop();
    this.room.close();
    this.admission.close();
    this.presence.stop();
    this.clock.stop();
    this.storing.stop();
    this.deadlines.stop();
    this.duplicateRepair.stop();
    this.retention?.stop();
    this.forgetting.stop();
    this.fleets.stop();
    this.machines.stop();
    this.feeder.stop();
  }

  /** Registers the endpoints of each feature: questions to answer, and messages to hear. */
  serve(server: EndpointServer): void {
    const { id, region, admission: claims, deallocations } = this;
    serveClaims(server, region, { claims, deallocations });
    server.serve(endpoints.readiness, { region }, () => {
      const because = this.unservedBecause();
      return because === null
        ? { status: 'ready' as const }
        : refusedAnswer(undefined, 'not-ready', because);
    });
    server.serve(endpoints.waiting, { region, allocator: id }, () => ({
      status: 'waiting' as const,
      requests: this.listWaiting(WAITING_LISTED_MAX),
    }));
    serveOperations(server, region, this.operations);
    servePayloads(server, region, this);
    serveFleets(server, region, this.fleets);
    serveMachines(server, region, this.machines);
    serveCatalogue(server, region, this.fleets.catalogue);
    hearReports(server, { region, allocator: id }, this.reports);
  }

  /** Sets the observers of each answer and of each append. */
  observe(observers: { answered: AnswerObserver; appended: AppendObserver }): void {
    this.notes.observer = observers.answered;
    this.writer.observer = observers.appended;
  }

  /** The log of slots, and its archive if there is one. */
  get logs(): Pick<AllocatorPorts, 'log' | 'archive'> {
    return this.ports;
  }

  /** Number of requests that wait for a slot at this allocator. */
  get waiting(): number {
    return this.room.size;
  }

  /** The first `max` of them. */
  listWaiting(max: number) {
    return this.room.list(max);
  }

  /** Why requests are not served now; null if they are. */
  unservedBecause(): string | null {
    return this.storing.explained() ?? this.feeder.staleBecause();
  }

  /** By how much this machine's clock is ahead of the log's, which is the one that counts (ms). */
  get clockAheadMs(): number {
    return this.ports.clock.now() - this.clock.now();
  }

  /** Number of allocations found on two slots since the start; must stay 0. */
  get doubles(): number {
    return this.duplicateRepair.count;
  }
}

/** The log's clock; it asks the log now and then, and warns while there is no answer. */
function logClockOf({ clock, log, logger }: AllocatorPorts, region: string): LogClock {
  return new LogClock(clock, log, (reason) =>
    logger.warn({ region, reason }, "the log's time cannot be read"),
  );
}

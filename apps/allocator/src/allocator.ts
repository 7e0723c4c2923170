import { LogClock, errorMessage, type Subscription } from '#kernel';
import { Pool } from '#pool';
import type { SlotRef } from '#slot';
import {
  endpoints,
  cancelRequest,
  decodeJson,
  slotOfSubject,
  type AllocationAnswer,
  type AllocationRequest,
  type BuildsAnswer,
  type CancelRequest,
  type ChangeBuildAnswer,
  type ChangeBuildRequest,
  type ConfigurationsAnswer,
  type ConfigureAnswer,
  type ConfigureFleetRequest,
  type ConfigureRequest,
  type DeallocationAnswer,
  type DeallocationRequest,
  type OperationAnswer,
  type OperationRequest,
  type FleetsAnswer,
  type FleetsRequest,
  type NamesRequest,
  type RefusalCode,
  type ReportMessage,
  type SizeAnswer,
  type SizeRequest,
} from '#wire';
import { DeadlineScheduler } from './repair/deadline-scheduler.js';
import { refusedAnswer } from './claim/answers.js';
import { Claims } from './claim/claims.js';
import { Deallocations } from './claim/deallocations.js';
import { SlotOperations } from './operate/slot-operations.js';
import { DuplicateAllocationRepair } from './repair/duplicate-allocation-repair.js';
import { Fleets } from './fleets/fleets.js';
import { Maximum } from './fleets/maximum.js';
import { PoolFeeder } from './log/pool-feeder.js';
import { DEFAULTS, type AllocatorOptions } from './options.js';
import type { AllocatorPorts } from './ports.js';
import { Presence } from './repair/presence.js';
import { PublishedRequests } from './published/published-requests.js';
import { RefusalRecords } from './claim/refusal-records.js';
import { Reports } from './log/reports.js';
import { Retention } from './log/retention.js';
import { SlotWriter } from './log/slot-writer.js';
import { WaitingRoom } from './claim/waiting-room.js';

/** Refusals that rest on nothing that the log tells. */
const SAYS_NOTHING: ReadonlySet<RefusalCode> = new Set([
  ...(['not-ready', 'timed-out', 'cancelled', 'shed', 'invalid'] as const),
]);

const NO_SIZES = 'this allocator keeps no sizes of fleets';
const NO_CATALOGUE = 'this allocator keeps no builds and build configurations';

/** One region's allocator: any number of them may run, none of them leads. */
export class Allocator {
  /** As given, but for the clock: every decision is made by the log's. */
  private readonly ports: AllocatorPorts & { readonly clock: LogClock };
  private readonly pool: Pool;
  private readonly writer: SlotWriter;
  private readonly follower: PoolFeeder;
  private readonly room: WaitingRoom;
  private readonly claims: Claims;
  private readonly maximum: Maximum;
  private readonly alarms: DeadlineScheduler;
  private readonly operations: SlotOperations;
  private readonly deallocations: Deallocations;
  private readonly reports: Reports;
  private readonly presence: Presence | undefined;
  private readonly duplicateRepair: DuplicateAllocationRepair;
  private readonly fleets: Fleets | undefined;
  private readonly refusals: RefusalRecords | undefined;
  private readonly published: PublishedRequests | undefined;
  private readonly retention: Retention | undefined;
  private cancellations: Subscription | undefined;

  constructor(
    readonly id: string,
    readonly region: string,
    given: AllocatorPorts,
    options: Partial<AllocatorOptions> = {},
  ) {
    const { log, logger } = given;
    const clock = new LogClock(given.clock, log, (reason) =>
      logger.warn({ region, reason }, "the log's time is not known anew"),
    );
    const ports = (this.ports = { ...given, clock });
    const { rememberMs, archiveMs, rememberedMax, waitingMax } = { ...DEFAULTS, ...options };
    const agentOf = (subject: string) => slotOfSubject(subject).agent;
    this.pool = new Pool({ random: ports.random, agentOf }, { rememberedMax });
    this.room = new WaitingRoom(clock, this.pool, waitingMax);
    this.writer = new SlotWriter(id, ports, this.pool);
    this.follower = new PoolFeeder(region, ports, this.pool, this.writer, rememberMs);
    this.maximum = new Maximum(clock, this.pool, this.writer, this.follower);
    this.fleets =
      given.fleets &&
      new Fleets(
        id,
        region,
        { ...ports, log: given.fleets },
        given,
        this.pool,
        this.writer,
        this.follower,
      );
    this.claims = new Claims(
      id,
      ports,
      this.pool,
      this.writer,
      this.follower,
      this.room,
      this.maximum,
      this.fleets?.catalogue?.configurations,
    );
    this.alarms = new DeadlineScheduler(id, ports.clock, this.pool, this.writer);
    this.duplicateRepair = new DuplicateAllocationRepair(id, ports, this.pool, this.writer);
    const { outcomes, requests } = given;
    this.refusals = outcomes && new RefusalRecords(id, outcomes, clock, logger);
    this.published =
      outcomes && requests && new PublishedRequests(this, { outcomes, requests, clock, logger });
    const { archive } = given;
    const keepMs = { ids: rememberMs, archive: archiveMs };
    this.retention = archive && new Retention(ports, archive, this.pool, this.writer, keepMs);
    this.operations = new SlotOperations(clock, this.pool, this.writer, this.follower);
    this.deallocations = new Deallocations(clock, this.pool, this.writer, this.follower);
    this.reports = new Reports(ports, this.pool, this.writer, this.maximum, this.retention);
    this.presence =
      given.bus &&
      new Presence(
        region,
        { ...given, bus: given.bus, logClock: clock },
        this.pool,
        this.writer,
        this.follower,
      );
  }

  async start(): Promise<void> {
    await this.ports.clock.start();
    await this.follower.start();
    await this.fleets?.start();
    this.presence?.start();
    this.alarms.start();
    await this.published?.start();
    this.cancellations = this.ports.bus?.subscribe(
      endpoints.cancel.subject.of({ region: this.region }),
      ({ body }) => this.cancelled(body),
    );
    this.duplicateRepair.start();
    this.retention?.start();
    this.ports.logger.info({ region: this.region, ...this.pool.counts }, 'serving');
  }

  stop(): void {
    this.cancellations?.close();
    this.published?.stop();
    this.room.close();
    this.presence?.stop();
    this.ports.clock.stop();
    this.alarms.stop();
    this.duplicateRepair.stop();
    this.retention?.stop();
    this.fleets?.stop();
    this.follower.stop();
  }

  /** Drains, maintains or retires slots, and says what came of it for each. */
  direct(request: OperationRequest): Promise<OperationAnswer> {
    return this.operations.direct(request);
  }

  /** Sets how many servers a fleet shall have, or withdraws it. */
  async size(request: SizeRequest): Promise<SizeAnswer> {
    return (await this.fleets?.size(request)) ?? refusedAnswer(undefined, 'not-ready', NO_SIZES);
  }

  /** The region's fleets, with their sizes and slots. */
  listFleets(request: FleetsRequest): FleetsAnswer {
    return this.fleets?.list(request) ?? refusedAnswer(undefined, 'not-ready', NO_SIZES);
  }

  /** Says what a fleet's free slots are to run. */
  async configureFleet(request: ConfigureFleetRequest): Promise<SizeAnswer> {
    const answer = await this.fleets?.configure(request);
    return answer ?? refusedAnswer(undefined, 'not-ready', NO_SIZES);
  }

  /** Sets a build configuration, or removes it. */
  async configure(request: ConfigureRequest): Promise<ConfigureAnswer> {
    const answer = await this.fleets?.catalogue?.configurations.set(request);
    return answer ?? refusedAnswer(undefined, 'not-ready', NO_CATALOGUE);
  }

  listConfigurations(request: NamesRequest): ConfigurationsAnswer {
    const answer = this.fleets?.catalogue?.configurations.list(request);
    return answer ?? refusedAnswer(undefined, 'not-ready', NO_CATALOGUE);
  }

  /** Makes a build's files its next version, or removes a version. */
  async changeBuild(request: ChangeBuildRequest): Promise<ChangeBuildAnswer> {
    const answer = await this.fleets?.catalogue?.builds.change(request);
    return answer ?? refusedAnswer(undefined, 'not-ready', NO_CATALOGUE);
  }

  listBuilds(request: NamesRequest): BuildsAnswer {
    const answer = this.fleets?.catalogue?.builds.list(request);
    return answer ?? refusedAnswer(undefined, 'not-ready', NO_CATALOGUE);
  }

  allocate(request: AllocationRequest): Promise<AllocationAnswer> {
    const answer = this.claims.allocate(request);
    void this.noteAnswer(request, answer);
    return answer;
  }

  private async noteAnswer(
    request: AllocationRequest,
    answer: Promise<AllocationAnswer>,
  ): Promise<void> {
    const askedAt = this.ports.clock.now();
    const answered = await answer;
    this.follower.answered(answered.status === 'allocated' || !SAYS_NOTHING.has(answered.code));
    if (answered.status === 'refused') await this.refusals?.note(request, answered, askedAt);
  }

  /** Whether the log tells of an allocation of this id, live or ended, or it is being made here. */
  knows(allocationId: string): boolean {
    return this.claims.knows(allocationId);
  }

  /** Requests that wait for a slot here. */
  get waiting(): number {
    return this.room.size;
  }

  /** Whoever asked does not want it any more; says whether it was waiting here. */
  cancel({ allocationId }: CancelRequest): boolean {
    return this.claims.cancel(allocationId);
  }

  /** Ends an allocation; asked again, it says so again. */
  deallocate(request: DeallocationRequest): Promise<DeallocationAnswer> {
    return this.deallocations.deallocate(request);
  }

  /** Records what an agent's report says that the log does not say yet. */
  report(ref: SlotRef, message: ReportMessage): Promise<void> {
    return this.reports.record(ref, message);
  }

  private cancelled(body: Uint8Array): void {
    try {
      this.cancel(decodeJson(cancelRequest, body));
    } catch (error) {
      this.ports.logger.warn({ reason: errorMessage(error) }, 'a cancellation was set aside');
    }
  }

  /** Why requests are not served now; null where they are. */
  staleBecause(): string | null {
    return this.follower.staleBecause();
  }

  /** Allocations found on two slots since the start; must stay 0. */
  get doubles(): number {
    return this.duplicateRepair.count;
  }
}

import { LogClock, messageOf, type Subscription } from '#kernel';
import { Pool, type Present } from '#pool';
import { statusOf, type SlotRef, type SlotReport } from '#slot';
import {
  cancelRequest,
  cancelSubject,
  decodeJson,
  slotName,
  slotOfSubject,
  slotSubject,
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
  type DirectionAnswer,
  type DirectionRequest,
  type FleetsAnswer,
  type FleetsRequest,
  type NamesRequest,
  type ReportMessage,
  type SizeAnswer,
  type SizeRequest,
} from '#wire';
import { Alarms } from './alarms.js';
import { refusedAnswer } from './answers.js';
import { Claims } from './claims.js';
import { Directions } from './directions.js';
import { Doubles } from './doubles.js';
import { Fleets } from './fleets/fleets.js';
import { Maximum } from './fleets/maximum.js';
import { Follower } from './follower.js';
import { DEFAULTS, type AllocatorOptions } from './options.js';
import type { AllocatorPorts } from './ports.js';
import { Presence } from './presence.js';
import { PublishedRequests } from './published.js';
import { RefusalRecords } from './refusal-records.js';
import { SlotWriter } from './slot-writer.js';
import { WaitingRoom } from './waiting-room.js';

/** Time for a report to be recorded; the agent says it again anyway. */
const REPORT_WITHIN_MS = 5_000;

/** Time for the end of an allocation to be recorded; outlasts the election of a stream leader. */
const DEALLOCATE_WITHIN_MS = 12_000;

const saysYes = ({ session }: SlotReport) => session?.callback.outcome === 'acked';

const NO_SIZES = 'this allocator keeps no sizes of fleets';
const NO_CATALOGUE = 'this allocator keeps no builds and build configurations';

/** One region's allocator: any number of them may run, none of them leads. */
export class Allocator {
  /** As given, but for the clock: every decision is made by the log's. */
  private readonly ports: AllocatorPorts & { readonly clock: LogClock };
  private readonly pool: Pool;
  private readonly writer: SlotWriter;
  private readonly follower: Follower;
  private readonly room: WaitingRoom;
  private readonly claims: Claims;
  private readonly maximum: Maximum;
  private readonly alarms: Alarms;
  private readonly directions: Directions;
  private readonly presence: Presence | undefined;
  private readonly mender: Doubles;
  private readonly fleets: Fleets | undefined;
  private readonly refusals: RefusalRecords | undefined;
  private readonly published: PublishedRequests | undefined;
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
    const { rememberMs, rememberedMax, waitingMax } = { ...DEFAULTS, ...options };
    this.pool = new Pool(ports.chance, {
      rememberedMax,
      onOffered: (present) => this.room.offered(present),
      onReopened: (presents) => this.room.reopened(presents),
      onAllocated: (allocationId) => this.room.allocated(allocationId),
    });
    this.room = new WaitingRoom(clock, this.pool, waitingMax);
    this.writer = new SlotWriter(id, ports, this.pool);
    this.follower = new Follower(region, ports, this.pool, this.writer, rememberMs);
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
    this.alarms = new Alarms(id, ports.clock, this.pool, this.writer);
    this.mender = new Doubles(id, ports, this.pool, this.writer);
    const { outcomes, requests } = given;
    this.refusals = outcomes && new RefusalRecords(id, outcomes, clock, logger);
    this.published =
      outcomes && requests && new PublishedRequests(this, { outcomes, requests, clock, logger });
    this.directions = new Directions(clock, this.pool, this.writer, this.follower);
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
    this.cancellations = this.ports.bus?.subscribe(cancelSubject(this.region), ({ body }) =>
      this.cancelled(body),
    );
    this.mender.start();
    this.ports.logger.info({ region: this.region, ...this.pool.counts }, 'serving');
  }

  stop(): void {
    this.cancellations?.close();
    this.published?.stop();
    this.room.close();
    this.presence?.stop();
    this.ports.clock.stop();
    this.alarms.stop();
    this.mender.stop();
    this.fleets?.stop();
    this.follower.stop();
  }

  /** Drains, maintains or retires slots, and says what came of it for each. */
  direct(request: DirectionRequest): Promise<DirectionAnswer> {
    return this.directions.direct(request);
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
    if (this.refusals !== undefined) void this.noteRefusal(request, answer, this.refusals);
    return answer;
  }

  private async noteRefusal(
    request: AllocationRequest,
    answer: Promise<AllocationAnswer>,
    refusals: RefusalRecords,
  ): Promise<void> {
    const askedAt = this.ports.clock.now();
    const answered = await answer;
    if (answered.status === 'refused') await refusals.note(request, answered, askedAt);
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
  async deallocate(request: DeallocationRequest): Promise<DeallocationAnswer> {
    const { allocationId, reason, by } = request;
    if (!this.holds(allocationId) && this.pool.endOf(allocationId) === undefined) {
      const unread = await this.follower.unreadBecause();
      if (unread !== null) return refusedAnswer(allocationId, 'not-ready', unread);
    }
    const holder = this.holds(allocationId);
    const ended = this.pool.endOf(allocationId);
    if (holder === undefined) {
      return ended === undefined
        ? refusedAnswer(allocationId, 'unknown-allocation', 'no such allocation is known')
        : this.deallocated(allocationId, ended.subject);
    }
    const { subject } = holder;
    const at = this.ports.clock.now();
    const recording = await this.writer.record(
      subject,
      { type: 'Deallocate', at, allocationId, reason, by },
      at + DEALLOCATE_WITHIN_MS,
    );
    switch (recording.kind) {
      case 'recorded':
      case 'refused':
        // The slot may have moved on meanwhile: after a failed callback another one serves the id.
        return this.pool.endOf(allocationId) === undefined
          ? refusedAnswer(allocationId, 'not-ready', 'the allocation has moved on; ask again')
          : this.deallocated(allocationId, subject);
      case 'unsettled':
        return refusedAnswer(allocationId, 'timed-out', 'no verdict in time; ask again');
      default:
        return recording satisfies never;
    }
  }

  /** The slot that serves the allocation; one that failed to is not it. */
  private holds(allocationId: string): Present | undefined {
    const holder = this.pool.holderOf(allocationId);
    return holder !== undefined && statusOf(holder.state) === 'allocated' ? holder : undefined;
  }

  /** Records what an agent's report says that the log does not say yet. */
  async report(ref: SlotRef, { seen, report }: ReportMessage): Promise<void> {
    const subject = slotSubject(ref);
    const until = this.ports.clock.now() + REPORT_WITHIN_MS;
    await this.catchUp(subject, seen, until);
    if (saysYes(report) && this.maximum.concerns(subject)) {
      // What is not known to be within the maximum is not acknowledged; the agent says it again.
      if ((await this.maximum.judge(subject, until)) !== 'within') return;
    }
    const command = { type: 'ApplyReport', at: this.ports.clock.now(), report } as const;
    const recording = await this.writer.record(subject, command, until);
    if (recording.kind === 'refused') {
      this.ports.logger.debug({ subject, ...recording.refusal }, 'a report was refused');
    }
  }

  /** An agent may have seen an event before we have; what it reports would make no sense yet. */
  private async catchUp(subject: string, seen: number, until: number): Promise<void> {
    while (this.pool.sequenceOf(subject) < seen && this.ports.clock.now() < until) {
      await this.writer.outcomes.nextChange(subject, until);
    }
  }

  private cancelled(body: Uint8Array): void {
    try {
      this.cancel(decodeJson(cancelRequest, body));
    } catch (error) {
      this.ports.logger.warn({ reason: messageOf(error) }, 'a cancellation was set aside');
    }
  }

  /** Why requests are not served now; null where they are. */
  staleBecause(): string | null {
    return this.follower.staleBecause();
  }

  /** Allocations found on two slots since the start; must stay 0. */
  get doubles(): number {
    return this.mender.count;
  }

  private deallocated(allocationId: string, subject: string): DeallocationAnswer {
    return { status: 'deallocated', allocationId, slot: slotName(slotOfSubject(subject)) };
  }
}

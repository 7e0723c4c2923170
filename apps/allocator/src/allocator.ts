import { LogClock } from '#kernel';
import { Pool } from '#pool';
import type { EndpointServer } from '#rpc';
import { slotOfSubject } from '#wire';
import { DeadlineScheduler } from './repair/deadline-scheduler.js';
import { serveCatalogue } from './builds/build.endpoints.js';
import { AnswerNotes } from './claim/answer-notes.js';
import { serveClaims } from './claim/claim.endpoints.js';
import { Claims } from './claim/claims.js';
import { Deallocations } from './claim/deallocations.js';
import { serveOperations } from './operate/operate.endpoints.js';
import { SlotOperations } from './operate/slot-operations.js';
import { DuplicateAllocationRepair } from './repair/duplicate-allocation-repair.js';
import { serveFleets } from './fleets/fleet.endpoints.js';
import { Fleets } from './fleets/fleets.js';
import { Maximum } from './fleets/maximum.js';
import { PoolFeeder } from './log/pool-feeder.js';
import { DEFAULTS, type AllocatorOptions } from './options.js';
import type { AllocatorPorts } from './ports.js';
import { Presence } from './repair/presence.js';
import { PublishedRequests } from './published/published-requests.js';
import { RefusalRecords } from './claim/refusal-records.js';
import { hearReports } from './log/report.endpoints.js';
import { Reports } from './log/reports.js';
import { Retention } from './log/retention.js';
import { SlotWriter } from './log/slot-writer.js';
import { WaitingRoom } from './claim/waiting-room.js';

/** One region's allocator: any number of them may run, none of them leads. */
export class Allocator {
  readonly claims: Claims;
  readonly deallocations: Deallocations;
  readonly operations: SlotOperations;
  readonly fleets: Fleets;
  readonly reports: Reports;
  /** As given, but for the clock: every decision is made by the log's. */
  private readonly ports: AllocatorPorts & { readonly clock: LogClock };
  private readonly pool: Pool;
  private readonly writer: SlotWriter;
  private readonly follower: PoolFeeder;
  private readonly room: WaitingRoom;
  private readonly maximum: Maximum;
  private readonly alarms: DeadlineScheduler;
  private readonly presence: Presence | undefined;
  private readonly duplicateRepair: DuplicateAllocationRepair;
  private readonly published: PublishedRequests | undefined;
  private readonly retention: Retention | undefined;

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
    this.fleets = new Fleets(
      id,
      region,
      { ...ports, log: given.fleets },
      given,
      this.pool,
      this.writer,
      this.follower,
    );
    const { outcomes, requests } = given;
    const refusals = outcomes && new RefusalRecords(id, outcomes, clock, logger);
    const answered = (isVerdict: boolean) => this.follower.answered(isVerdict);
    this.claims = new Claims(
      id,
      ports,
      this.pool,
      this.writer,
      this.follower,
      this.room,
      this.maximum,
      new AnswerNotes(clock, answered, refusals),
      this.fleets.catalogue.configurations,
    );
    this.alarms = new DeadlineScheduler(id, ports.clock, this.pool, this.writer);
    this.duplicateRepair = new DuplicateAllocationRepair(id, ports, this.pool, this.writer);
    const queued = outcomes && requests && { outcomes, requests, clock, logger };
    this.published = queued && new PublishedRequests(region, this.claims, queued);
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
    await this.fleets.start();
    this.presence?.start();
    this.alarms.start();
    await this.published?.start();
    this.duplicateRepair.start();
    this.retention?.start();
    this.ports.logger.info({ region: this.region, ...this.pool.counts }, 'serving');
  }

  stop(): void {
    this.published?.stop();
    this.room.close();
    this.presence?.stop();
    this.ports.clock.stop();
    this.alarms.stop();
    this.duplicateRepair.stop();
    this.retention?.stop();
    this.fleets.stop();
    this.follower.stop();
  }

  /** Lets each feature answer what it is asked, and hear what it is told. */
  serve(server: EndpointServer): void {
    const { id, region } = this;
    serveClaims(server, region, this);
    serveOperations(server, region, this.operations);
    serveFleets(server, region, this.fleets);
    serveCatalogue(server, region, this.fleets.catalogue);
    hearReports(server, { region, allocator: id }, this.reports);
  }

  /** Requests that wait for a slot here. */
  get waiting(): number {
    return this.room.size;
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

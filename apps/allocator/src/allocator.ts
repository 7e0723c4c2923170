import { Pool } from '#pool';
import type { SlotRef } from '#slot';
import {
  slotName,
  slotOfSubject,
  slotSubject,
  type AllocationAnswer,
  type AllocationRequest,
  type DeallocationAnswer,
  type DeallocationRequest,
  type ReportMessage,
} from '#wire';
import { Alarms } from './alarms.js';
import { refusedAnswer } from './answers.js';
import { Claims } from './claims.js';
import { Follower } from './follower.js';
import type { AllocatorPorts } from './ports.js';
import { SlotWriter } from './slot-writer.js';

/** Time for a report to be recorded; the agent says it again anyway. */
const REPORT_WITHIN_MS = 5_000;

/** Time for the end of an allocation to be recorded; outlasts the election of a stream leader. */
const DEALLOCATE_WITHIN_MS = 12_000;

/** One region's allocator: any number of them may run, none of them leads. */
export class Allocator {
  private readonly pool: Pool;
  private readonly writer: SlotWriter;
  private readonly follower: Follower;
  private readonly claims: Claims;
  private readonly alarms: Alarms;

  constructor(
    readonly id: string,
    readonly region: string,
    private readonly ports: AllocatorPorts,
  ) {
    this.pool = new Pool(ports.chance);
    this.writer = new SlotWriter(id, ports, this.pool);
    this.follower = new Follower(region, ports, this.writer);
    this.claims = new Claims(id, ports, this.pool, this.writer, this.follower);
    this.alarms = new Alarms(id, ports.clock, this.pool, this.writer);
  }

  async start(): Promise<void> {
    await this.follower.start();
    this.alarms.start();
    this.ports.logger.info({ region: this.region, ...this.pool.counts }, 'serving');
  }

  stop(): void {
    this.alarms.stop();
    this.follower.stop();
  }

  allocate(request: AllocationRequest): Promise<AllocationAnswer> {
    return this.claims.allocate(request);
  }

  /** Ends an allocation; asked again, it says so again. */
  async deallocate(request: DeallocationRequest): Promise<DeallocationAnswer> {
    const { allocationId, reason, by } = request;
    const holder = this.pool.holderOf(allocationId);
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
        return this.deallocated(allocationId, subject);
      case 'refused':
        // The slot has moved on meanwhile, or cannot be read.
        return this.pool.endOf(allocationId) === undefined
          ? refusedAnswer(allocationId, 'not-ready', recording.refusal.message)
          : this.deallocated(allocationId, subject);
      case 'unsettled':
        return refusedAnswer(allocationId, 'timed-out', 'no verdict in time; ask again');
      default:
        return recording satisfies never;
    }
  }

  /** Records what an agent's report says that the log does not say yet. */
  async report(ref: SlotRef, { seen, report }: ReportMessage): Promise<void> {
    const subject = slotSubject(ref);
    const until = this.ports.clock.now() + REPORT_WITHIN_MS;
    await this.catchUp(subject, seen, until);
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

  /** Why requests are not served now; null where they are. */
  staleBecause(): string | null {
    return this.follower.staleBecause();
  }

  private deallocated(allocationId: string, subject: string): DeallocationAnswer {
    return { status: 'deallocated', allocationId, slot: slotName(slotOfSubject(subject)) };
  }
}

import { TransientError, type Clock } from '#kernel';
import type { Pool } from '#pool';
import type { SlotRef, SlotReport } from '#slot';
import { slotSubject, type ReportMessage } from '#wire';
import type { Payloads } from '../payloads/payloads.js';
import type { Maximum } from '../fleets/maximum.js';
import type { Machines } from '../machines/machines.js';
import type { AllocatorPorts } from '../ports.js';
import type { Restorations } from '../repair/restorations.js';
import type { Retention } from './retention.js';
import type { SlotWriter } from './slot-writer.js';

/** Time for a report to be recorded (ms); the agent repeats it anyway. */
const REPORT_WITHIN_MS = 5_000;

const saysYes = ({ session }: SlotReport) => session?.callback.outcome === 'acked';

export interface ReportsDeps {
  readonly clock: Clock;
  readonly logger: AllocatorPorts['logger'];
  readonly pool: Pool;
  readonly writer: SlotWriter;
  readonly maximum: Maximum;
  readonly restorations: Restorations;
  readonly retention: Retention | undefined;
  readonly payloads: Payloads;
  readonly machines: Machines;
}

/** Records what agents report about their slots. */
export class Reports {
  constructor(private readonly deps: ReportsDeps) {}

  /** Records what an agent's report says and the log does not say yet. */
  async record(ref: SlotRef, { seen, report: told }: ReportMessage): Promise<void> {
    const { clock, logger, pool, writer, maximum, restorations, payloads, machines } = this.deps;
    const subject = slotSubject(ref);
    const until = clock.now() + REPORT_WITHIN_MS;
    if (await this.isForgotten(subject)) return;
    await this.catchUp(subject, seen, until);
    if (saysYes(told) && maximum.concerns(subject)) {
      // A claim that may exceed the maximum is not acknowledged now; the agent repeats its report.
      if ((await maximum.judge(subject, until)) !== 'within') return;
    }
    const objection = machines.objectionTo(ref, told);
    const admitted = objection === null ? told : await machines.refuse(ref, told, objection);
    if (admitted === undefined) return;
    const report = await payloads.inReport(subject, admitted);
    const numbers = writer.numbers.anewFor(subject, pool.slots.get(subject));
    const numbered = numbers === undefined ? {} : { numbers };
    const command = { type: 'ApplyReport', report, ...numbered } as const;
    const recording = await writer.record(subject, command, until);
    if (recording.kind === 'refused') {
      logger.debug({ subject, ...recording.refusal }, 'a report was refused');
    }
    await restorations.restore(subject, seen, report, until);
  }

  /**
   * Whether the slot was retired and forgotten. True also if that is unknown: the agent repeats its
   * report.
   */
  private async isForgotten(subject: string): Promise<boolean> {
    const { logger, pool, retention } = this.deps;
    if (retention === undefined || pool.slots.sequenceOf(subject) > 0) return false;
    try {
      if (!(await retention.hasForgotten(subject))) return false;
      logger.debug({ subject }, 'a report on a slot that was retired was set aside');
    } catch (error) {
      if (!(error instanceof TransientError)) throw error;
    }
    return true;
  }

  /**
   * An agent may have seen an event before this allocator; until then its report makes no sense.
   */
  private async catchUp(subject: string, seen: number, until: number): Promise<void> {
    const { clock, pool, writer } = this.deps;
    while (pool.slots.sequenceOf(subject) < seen && clock.now() < until) {
      await writer.outcomes.nextChange(subject, until);
    }
  }
}

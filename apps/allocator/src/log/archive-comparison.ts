import { Condition, type EventLog } from '#kernel';
import type { SlotRecord } from '#wire';
import type { AllocatorPorts } from '../ports.js';

const DIFFERS = {
  begins: 'the archive is not of this log: no retired slot leaves the log',
  ends: 'the archive is of this log',
  level: 'error',
} as const;

const REMEDY = 'docs/operating.md, "When the log went back", says what to do with the archive';

/**
 * Compares the archive with the log. It copies by sequence: if the log went back, the archive keeps
 * what the log has lost, and has none of what the log stored under those sequences since.
 */
export class ArchiveComparison {
  private readonly condition: Condition;
  private wasAhead = false;

  constructor(
    private readonly ports: Pick<AllocatorPorts, 'log' | 'clock' | 'logger'>,
    private readonly archive: EventLog<SlotRecord>,
  ) {
    this.condition = new Condition(ports.logger, ports.clock, DIFFERS);
  }

  /**
   * Whether it differs. What was found once holds as long as this process runs.
   *
   * @throws {TransientError} log or archive does not answer now.
   */
  async differs(): Promise<boolean> {
    if (this.condition.isOn) return true;
    const end = await this.archive.end();
    if (await this.isAhead(end)) return this.fail(`it ends at ${end}, after the log`);
    for (const sequence of placesBefore(end)) {
      const [copy, original] = await Promise.all([
        this.archive.at(sequence),
        this.ports.log.at(sequence),
      ]);
      if (copy === undefined || original === undefined) continue;
      if (identityOf(copy) === identityOf(original)) continue;
      return this.fail(`at ${sequence} it has another event`);
    }
    return false;
  }

  /** A cluster that has just chosen a leader can report an old end, so it must be seen twice. */
  private async isAhead(end: number): Promise<boolean> {
    const isAhead = end > (await this.ports.log.end());
    const isSure = isAhead && this.wasAhead;
    this.wasAhead = isAhead;
    return isSure;
  }

  private fail(reason: string): true {
    this.condition.fail(reason, { remedy: REMEDY });
    return true;
  }
}

/** The end, and places before it, each twice as far away: about twenty of a million. */
function* placesBefore(end: number): Generator<number> {
  if (end > 0) yield end;
  for (let distance = 1; distance < end; distance *= 2) yield end - distance;
}

type Item = NonNullable<Awaited<ReturnType<EventLog<SlotRecord>['at']>>>;

function identityOf(item: Item): string {
  return JSON.stringify([item.subject, item.kind === 'recorded' ? item.record.id : item.reason]);
}

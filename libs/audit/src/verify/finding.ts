import { slotName, slotOfSubject } from '#wire';

/** What can be wrong with a kept log. */
export const FINDING_KINDS = [
  /** It cannot be read. */
  'unreadable',
  /** It is not what was written: its checksum does not fit. */
  'changed',
  /** It is not there, and has to be. */
  'missing',
  /** It does not follow the event that its writer meant it to follow. */
  'order',
  /** It cannot have happened in the state before it. */
  'impossible',
  /** It led to another state than the one recorded. */
  'state',
  /** It is dated before the event that it follows. */
  'time',
  /** One allocation id on two slots, or used again. */
  'claim',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** One place of the log at which something is wrong. */
export interface Finding {
  /** Of the event that is wrong, or missing. */
  readonly sequence: number;
  /** `region.agent.slot`; null where it is not known. */
  readonly slot: string | null;
  /** The event's type; null where it cannot be told. */
  readonly event: string | null;
  readonly kind: FindingKind;
  /** For people: what is wrong with it, without payloads and tokens. */
  readonly says: string;
}

/** A slot's name by its subject; the subject itself where that is none of a slot. */
export function nameOf(subject: string): string {
  try {
    return slotName(slotOfSubject(subject));
  } catch {
    return subject;
  }
}

/** Of each log that is verified so many are listed; the others are counted. */
const LISTED_MAX = 1_000;

/** The findings of a verification: one for each event, at most `LISTED_MAX`. */
export class Findings {
  private readonly bySequence = new Map<number, Finding>();

  /** @param more how many were found beside those */
  constructor(
    found: readonly Finding[] = [],
    private more = 0,
  ) {
    for (const finding of found) this.add(finding);
  }

  get count(): number {
    return this.bySequence.size + this.more;
  }

  /** Those that are counted only. */
  get unlisted(): number {
    return this.more;
  }

  /** What is wrong with one event is one finding, of the kind that was found first. */
  add(finding: Finding): void {
    const known = this.bySequence.get(finding.sequence);
    if (known !== undefined) {
      this.bySequence.set(finding.sequence, { ...known, says: `${known.says}; ${finding.says}` });
    } else if (this.bySequence.size < LISTED_MAX) {
      this.bySequence.set(finding.sequence, finding);
    } else this.more += 1;
  }

  /** In the order of the log. */
  list(): readonly Finding[] {
    return [...this.bySequence.values()].sort((one, other) => one.sequence - other.sequence);
  }
}

import type { EventLog, Verdict } from '#kernel';
import { aNote, type Note } from '../note.js';

/** A log for one test, with operations that only a test needs. */
export interface LogUnderTest {
  readonly log: EventLog<Note>;
  /** The prefix of every subject of this log: `note.<something>`. Two more tokens follow. */
  readonly root: string;
  /** Stores bytes that no codec would write. */
  corrupt(subject: string, body: Uint8Array): Promise<void>;
  /** Advances the log's clock by at least a millisecond, and returns its time (epoch ms). */
  nextInstant(): Promise<number>;
}

export type MakeLog = () => Promise<LogUnderTest>;

/** Writes notes of which only the text matters into the log of the test that runs. */
export function writing(made: () => LogUnderTest) {
  function write(
    subject: string,
    expected: number,
    text: string,
    deduplicationId?: string,
  ): Promise<Verdict> {
    const id = deduplicationId === undefined ? {} : { deduplicationId };
    return made().log.append({ subject, expected, record: aNote(text), ...id });
  }

  async function stored(subject: string, expected: number, text: string): Promise<number> {
    const verdict = await write(subject, expected, text);
    if (verdict.kind !== 'stored') throw new Error(`the answer was ${verdict.kind}`);
    return verdict.sequence;
  }

  function garbage(subject: string): Promise<void> {
    return made().corrupt(subject, new TextEncoder().encode('{"id":'));
  }

  return { write, stored, garbage };
}

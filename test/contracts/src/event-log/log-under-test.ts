import type { EventLog, Verdict } from '#kernel';
import { inspect } from 'node:util';
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

/** The log of the test that runs, the prefix of its subjects, and two of these. */
export let log: EventLog<Note>;
export let root: string;
export let a: string;
export let b: string;

let made: LogUnderTest;

/** Before each test: a log of its own. */
export async function begin(makeLog: MakeLog): Promise<void> {
  made = await makeLog();
  ({ log, root } = made);
  a = `${root}.one.a`;
  b = `${root}.one.b`;
}

/** Appends a note of which only the text matters. */
export function write(
  subject: string,
  expected: number,
  text: string,
  deduplicationId?: string,
): Promise<Verdict> {
  const id = deduplicationId === undefined ? {} : { deduplicationId };
  return log.append({ subject, expected, record: aNote(text), ...id });
}

/** Appends, and returns the sequence; fails if it is not stored. */
export async function stored(subject: string, expected: number, text: string): Promise<number> {
  const verdict = await write(subject, expected, text);
  if (verdict.kind !== 'stored') throw new Error(`the answer was ${inspect(verdict)}`);
  return verdict.sequence;
}

/** Stores what cannot be parsed. */
export function garbage(subject: string): Promise<void> {
  return made.corrupt(subject, new TextEncoder().encode('{"id":'));
}

/** Advances the log's clock; returns its time (epoch ms). */
export function nextInstant(): Promise<number> {
  return made.nextInstant();
}

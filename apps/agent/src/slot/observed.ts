import type { CheckFailure, GameProcess, ProcessExit } from '#slot';
import type { DesiredSession } from './desired.js';
import { sameRun, type Prepared } from './build-preparer.js';
import { isOpen, isServedBy, type SessionRecord } from './session-record.js';
import type { GameSignals } from './game-signals.js';

/** A run as the plan needs to know it. */
export interface ObservedRun {
  readonly id: string;
  readonly process: GameProcess;
  /** Null while it runs. */
  readonly exit: ProcessExit | null;
}

/** What a slot's machine looks like. */
export interface Observed {
  readonly run: ObservedRun | null;
  readonly record: SessionRecord;
  /** The allocation named in server.json, empty for none; null where it has to be written anew. */
  readonly serverJson: string | null;
  readonly calling: boolean;
  readonly stopping: boolean;
  /** No process that nobody waits for is started before this (epoch ms). */
  readonly startAt: number;
  /** The build configuration that the agent itself is set to. */
  readonly buildConfiguration: string;
  /** What is there to be started. */
  readonly prepared: Prepared;
  /** By when the callback of the claim has to be answered, by this machine's clock (epoch ms). */
  readonly answerBy: number;
  /** What the game has said of itself. */
  readonly signals: GameSignals;
  /** What is wrong with the game, or with its start; null: nothing is known to be. */
  readonly failure: CheckFailure | null;
  /** What it took to end the last process, where that was more than usual. */
  readonly remark: string;
}

/** Whether the run has been given the session of the record. */
export function isUsed({ run, record }: Observed): boolean {
  return run !== null && isServedBy(record, run.id);
}

export function isRunning({ run }: Observed): boolean {
  return run !== null && run.exit === null;
}

/** Whether what runs may serve the session: it was given to it, or it is what is asked for. */
export function isFit(session: DesiredSession, { run, record }: Observed): boolean {
  if (run === null) return false;
  if (record.delivered && record.run === run.id) return true;
  const isStale = session.allocation.fresh && record.runBefore === run.id;
  return !isStale && sameRun(run.process, session.run);
}

/** Whether the session's process has ended, be it that nothing is left to tell how. */
export function hasSessionEnded(seen: Observed): boolean {
  const { run, record } = seen;
  if (record.run === null) return false;
  return run?.id === record.run ? run.exit !== null : true;
}

/** Whether the log knows that the session's run has ended, and says it shall come back. */
export function isCrashRecorded(session: DesiredSession, { record }: Observed): boolean {
  return session.process === null && session.allocation.crashes > record.crashes;
}

/** Whether the log knows of a process for the session, and this machine never did. */
export function isProcessLost(session: DesiredSession, seen: Observed): boolean {
  return seen.record.run === null && session.process !== null && !isRunning(seen);
}

/** Whether the claim is older than one that was seen before, or not the one it was. */
export function isOutdated(session: DesiredSession, record: SessionRecord): boolean {
  if (session.fence !== record.fence) return session.fence < record.fence;
  return !isOpen(record) || record.allocationId !== session.allocation.id;
}

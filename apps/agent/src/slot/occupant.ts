import type { Clock } from '#kernel';
import type { Logger } from '#service-runtime';
import type { Run } from '../process/processes.js';
import type { Failures } from './failures.js';
import { noWords, type Words } from './words.js';

/** What the game of one slot needs to know of it, and tells it. */
export interface OccupiedSlot {
  readonly clock: Clock;
  readonly log: Logger;
  readonly failures: Failures;
  /** Whether the game that runs has been given the slot's session. */
  isUsed(): boolean;
  /** Is told that the run has ended; `isPlayed`: of itself, its session being over. */
  ended(run: Run, isPlayed: boolean): void;
}

/** The game of one slot: whether it runs, what it has said of itself, and how it ends. */
export class Occupant {
  /** The latest one, be it that it has ended. */
  run: Run | null = null;
  /** What it took to end the last one, where that was more than usual. */
  remark = '';
  private stopping = false;
  private aborting = false;
  private said: Words = noWords;

  constructor(private readonly slot: OccupiedSlot) {}

  get running(): Run | null {
    return this.run?.exit === null ? this.run : null;
  }

  get isStopping(): boolean {
    return this.stopping;
  }

  /** A hold whose time has passed is none. */
  get words(): Words {
    const { said } = this;
    const isHeld = said.heldUntil !== null && said.heldUntil > this.slot.clock.now();
    return isHeld || said.heldUntil === null ? said : { ...said, heldUntil: null };
  }

  /** What a game says that does not run, is nobody's word; says whether one runs. */
  hear(words: Partial<Words>): boolean {
    if (this.running === null) return false;
    this.said = { ...this.said, ...words };
    return true;
  }

  adopt(run: Run): void {
    this.run = run;
    run.onEnd(() => this.ended(run));
  }

  /** Resolves when it has ended, which is told besides. */
  async stop(graceMs: number, signal: NodeJS.Signals): Promise<void> {
    const { running } = this;
    if (running === null) return;
    this.stopping = true;
    this.slot.log.info({ game: running.process.pid }, 'stopping the game');
    await running.stop(graceMs, signal);
  }

  /** Ends one that is not well: unlike one that is stopped, it has crashed. */
  async abort(graceMs: number): Promise<void> {
    const { running } = this;
    if (running === null || this.stopping) return;
    this.aborting = this.stopping = true;
    this.slot.log.warn({ game: running.process.pid }, 'ending the game: it is not well');
    await running.abort(graceMs);
  }

  private ended(run: Run): void {
    const { exit } = run;
    const { clock, log, failures } = this.slot;
    const now = clock.now();
    const livedMs = now - run.process.startedAt;
    log.info({ game: run.process.pid, ...exit, livedMs }, 'the game has ended');
    const isPlayed = exit?.exitCode === 0 && this.slot.isUsed();
    if ((this.stopping && !this.aborting) || isPlayed) failures.forget();
    else failures.endedEarly(exit, livedMs, now);
    this.remark = run.remark;
    this.stopping = this.aborting = false;
    this.said = noWords;
    this.slot.ended(run, isPlayed);
  }
}

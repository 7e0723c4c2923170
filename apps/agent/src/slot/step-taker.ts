import { errorMessage, type Clock } from '#kernel';
import type { Logger } from '#service-runtime';
import type { ClaimTime } from './claim-time.js';
import type { Desired, DesiredSession } from './desired.js';
import { isRunning } from './observed.js';
import type { Action } from './plan.js';
import { noSession } from './record.js';
import type { Workplace } from './workplace.js';

/** A step that changes something. */
export type Deed = Exclude<Action, { type: 'rest' | 'ignore' }>;

/** What taking steps needs of a slot, and tells it. */
export interface SteppingSlot {
  readonly workplace: Workplace;
  readonly claim: ClaimTime;
  readonly clock: Clock;
  readonly log: Logger;
  /** What is wanted now: it may have changed while a step was under way. */
  wanted(): Desired;
  /** After server.json is written: who hears of a session, reads it there. */
  told(session: DesiredSession | null): void;
  retired(): void;
}

/** Does to one slot's machine what a step of the plan says. */
export class StepTaker {
  constructor(private readonly slot: SteppingSlot) {}

  async take(step: Deed): Promise<void> {
    const { workplace } = this.slot;
    switch (step.type) {
      case 'begin':
        return workplace.begin(step.session.fence, step.session.allocation.id);
      case 'refuse':
        return workplace.amend({ callback: { outcome: 'refused', reason: step.reason } });
      case 'prepare':
        return workplace.prepare(step.run);
      case 'start':
        return this.start();
      case 'stop':
        return void workplace.stop();
      case 'bind': {
        const { crashes } = step.session.allocation;
        const run = workplace.observe().run?.id ?? null;
        return workplace.amend({ run, crashes, delivered: false, readyFor: null });
      }
      case 'write':
        return this.write(step.allocationId);
      case 'call':
        return this.call(step.session);
      case 'hush':
        return workplace.hush();
      case 'clear':
        return this.clear(step.fence);
      case 'retire':
        await workplace.retire();
        return this.slot.retired();
      default:
        return step satisfies never;
    }
  }

  private async start(): Promise<void> {
    const { workplace, log } = this.slot;
    const wanted = this.slot.wanted();
    // A session's address has been told to players already: only a free slot may move.
    if (wanted.kind === 'free' && (await workplace.securePorts())) return;
    try {
      await workplace.start({ again: wanted.kind === 'session' });
    } catch (error) {
      const reason = `the game could not be started: ${errorMessage(error)}`;
      log.error({ error: errorMessage(error) }, 'the game could not be started');
      if (wanted.kind !== 'session' || !wanted.session.awaiting) return;
      await workplace.amend({ callback: { outcome: 'refused', reason } });
    }
  }

  private async write(allocationId: string): Promise<void> {
    const wanted = this.slot.wanted();
    await this.slot.workplace.write(allocationId);
    this.slot.told(wanted.kind === 'session' ? wanted.session : null);
  }

  /** A game that comes back after a crash has time of its own: nobody waits for its answer. */
  private call({ allocation, awaiting }: DesiredSession): void {
    const { workplace, claim, clock } = this.slot;
    const until = awaiting ? claim.until : clock.now() + workplace.comebackMs;
    workplace.callBack(allocation.payload, until);
  }

  private async clear(clearedFence: number): Promise<void> {
    const { workplace } = this.slot;
    const { record } = workplace.observe();
    if (!isRunning(workplace.observe()) && (await workplace.securePorts())) return;
    const fence = Math.max(record.fence, clearedFence);
    await workplace.amend({ ...noSession, fence, clearedFence });
  }
}

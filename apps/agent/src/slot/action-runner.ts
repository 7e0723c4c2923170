import { refused } from '#callback-http';
import { errorMessage, type Clock } from '#kernel';
import type { PayloadReader } from '#slot-owner';
import type { ClaimTime } from './claim-time.js';
import type { Desired, DesiredSession } from './desired.js';
import { noSession } from './session-record.js';
import type { SlotHost } from './slot-host.js';
import type { Action } from './slot-plan.js';

/** An action that changes something. */
export type RunnableAction = Exclude<Action, { type: 'rest' | 'ignore' }>;

export interface ActionRunnerDeps {
  readonly host: SlotHost;
  readonly claim: ClaimTime;
  readonly clock: Clock;
  readonly payloads: PayloadReader;
  /** What is wanted now; it may have changed while an action was under way. */
  wanted(): Desired;
  /**
   * Called after server.json is written, so that a game that hears of a session can read it there.
   */
  told(session: DesiredSession | null): void;
  retired(): void;
}

/** Carries out the plan's actions for one slot. */
export class ActionRunner {
  constructor(private readonly deps: ActionRunnerDeps) {}

  async run(action: RunnableAction): Promise<void> {
    const { host } = this.deps;
    switch (action.type) {
      case 'begin':
        return host.begin(action.session);
      case 'adopt':
        return host.adopt(action.fence);
      case 'refuse':
        return host.session.amend({ callback: refused(action.reason, action.cause) });
      case 'prepare':
        return host.builds.prepare(action.run);
      case 'start':
        return this.start();
      case 'stop':
        return void host.stop();
      case 'bind': {
        const { crashes } = action.session.allocation;
        const run = host.game.run?.id ?? null;
        return host.session.amend({ run, crashes, delivered: false, readyFor: null });
      }
      case 'write':
        return this.write(action.allocationId);
      case 'call':
        return this.call(action.session);
      case 'cancelCallback':
        return host.callbacks.cancel();
      case 'exited':
        return host.session.amend({ exited: true });
      case 'clear':
        return this.clear(action.fence);
      case 'retire':
        await host.environment.retire();
        return this.deps.retired();
      default:
        return action satisfies never;
    }
  }

  private async start(): Promise<void> {
    const { host } = this.deps;
    const wanted = this.deps.wanted();
    // Players may know the address of a session already, so only a free slot may move to other
    // ports.
    if (wanted.kind === 'free' && (await host.environment.securePorts())) return;
    if (wanted.kind === 'session' && wanted.session.awaiting) {
      const taken = await host.environment.takenPort();
      if (taken !== null) {
        const reason = `port ${taken} of the slot was taken by another process`;
        return host.session.amend({ callback: refused(reason, 'not-started') });
      }
    }
    try {
      await host.start({ again: wanted.kind === 'session' });
    } catch (error) {
      const reason = `the game could not be started: ${errorMessage(error)}`;
      if (wanted.kind !== 'session' || !wanted.session.awaiting) return;
      await host.session.amend({ callback: refused(reason, 'not-started') });
    }
  }

  private async write(allocationId: string): Promise<void> {
    const wanted = this.deps.wanted();
    await this.deps.host.writeServerJson(allocationId);
    this.deps.told(wanted.kind === 'session' ? await this.readable(wanted.session) : null);
  }

  /**
   * A game that is restarted after a crash gets its own time limit: no request waits for its
   * answer.
   */
  private async call({ allocation, awaiting }: DesiredSession): Promise<void> {
    const { host, claim, clock, payloads } = this.deps;
    const payload = await payloads.read(allocation);
    const until = awaiting ? claim.answerBy : clock.now() + host.configuration.coldStartMs;
    host.callBack(payload, until);
  }

  private async readable(session: DesiredSession): Promise<DesiredSession> {
    const { allocation } = session;
    const payload = await this.deps.payloads.read(allocation);
    return payload === allocation.payload
      ? session
      : { ...session, allocation: { ...allocation, payload } };
  }

  private async clear(clearedFence: number): Promise<void> {
    const { game, session, environment } = this.deps.host;
    if (game.running === null && (await environment.securePorts())) return;
    const fence = Math.max(session.record.fence, clearedFence);
    await session.amend({ ...noSession, fence, clearedFence });
  }
}

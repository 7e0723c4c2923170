import { JsonText } from '#json';
import { TransientError, type Bus, type Cancel, type Clock } from '#kernel';
import {
  slot,
  type Allocation,
  type SessionReport,
  type SlotRef,
  type SlotReport,
  type SlotState,
} from '#slot';
import { PayloadReader } from '#slot-owner';
import { reportSubject, encodeJson, slotName } from '#wire';
import { CALLBACK_MS, COLD_START_MS, FLEETS, IDLE_MS, type Play } from './play.js';

/** How long the log may take to show a report before the report is repeated (ms). */
const AGAIN_MS = { first: 250, max: 2_000 } as const;

/** Time from the end of a session until the slot is clean (ms). */
const CLEARING_MS = 5;

/**
 * One slot of an agent without games: a timer plays the session. To the log it looks like any
 * agent: it acts on the slot's present, refuses older claims, repeats its reports until the log
 * shows them, and after a kill begins again from the log alone.
 */
export class StubSlot {
  private state: SlotState = slot.initial;
  private sequence = 0;
  private session: SessionReport | null = null;
  private clearedFence = 0;
  private saying = '';
  private cancelAgain: Cancel = () => undefined;
  private played = 0;
  /** The payload of the latest claim, once it is decrypted. */
  private read: { readonly fence: number; readonly play?: Play } = { fence: 0 };
  private readonly payloads: PayloadReader;

  constructor(
    private readonly ref: SlotRef,
    private readonly incarnation: number,
    private readonly bus: Bus,
    private readonly clock: Clock,
  ) {
    this.payloads = new PayloadReader(ref, bus);
  }

  /** Takes the slot's present from the log. */
  follow(state: SlotState, sequence: number): void {
    if (sequence <= this.sequence) return;
    this.state = state;
    this.sequence = sequence;
    this.act();
  }

  /** Must be called once the log has delivered everything it has. */
  act(): void {
    const { value, context } = this.state;
    if (typeof value === 'object' && 'allocated' in value) this.play(value.allocated);
    else if (value === 'deallocated' && this.clearedFence < context.fence) this.clear();
    else this.session = null;
    this.report();
  }

  private play(phase: 'awaiting' | 'live' | 'idle'): void {
    const { fence, allocation } = this.state.context;
    if (allocation === null || fence < (this.session?.fence ?? 0)) return;
    const play = this.playOf(fence, allocation);
    if (play === undefined) return;
    if (this.session?.fence !== fence) {
      const callback = { outcome: 'pending' } as const;
      this.session = { fence, callback, players: null, exit: null, crashes: allocation.crashes };
      // A session that was live before this process began has ended with the process before.
      if (phase === 'awaiting') this.answer(fence, play, allocation.attempt);
      else this.end(fence, { exitCode: null, signal: null });
    }
    if (phase === 'awaiting' || this.played === fence) return;
    this.played = fence;
    if (play.play === 'exit') this.endAfter(fence, play.playMs, { exitCode: 0, signal: null });
    if (play.play === 'crash') this.endAfter(fence, play.playMs, { exitCode: 3, signal: null });
  }

  /** Undefined until an allocator has decrypted the payload; then the slot acts again. */
  private playOf(fence: number, allocation: Allocation): Play | undefined {
    if (allocation.payloadKey === undefined) return allocation.payload.value() as Play;
    if (this.read.fence !== fence) {
      this.read = { fence };
      void this.decrypt(fence, allocation);
    }
    return this.read.play;
  }

  private async decrypt(fence: number, allocation: Allocation): Promise<void> {
    while (this.read.fence === fence) {
      try {
        const payload = await this.payloads.read(allocation);
        if (this.read.fence !== fence) return;
        this.read = { fence, play: payload.value() as Play };
        return this.act();
      } catch (error) {
        if (!(error instanceof TransientError)) throw error;
        await this.clock.sleep(AGAIN_MS.first);
      }
    }
  }

  /**
   * A session that hangs or refuses does so at its first attempts only; then the next slot serves
   * the request.
   */
  private answer(fence: number, { play, playMs }: Play, attempt: number): void {
    if (play === 'hang' && attempt === 1) return;
    const token = `${slotName(this.ref)}-${fence}`;
    const callback =
      play === 'refuse' && attempt < 3
        ? ({ outcome: 'refused', reason: 'not today', cause: 'game' } as const)
        : ({ outcome: 'acked', answer: JsonText.of({ fence }), token } as const);
    this.clock.after(playMs % 20, () => this.amend(fence, { callback }));
  }

  private endAfter(fence: number, delayMs: number, exit: NonNullable<SessionReport['exit']>): void {
    this.clock.after(delayMs, () => this.end(fence, exit));
  }

  private end(fence: number, exit: NonNullable<SessionReport['exit']>): void {
    const crashes = (this.session?.crashes ?? 0) + (exit.exitCode === 0 ? 0 : 1);
    this.amend(fence, { exit, crashes });
  }

  private amend(fence: number, change: Partial<SessionReport>): void {
    if (this.session?.fence !== fence) return;
    this.session = { ...this.session, ...change };
    this.report();
  }

  private clear(): void {
    const { fence } = this.state.context;
    this.clock.after(CLEARING_MS, () => {
      this.session = null;
      this.clearedFence = Math.max(this.clearedFence, fence);
      this.report();
    });
  }

  private report(): void {
    const { ref, incarnation, session, clearedFence } = this;
    const process = { pid: 1, startedAt: incarnation, buildConfiguration: 'stub', version: 0 };
    const unremarkable = { remark: '', heldUntil: null, failure: null };
    const offer = offerOf(ref);
    const report = { offer, incarnation, process, session, clearedFence, ...unremarkable };
    if (this.isShown(report)) {
      this.saying = '';
      return this.cancelAgain();
    }
    const saying = `${this.sequence} ${JSON.stringify(report)}`;
    if (saying === this.saying) return;
    this.saying = saying;
    this.cancelAgain();
    const body = encodeJson({ seen: this.sequence, report });
    this.say(body, this.state.context.allocation?.allocator, AGAIN_MS.first);
  }

  private isShown(report: SlotReport): boolean {
    const at = this.clock.now();
    const decision = slot.decide(this.state, { type: 'ApplyReport', at, report });
    return decision.kind === 'refused' || decision.steps.length === 0;
  }

  /** Sends to the allocator that made the claim first, then to any. */
  private say(body: Uint8Array, allocator: string | undefined, pauseMs: number): void {
    this.bus.publish(reportSubject(this.ref, allocator), body);
    const next = Math.min(2 * pauseMs, AGAIN_MS.max);
    this.cancelAgain = this.clock.after(pauseMs, () => this.say(body, undefined, next));
  }
}

function offerOf(ref: SlotRef): SlotReport['offer'] {
  const port = 7_000 + Number(ref.slot);
  const limits = {
    callbackMs: CALLBACK_MS,
    coldStartMs: COLD_START_MS,
    idleMs: IDLE_MS,
    sessionMs: null,
    restartsMax: 0,
  };
  return {
    fleet: FLEETS.stub,
    buildConfiguration: 'stub',
    attributes: {},
    requiredAttributes: [],
    priority: 0,
    address: `127.0.0.1:${port}`,
    ip: '127.0.0.1',
    ports: { game: port },
    limits,
    runsAny: false,
  };
}

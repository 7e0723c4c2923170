import { JsonText } from '#json';
import type { Clock, EventLog, Subscription } from '#kernel';
import { runOf, type GameProcess, type SlotReport, type SlotState } from '#slot';
import { anOffer, aProcess, aReport, aSession } from '#testing';
import { slotOfSubject, slotsSubject, type SlotRecord } from '#wire';
import type { Reports } from '../../src/log/reports.js';

/** An allocator as agents see it. */
export interface Reporting {
  readonly id?: string;
  readonly reports: Pick<Reports, 'record'>;
}

/** How the game on a slot answers its callback; null: not at all. */
export type Answer = 'acked' | 'refused' | 'refused once' | 'not started' | null;

/** The agent of machine `m`, without games: it reports as soon as there is something to report. */
export class TestAgent {
  /** Answers by slot; a slot without an entry acknowledges. */
  answers: Record<string, Answer> = {};
  /** How long games last (ms); null: until somebody ends them. */
  sessionMs: number | null = null;
  /** The offer of every slot. */
  offer = anOffer();
  /**
   * How long a game takes to start (ms), if slots run what they are assigned; null: they do not.
   */
  startMs: number | null = null;
  /** Versions of build configurations whose games do not start. */
  readonly broken = new Set<number>();
  private watching: Subscription | undefined;
  /** The process on each slot whose process was ever changed. */
  private readonly processes = new Map<string, GameProcess | null>();
  private started = 0;
  /** The fence of the last session on each slot whose end is scheduled. */
  private readonly playing = new Map<string, number>();

  constructor(
    private readonly region: string,
    private readonly log: EventLog<SlotRecord>,
    private readonly clock: Clock,
    /** Reports go to the first of them; what a game answered, to the one that made the claim. */
    private readonly allocators: readonly Reporting[],
  ) {}

  async own(...slots: readonly string[]): Promise<void> {
    this.watching ??= await this.log.watch(slotsSubject(this.region), {
      receive: (item) => {
        if (item.kind === 'recorded') this.see(item.subject, item.sequence, item.record.state);
      },
    });
    for (const slot of slots) await this.report(slot, 0, {});
  }

  async report(
    slot: string,
    seen: number,
    change: Partial<SlotReport>,
    to = this.allocators[0],
  ): Promise<void> {
    const running = this.processes.get(slot);
    const process = running === undefined ? aProcess() : running;
    const report = aReport({ offer: this.offer, process, ...change });
    await to?.reports.record({ region: this.region, agent: 'm', slot }, { seen, report });
  }

  close(): void {
    this.watching?.close();
  }

  private see(subject: string, seen: number, state: SlotState): void {
    const { slot } = slotOfSubject(subject);
    const { value, context } = state;
    if (typeof value === 'object' && 'available' in value) this.run(slot, seen, state);
    const { fence, allocation } = context;
    if (value === 'deallocated') void this.report(slot, seen, { clearedFence: fence });
    if (typeof value === 'string' || !('allocated' in value) || allocation === null) return;
    if (allocation.acknowledgedAt === null) {
      const claimer = this.allocators.find(({ id }) => id === allocation.allocator);
      this.answer(slot, seen, fence, claimer);
    } else if (this.sessionMs !== null && this.playing.get(slot) !== fence) {
      this.playing.set(slot, fence);
      const exit = { exitCode: 0, signal: null };
      const end = () => void this.report(slot, seen, { session: aSession({ fence, exit }) });
      this.clock.after(this.sessionMs, end);
    }
  }

  /** Stops a process that has to make way, and starts the next one after `startMs`. */
  private run(slot: string, seen: number, state: SlotState): void {
    const { process, failure } = state.context;
    const target = runOf(state);
    if (this.startMs === null || target === null || failure !== null) return;
    const { buildConfiguration, version } = target;
    if (process !== null) {
      if (process.buildConfiguration === buildConfiguration && process.version === version) return;
      this.processes.set(slot, null);
      return void this.report(slot, seen, {});
    }
    this.clock.after(this.startMs, () => {
      const failedAt = this.clock.now();
      const reason = 'the executable is missing';
      if (this.broken.has(version)) {
        return void this.report(slot, seen, { failure: { check: 'start', reason, failedAt } });
      }
      this.started += 1;
      const pid = 5_000 + this.started;
      this.processes.set(slot, aProcess({ pid, startedAt: failedAt, buildConfiguration, version }));
      void this.report(slot, seen, {});
    });
  }

  private answer(slot: string, seen: number, fence: number, to?: Reporting): void {
    const answer = slot in this.answers ? this.answers[slot] : 'acked';
    if (answer == null) return;
    if (answer === 'refused once') this.answers[slot] = 'acked';
    const callback =
      answer === 'acked'
        ? ({ outcome: 'acked', answer: JsonText.of({ slot }), token: 'secret' } as const)
        : answer === 'not started'
          ? ({ outcome: 'refused', reason: 'no such file', cause: 'not-started' } as const)
          : ({ outcome: 'refused', reason: 'not today', cause: 'game' } as const);
    void this.report(slot, seen, { session: aSession({ fence, callback }) }, to);
  }
}

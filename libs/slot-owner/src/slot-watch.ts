import {
  Condition,
  errorMessage,
  type Cancel,
  type Clock,
  type EventLog,
  type LogItem,
} from '#kernel';
import type { SlotState } from '#slot';
import { slotOfSubject, slotsSubject, slotSubject, type SlotRecord } from '#wire';
import type { Identity } from './identity.js';
import { watchPatiently } from './patient-watch.js';
import type { OwnerLog, Reconciler } from './reconciler.js';

type Followed = Pick<Reconciler, 'follow' | 'startOver' | 'reconcile'>;

/** The slots of one owner. */
export interface OwnedSlots {
  /** Undefined if the owner no longer has the slot. */
  of(slot: string, state: SlotState): Followed | undefined;
  all(): Iterable<Followed>;
  /** The names of all slots, if they are known from the start; then only these are read. */
  names?(): readonly string[];
}

export interface SlotWatchDeps {
  readonly eventLog: EventLog<SlotRecord>;
  readonly clock: Clock;
  readonly logger: OwnerLog;
}

/**
 * Passes the log's state of each slot on to the slot. One subscription serves all slots of an
 * owner.
 */
export class SlotWatch {
  private cancel: Cancel = () => undefined;
  private following = false;
  private reason = 'it is being read';

  constructor(
    private readonly identity: Identity,
    private readonly slots: OwnedSlots,
    private readonly deps: SlotWatchDeps,
  ) {}

  /** Whether the log has been read to its current end. */
  get isFollowing(): boolean {
    return this.following;
  }

  /** Why the log of the slots has not been read yet; null if it has been. */
  unreadBecause(): string | null {
    return this.following ? null : `the log of slots is not read yet: ${this.reason}`;
  }

  /** Starts to follow the log, and waits for it without a time limit. */
  start(): void {
    const { eventLog, clock, logger } = this.deps;
    const { region, agent } = this.identity;
    const subject = slotsSubject(region, agent);
    const names = this.slots.names?.();
    const waiting = new Condition(logger, clock, {
      begins: 'waiting for the log of slots',
      ends: 'the log of slots is there',
    });
    const filter = names?.map((slot) => slotSubject({ region, agent, slot })) ?? subject;
    this.cancel = watchPatiently(eventLog, filter, clock, {
      receive: (item) => this.receive(item),
      startedOver: () => {
        logger.error(
          { subject },
          'the log was replaced by an older one: following it from its start',
        );
        for (const slot of this.slots.all()) slot.startOver();
      },
      following: () => {
        this.following = true;
        waiting.pass();
        logger.info({ subject }, 'following the log');
        // The log does not know the slots that it has not delivered: they must be reported.
        for (const slot of this.slots.all()) slot.reconcile();
      },
      waiting: (error) => {
        this.reason = errorMessage(error);
        waiting.fail(this.reason);
      },
    });
  }

  close(): void {
    this.cancel();
  }

  private receive(item: LogItem<SlotRecord>): void {
    const { subject, sequence } = item;
    if (item.kind === 'unreadable') {
      const { reason } = item;
      return this.deps.logger.error({ subject, sequence, reason }, 'unreadable: set aside');
    }
    const { slot } = slotOfSubject(subject);
    const { state, traceparent } = item.record;
    this.slots.of(slot, state)?.follow(state, sequence, traceparent);
  }
}

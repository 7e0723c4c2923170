import type { Clock, Refusal } from '#kernel';
import type { Pool } from '#pool';
import { allocationOf, statusOf, type Direct, type SlotState } from '#slot';
import {
  slotName,
  slotOfSubject,
  slotSubject,
  type OperatedSlot,
  type Operation,
  type OperationAnswer,
  type OperationRequest,
} from '#wire';
import { refusedAnswer } from '../claim/answers.js';
import { eachBounded } from '../bounded.js';
import type { Freshness } from '../log/pool-feeder.js';
import type { Recording, SlotWriter } from '../log/slot-writer.js';

/** Number of slots of one request that are written at the same time. */
const WRITES_MAX = 16;

/**
 * Time for everything that one request records (ms); longer than the election of a stream leader.
 */
const RECORD_WITHIN_MS = 12_000;

const COMMANDS: Readonly<Record<Operation, Direct['type']>> = {
  drain: 'Drain',
  'withdraw-drain': 'WithdrawDrain',
  'begin-maintenance': 'BeginMaintenance',
  'end-maintenance': 'EndMaintenance',
  retire: 'Retire',
  repair: 'Repair',
};

/**
 * Carries out what operators ask of slots. If a slot is already as asked for, nothing is recorded,
 * and that is no error.
 */
export class SlotOperations {
  constructor(
    private readonly clock: Clock,
    private readonly pool: Pool,
    private readonly writer: SlotWriter,
    private readonly freshness: Freshness,
  ) {}

  /**
   * Without a slot, the request is for all slots that the agent has now; later ones are not
   * covered.
   */
  async direct(request: OperationRequest): Promise<OperationAnswer> {
    const stale = this.freshness.staleBecause();
    if (stale !== null) return refusedAnswer(undefined, 'not-ready', stale);
    const subjects = this.meant(request);
    if (subjects.length === 0) return unknown(request);
    const until = this.clock.now() + RECORD_WITHIN_MS;
    const slots = await eachBounded(subjects, WRITES_MAX, (subject) =>
      this.directOne(subject, request, until),
    );
    return { status: 'directed', slots };
  }

  /** The subjects of the slots that a request is about. */
  private meant({ region, agent, slot }: OperationRequest): readonly string[] {
    const { agents, slots } = this.pool;
    if (slot === undefined) return agents.slotsOf(agent).map(({ subject }) => subject);
    const subject = slotSubject({ region, agent, slot });
    return slots.sequenceOf(subject) === 0 ? [] : [subject];
  }

  private async directOne(
    subject: string,
    request: OperationRequest,
    until: number,
  ): Promise<OperatedSlot> {
    const slot = slotName(slotOfSubject(subject));
    const { direction, force } = request;
    // A retired slot never comes back, so retiring cannot wait for the session to end: the session
    // ends first.
    if (force && direction === 'retire') await this.endSession(subject, request, until);
    const said = await this.say(subject, request, until);
    if (said !== null) return { slot, outcome: 'refused', ...said };
    if (force && direction !== 'retire') {
      const kept = await this.endSession(subject, request, until);
      if (kept !== null) return { slot, outcome: 'refused', ...kept };
    }
    const state = this.pool.slots.get(subject)?.state;
    return { slot, outcome: (state && outcomeIn(state, direction)) ?? 'done' };
  }

  /** Null if the direction is recorded, now or earlier. */
  private async say(
    subject: string,
    { direction, reason, by }: OperationRequest,
    until: number,
  ): Promise<Why | null> {
    const present = this.pool.slots.get(subject);
    const isReadable = !this.pool.slots.isQuarantined(subject);
    if (direction === 'repair' && isReadable) return null;
    if (present !== undefined && outcomeIn(present.state, direction) !== null) return null;
    const type = COMMANDS[direction];
    return whyNot(await this.writer.record(subject, { type, reason, by }, until), () =>
      hindrance(this.pool.slots.get(subject)?.state, direction),
    );
  }

  /** Ends the slot's session, if there is one. Null if it is over. */
  private async endSession(
    subject: string,
    { reason, by }: OperationRequest,
    until: number,
  ): Promise<Why | null> {
    const state = this.pool.slots.get(subject)?.state;
    const allocation = state && statusOf(state) === 'allocated' ? allocationOf(state) : null;
    if (allocation === null) return null;
    const command = { type: 'Deallocate', allocationId: allocation.id, reason, by } as const;
    const why = whyNot(await this.writer.record(subject, command, until), () => '');
    // If the session has ended by itself in the meantime, that is fine too.
    return why?.code === 'not-this-allocation' ? null : why;
  }
}

type Why = Extract<Recording, { kind: 'refused' }>['refusal'] | Refusal<'timed-out' | 'not-ready'>;

function whyNot(recording: Recording, hindering: () => string): Why | null {
  switch (recording.kind) {
    case 'recorded':
      return null;
    case 'refused': {
      const { code, message } = recording.refusal;
      return { code, message: (code === 'not-now' && hindering()) || message };
    }
    case 'indeterminate':
      return recording.refusal;
    default:
      return recording satisfies never;
  }
}

/** How far the direction is carried out according to the state; null if not at all. */
function outcomeIn(state: SlotState, direction: Operation): 'done' | 'pending' | null {
  const status = statusOf(state);
  const { pending } = state.context;
  switch (direction) {
    case 'drain':
      if (status === 'drained') return 'done';
      return pending === 'drain' ? 'pending' : null;
    case 'begin-maintenance':
      if (status === 'maintenance') return 'done';
      return pending === 'maintenance' ? 'pending' : null;
    case 'withdraw-drain':
      return status !== 'drained' && pending !== 'drain' ? 'done' : null;
    case 'end-maintenance':
      return status !== 'maintenance' && pending !== 'maintenance' ? 'done' : null;
    case 'repair':
      return null;
    case 'retire':
      return status === 'retired' ? 'done' : null;
    default:
      return direction satisfies never;
  }
}

/** Why a direction is refused now, in an operator's words. */
function hindrance(state: SlotState | undefined, direction: Operation): string {
  if (state === undefined) return '';
  const status = statusOf(state);
  if (status === 'retired') return 'the slot is retired, which cannot be undone';
  if (direction === 'retire') return 'a session runs: drain the slot first, or use force';
  if (state.context.pending !== null) {
    return `${state.context.pending} is pending: withdraw it or end it first`;
  }
  return `the slot is ${status === 'maintenance' ? 'in maintenance' : status}`;
}

function unknown({ region, agent, slot }: OperationRequest): OperationAnswer {
  const message =
    slot === undefined
      ? `no slot of agent ${region}.${agent} is known`
      : `there is no slot ${slotName({ region, agent, slot })}`;
  return refusedAnswer(undefined, 'unknown-slot', message);
}

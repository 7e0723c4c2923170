import { parseJson, printJson, Prints } from '#json';
import { ImpossibleEvent, type StoredMessage } from '#kernel';
import {
  firstDifference,
  shortState,
  slot,
  slotState,
  type SlotEvent,
  type SlotState,
} from '#slot';
import { slotRecordCodec } from '#wire';
import { z } from 'zod';
import { differsAt } from './difference.js';
import { nameOf, type FindingKind } from './finding.js';

/** The newest event of a slot that was read. Changed in place: there is one for each event. */
export interface Head {
  /** `region.agent.slot` */
  readonly slot: string;
  /** 0: none was read. */
  sequence: number;
  /** When it was recorded (epoch ms). */
  at: number;
  state: SlotState;
  /** Set behind an event that is wrong: the other state that the slot may be in. */
  orElse: SlotState | undefined;
  /** Of the slot's states, which share much. */
  readonly prints: Prints;
}

/** An event as it was read: with its state in full, or the text of it. */
export type ReadEvent =
  | { readonly event: SlotEvent; readonly stateText: string }
  | { readonly event: SlotEvent; readonly state: SlotState };

/** What the machine says of one step. */
export interface Step {
  readonly state: SlotState;
  readonly orElse?: SlotState | undefined;
  /** Null: it is lawful. */
  readonly wrong: { readonly kind: FindingKind; readonly says: string } | null;
}

/**
 * Whether an event follows from a state, and led to the one that is recorded with it. A state that is
 * printed as the one recorded is not parsed.
 */
export function replay(
  before: SlotState,
  read: ReadEvent,
  message: StoredMessage,
  prints: Prints,
): Step {
  const { event } = read;
  const replayed = evolved(before, event);
  if (replayed !== null && 'stateText' in read) {
    if (prints.match(shortState(replayed), read.stateText)) return { state: replayed, wrong: null };
  }
  const recorded = recordedState(read, message);
  if (firstDifference([{ event, state: recorded }], before) === undefined) {
    return { state: recorded, wrong: null };
  }
  if (replayed === null) {
    const says = `cannot have happened in state ${JSON.stringify(before.value)}`;
    return { state: before, orElse: recorded, wrong: { kind: 'impossible', says } };
  }
  const says = `did not lead to the state recorded with it: ${differsAt(recorded, replayed)} differs`;
  return { state: replayed, orElse: recorded, wrong: { kind: 'state', says } };
}

export function recordedState(read: ReadEvent, { subject, body }: StoredMessage): SlotState {
  return 'state' in read ? read.state : slotRecordCodec.decode(subject, body).state;
}

function evolved(state: SlotState, event: SlotEvent): SlotState | null {
  try {
    return slot.evolve(state, event);
  } catch (error) {
    if (error instanceof ImpossibleEvent) return null;
    throw error;
  }
}

/** A head as it is kept to go on later; states are texts, for payloads are kept as they were written. */
export const keptHead = z.object({
  subject: z.string(),
  sequence: z.int(),
  at: z.number(),
  state: z.string(),
  orElse: z.string().optional(),
});
export type KeptHead = z.output<typeof keptHead>;

export function keepHead(subject: string, { sequence, at, state, orElse }: Head): KeptHead {
  return {
    subject,
    sequence,
    at,
    state: printJson(state),
    ...(orElse !== undefined && { orElse: printJson(orElse) }),
  };
}

export function headOf({ subject, sequence, at, state, orElse }: KeptHead): Head {
  return {
    slot: nameOf(subject),
    sequence,
    at,
    state: parseJson(slotState, state),
    orElse: orElse === undefined ? undefined : parseJson(slotState, orElse),
    prints: new Prints(),
  };
}

import { JsonText } from '#json';
import type { StoredMessage } from '#kernel';
import { slot, type SlotCommand, type SlotState } from '#slot';
import { slotRecordCodec, slotSubject } from '#wire';
import {
  aProcess,
  aRequest,
  aSession,
  deallocate,
  expire,
  reported,
  START,
} from './slot-samples.js';

interface StoredLogOptions {
  readonly region?: string;
  readonly slots: number;
  /** Of each slot. */
  readonly sessions: number;
}

const warm = { process: aProcess() };
const payload = JsonText.of({ mode: 'ctf', players: ['ann', 'bo', 'cy', 'di'], map: 'docks' });
const exit = { exitCode: 0, signal: null };

/** A slot as whoever writes knows it. */
interface Head {
  readonly subject: string;
  readonly sequence: number;
  readonly state: SlotState;
  /** When the slot's last event happened (epoch ms): a late answer of one makes no other late. */
  readonly at: number;
}

/**
 * A region's log as allocators write it: all slots are warm, then each has its sessions, all at once.
 * One claim in ten is not answered in time.
 */
export function* storedLog({ region = 'eu', slots, sessions }: StoredLogOptions) {
  const heads = new Map<number, Head>();
  let sequence = 0;
  function* write(index: number, command: SlotCommand): Generator<StoredMessage, void> {
    const subject = slotSubject({ region, agent: `m-${index % 10}`, slot: String(index) });
    const before = heads.get(index) ?? { subject, sequence: 0, state: slot.initial, at: START };
    const at = before.at + (command.type === 'Expire' ? 60_000 : 1);
    const decision = slot.decide(before.state, { ...command, at });
    if (decision.kind === 'refused') throw new Error(decision.refusal.message);
    let expected = before.sequence;
    for (const step of decision.steps) {
      sequence += 1;
      const record = { id: `${index}-${sequence}`, source: 'berth/allocator/a', ...step };
      const body = slotRecordCodec.encode(subject, record);
      const deduplicationId = step.event.type === 'AllocationRequested' ? nameIn(command) : null;
      yield { subject, sequence, body, expected, deduplicationId };
      expected = sequence;
      heads.set(index, { subject, sequence, state: step.state, at });
    }
  }
  const all = Array.from({ length: slots }, (_, index) => index);
  for (const index of all) yield* write(index, reported(warm));
  for (let turn = 1; turn <= sessions; turn += 1) {
    for (const step of [0, 1, 2, 3, 4]) {
      for (const index of all) {
        const state = heads.get(index)?.state ?? slot.initial;
        const command = commandOf(step, state, `match-${index}-${turn}`, index, turn);
        if (command !== undefined) yield* write(index, command);
      }
    }
  }
}

/** The next thing that happens in a session. */
function commandOf(
  step: number,
  { context }: SlotState,
  id: string,
  index: number,
  turn: number,
): SlotCommand | undefined {
  const { fence } = context;
  const isLate = (index + turn) % 10 === 0;
  switch (step) {
    case 0:
      return aRequest({
        allocationId: id,
        payload,
        requestedBy: `token-${index % 3} (api): lobby`,
      });
    case 1:
      return isLate ? expire(0) : reported({ ...warm, session: aSession({ fence }) });
    case 2:
      return isLate ? undefined : reported({ ...warm, session: aSession({ fence, players: 4 }) });
    case 3:
      if (isLate) return undefined;
      return index % 3 === 0
        ? deallocate({ allocationId: id })
        : reported({ session: aSession({ fence, exit }) });
    default:
      return reported({ ...warm, clearedFence: fence });
  }
}

function nameIn(command: SlotCommand): string | null {
  if (command.type !== 'RequestAllocation') return null;
  const { allocationId, attempt } = command;
  return attempt === 1 ? allocationId : `${allocationId}.${attempt - 1}`;
}

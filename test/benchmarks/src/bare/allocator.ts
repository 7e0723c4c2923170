/**
 * The allocator of the bare flow, in its own process: steps 1, 4 to 8 and 10 of an allocation's
 * life.
 */
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, createInbox, type Msg } from '@nats-io/transport-node';
import { slotCount } from '../target.js';
import { runAsWorker } from '../worker.js';
import { openLog } from './log.js';
import {
  allocateSubject,
  liveSubjects,
  slotSubject,
  slotSubjects,
  streamName,
  type Allocate,
  type BareParameters,
  type Granted,
  type Report,
  type SlotEvent,
} from './wire.js';

/** How long a game server may take to answer its callback (ms). */
const callbackMsMax = 10_000;
/** Like Berth's own stream: history is bounded, and the last event always stays. */
const eventsPerSlotMax = 64;

interface FreeSlot {
  readonly slot: number;
  /**
   * Sequence of the last event on its subject, which the next append expects; 0 if there is none.
   */
  readonly sequence: number;
}

interface Waiting {
  readonly request: Allocate;
  readonly message: Msg;
}

await runAsWorker(async ({ natsUrl }: BareParameters) => {
  const connection = await connect({ servers: natsUrl, noAsyncTraces: true });
  const appendToLog = openLog(connection);
  const reportTo = createInbox();
  const free: FreeSlot[] = Array.from({ length: slotCount }, (_, slot) => ({ slot, sequence: 0 }));
  const waiting = new Map<number, Waiting>();

  const { streams } = await jetstreamManager(connection);
  await streams.add({
    name: streamName,
    subjects: [slotSubjects],
    storage: 'file',
    max_msgs_per_subject: eventsPerSlotMax,
    republish: { src: slotSubjects, dest: liveSubjects },
  });
  connection.subscribe(reportTo, { callback: (_, message) => void record(message.json()) });
  connection.subscribe(allocateSubject, { callback: (_, message) => void allocate(message) });
  await connection.flush();
  return { ready: true };

  async function allocate(message: Msg): Promise<void> {
    const request = message.json<Allocate>();
    const picked = free.pop();
    if (picked === undefined) return refuse(message, 'no slot is free');
    const { slot, sequence } = picked;
    waiting.set(slot, { request, message });
    const at = Date.now();
    const until = at + callbackMsMax;
    const context = { allocationId: request.allocationId, attempt: 1, until };
    const state = { value: 'allocated.awaiting-callback', context };
    const event = {
      type: 'AllocationRequested',
      slot,
      reportTo,
      at,
      until,
      request,
      state,
    } as const;
    await append(event, sequence, request.allocationId);
  }

  function record(report: Report): Promise<void> {
    switch (report.seen) {
      case 'callback-acked':
        return grant(report);
      case 'exited':
        return clear(report);
      default:
        return report.seen satisfies never;
    }
  }

  async function grant({ slot, sequence, payload }: Report): Promise<void> {
    const asked = waiting.get(slot);
    if (asked === undefined) return;
    const { allocationId } = asked.request;
    const context = { allocationId, sequence, payload };
    const state = { value: 'allocated.live', context };
    const event = {
      type: 'CallbackAcked',
      slot,
      reportTo,
      at: Date.now(),
      payload,
      state,
    } as const;
    if ((await append(event, sequence)) === undefined) return;
    waiting.delete(slot);
    const address = `127.0.0.1:${7_000 + slot}`;
    const granted: Granted = { kind: 'granted', allocationId, address, sequence, payload };
    asked.message.respond(JSON.stringify(granted));
  }

  async function clear({ slot, sequence }: Report): Promise<void> {
    const state = { value: 'available.cold', context: {} };
    const event = { type: 'SlotCleared', slot, reportTo, at: Date.now(), state } as const;
    const cleared = await append(event, sequence);
    if (cleared !== undefined) free.push({ slot, sequence: cleared });
  }

  /**
   * Undefined if it failed: the requester is refused, and the slot is not used again in this run.
   */
  async function append(
    event: SlotEvent,
    lastSubjectSequence: number,
    id?: string,
  ): Promise<number | undefined> {
    const { slot } = event;
    try {
      return await appendToLog(slotSubject(slot), JSON.stringify(event), lastSubjectSequence, id);
    } catch (error) {
      const asked = waiting.get(slot);
      waiting.delete(slot);
      if (asked !== undefined) refuse(asked.message, String(error));
      return undefined;
    }
  }

  function refuse(message: Msg, reason: string): void {
    message.respond(JSON.stringify({ kind: 'refused', reason }));
  }
});

import { TransientError, type Cancel, type Clock } from '#kernel';
import type { StoredMsg } from '@nats-io/jetstream';
import type { Delivered, DeliverySink, DeliveryStart, StreamAccess } from './delivery.js';
import { openDelivery } from './open-delivery.js';
import { reach } from '../connection/failures.js';
import { RETRY_MS, SILENCE_MS } from '../connection/retry.js';

/**
 * How long trouble may last without a single message (ms): longer than a cluster's election (4 to 9
 * s).
 */
const TROUBLE_MS_MAX = 12_000;
/**
 * Number of heartbeats in a row, before the end is reached, after which the delivery has failed.
 */
const IDLE_MAX = 6;

/** Which messages are read, and from where. */
export interface Reading {
  /** The subjects that match. */
  readonly filter: string;
  /** Whether the filter matches the whole stream. */
  readonly isWhole: boolean;
  /** The start of a delivery after `sequence`, the last one that was read (0: none). */
  startAfter(sequence: number): DeliveryStart;
  /** Whether the last of all matching messages belongs to the reading. */
  includes(last: StoredMsg): boolean;
}

/**
 * Reads up to the last matching message, as the stream's leader knows it at the start: another
 * server may be behind. A delivery that breaks or falls silent is replaced by one that goes on
 * where it ended. Messages are given as many at a time as have arrived: one by one costs 2 µs each.
 *
 * @throws {TransientError} nothing came for 12 s.
 */
export async function* readToEnd(
  access: StreamAccess,
  reading: Reading,
): AsyncGenerator<readonly Delivered[], void> {
  const { clock, manager, stream } = access;
  const lastBy = (last_by_subj: string) =>
    reach(manager.streams.getMessage(stream, { last_by_subj }));
  // Quick; but if the very last message was forgotten, nats-server (2.11 to 2.15) finds none this
  // way.
  const lastOf = async () =>
    (reading.isWhole ? await lastBy('>') : null) ?? (await lastBy(reading.filter));
  const last = await lastOf();
  if (last === null || !reading.includes(last)) return;
  let end = last.seq;
  let sequence = 0;
  let troubleSince: number | undefined;
  for (let isFirst = true; ; isFirst = false) {
    try {
      // The last message may have been forgotten meanwhile; then it never comes.
      if (!isFirst) end = Math.min(end, (await lastOf())?.seq ?? 0);
      if (end <= sequence) return;
      for await (const chunk of readOnce(access, reading.startAfter(sequence), end)) {
        const unread = between(sequence, chunk, end);
        sequence = unread.at(-1)?.sequence ?? sequence;
        troubleSince = undefined;
        yield unread;
      }
      return;
    } catch (error) {
      if (!(error instanceof TransientError)) throw error;
      troubleSince ??= clock.now();
      if (clock.now() - troubleSince >= TROUBLE_MS_MAX) throw error;
      await clock.sleep(RETRY_MS);
    }
  }
}

/**
 * Messages behind the last that was read, up to the end: the last message may have been replaced by a
 * newer one of its subject. As a rule they all are.
 */
function between(before: number, chunk: readonly Delivered[], end: number): readonly Delivered[] {
  const [first, last] = [chunk[0]?.sequence ?? 0, chunk.at(-1)?.sequence ?? 0];
  if (first > before && last <= end) return chunk;
  return chunk.filter(({ sequence }) => sequence > before && sequence <= end);
}

async function* readOnce(
  access: StreamAccess,
  start: DeliveryStart,
  end: number,
): AsyncGenerator<readonly Delivered[], void> {
  const chunks = new Chunks(access.clock);
  const delivery = await openDelivery(access, start, chunks);
  try {
    for (let idle = 0; idle < IDLE_MAX;) {
      const chunk = await chunks.next();
      idle = chunk.length === 0 ? idle + 1 : 0;
      delivery.grant(chunk.length);
      yield chunk;
      if ((chunk.at(-1)?.sequence ?? 0) >= end) return;
    }
    throw new TransientError('JetStream has more messages but does not deliver them');
  } finally {
    delivery.close();
  }
}

/** Collects messages as they arrive, in chunks; never more than were requested in advance. */
class Chunks implements DeliverySink {
  private readonly clock: Clock;
  private arrived: Delivered[] = [];
  private failure: Error | undefined;
  private wake: (() => void) | undefined;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  message(message: Delivered): void {
    this.arrived.push(message);
    this.wake?.();
  }

  heartbeat(): void {
    this.wake?.();
  }

  failed(trouble: Error): void {
    this.failure = trouble;
    this.wake?.();
  }

  /**
   * The messages that have arrived, or the next to arrive; an empty list after a heartbeat.
   *
   * @throws {TransientError} the delivery broke, or was silent for too long.
   */
  async next(): Promise<readonly Delivered[]> {
    if (this.arrived.length === 0 && this.failure === undefined) await this.sign();
    if (this.arrived.length === 0 && this.failure !== undefined) throw this.failure;
    const chunk = this.arrived;
    this.arrived = [];
    return chunk;
  }

  private sign(): Promise<void> {
    let cancel: Cancel;
    const sign = new Promise<void>((resolve) => {
      this.wake = resolve;
      cancel = this.clock.after(SILENCE_MS, () => {
        this.failure ??= new TransientError(`JetStream was silent for ${SILENCE_MS} ms`);
        resolve();
      });
    });
    return sign.finally(() => {
      this.wake = undefined;
      cancel();
    });
  }
}

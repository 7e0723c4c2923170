import { Trouble, type Cancel, type Clock } from '#kernel';
import type { ConsumerConfig } from '@nats-io/jetstream';
import { Delivery, type Delivered, type DeliverySink, type StreamAccess } from './delivery.js';
import { reach } from './failures.js';
import { RETRY_MS, SILENCE_MS } from './retry.js';

/** Without a single message; longer than a cluster takes to elect a leader (4 to 9 s). */
const TROUBLE_MS_MAX = 12_000;
/** Heartbeats in a row while the server says that there is more. */
const IDLE_MAX = 6;

/** Where a reading starts, given the sequence that it has reached (0: none). */
export type StartAfter = (sequence: number) => Partial<ConsumerConfig>;

/**
 * Reads up to what the stream's end was at the start. A delivery that breaks or falls silent is
 * replaced by one that goes on where it ended.
 *
 * @throws {Trouble} nothing came for 12 s.
 */
export async function* readToEnd(
  access: StreamAccess,
  startAfter: StartAfter,
): AsyncGenerator<Delivered, void> {
  const { clock } = access;
  let sequence = 0;
  let troubleSince: number | undefined;
  for (;;) {
    try {
      for await (const message of readOnce(access, startAfter(sequence))) {
        if (message.sequence <= sequence) continue;
        sequence = message.sequence;
        troubleSince = undefined;
        yield message;
      }
      return;
    } catch (error) {
      if (!(error instanceof Trouble)) throw error;
      troubleSince ??= clock.now();
      if (clock.now() - troubleSince >= TROUBLE_MS_MAX) throw error;
      await clock.sleep(RETRY_MS);
    }
  }
}

async function* readOnce(
  access: StreamAccess,
  start: Partial<ConsumerConfig>,
): AsyncGenerator<Delivered, void> {
  const chunks = new Chunks(access.clock);
  const { delivery, pending } = await Delivery.open(access, start, chunks);
  try {
    if (pending === 0) return;
    // Asked after the consumer was made: what it found then lies before this end.
    const { state } = await reach(access.manager.streams.info(access.stream));
    for (let idle = 0; idle < IDLE_MAX;) {
      const chunk = await chunks.next();
      idle = chunk.length === 0 ? idle + 1 : 0;
      // The usual end is a message after which nothing is pending; this one does not rest on it.
      if (chunk.length === 0 && (await delivery.pending()) === 0) return;
      delivery.grant(chunk.length);
      for (const message of chunk) {
        if (message.sequence > state.last_seq) return;
        yield message;
        if (message.pending === 0 || message.sequence === state.last_seq) return;
      }
    }
    throw new Trouble('JetStream has more messages and does not deliver them');
  } finally {
    delivery.close();
  }
}

/** Messages as they arrive, handed over in chunks; never more than were asked for in advance. */
class Chunks implements DeliverySink {
  readonly #clock: Clock;
  #arrived: Delivered[] = [];
  #failure: Error | undefined;
  #wake: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  message(message: Delivered): void {
    this.#arrived.push(message);
    this.#wake?.();
  }

  heartbeat(): void {
    this.#wake?.();
  }

  failed(trouble: Error): void {
    this.#failure = trouble;
    this.#wake?.();
  }

  /**
   * What has arrived, or the next to arrive; nothing after a heartbeat.
   *
   * @throws {Trouble} the delivery broke, or was silent for too long.
   */
  async next(): Promise<readonly Delivered[]> {
    if (this.#arrived.length === 0 && this.#failure === undefined) await this.#sign();
    if (this.#arrived.length === 0 && this.#failure !== undefined) throw this.#failure;
    const chunk = this.#arrived;
    this.#arrived = [];
    return chunk;
  }

  #sign(): Promise<void> {
    let cancel: Cancel;
    const sign = new Promise<void>((resolve) => {
      this.#wake = resolve;
      cancel = this.#clock.after(SILENCE_MS, () => {
        this.#failure ??= new Trouble(`JetStream was silent for ${SILENCE_MS} ms`);
        resolve();
      });
    });
    return sign.finally(() => {
      this.#wake = undefined;
      cancel();
    });
  }
}

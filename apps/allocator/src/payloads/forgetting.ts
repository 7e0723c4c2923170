import { Condition, errorMessage, type Cancel, type Clock } from '#kernel';
import type { Logger } from '#service-runtime';
import {
  decodeJson,
  encodeJson,
  endpoints,
  forgottenRecord,
  keyEpoch,
  type ForgetRequest,
  type ForgottenRecord,
  type KeyStore,
} from '#wire';
import { EPOCH_MS, type PayloadKeys } from './payload-keys.js';

/** How often old keys are looked for (ms). */
const LOOK_EVERY_MS = 600_000;

/** Number of records in one question to the store. */
const PAGE = 256;

const FAILING = {
  ...{ begins: 'old keys of payloads cannot be destroyed', ends: 'old keys are destroyed again' },
  level: 'error',
} as const;

export interface ForgettingDeps {
  readonly region: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly keys: PayloadKeys;
  readonly store: KeyStore;
  /** How long payloads and answers can be read after they were recorded (ms). */
  readonly keepMs: number;
}

/**
 * Destroys keys, and with them what they encrypt: those of one allocation when it is asked for, and all
 * of a day after `keepMs`. Any number of allocators may do this: destroying twice is no error.
 */
export class Forgetting {
  private cancel: Cancel = () => undefined;
  private isLooking = false;
  /** Sequence of the last record whose keys are known to be erased. */
  private finished = 0;
  private readonly failing: Condition;

  constructor(private readonly deps: ForgettingDeps) {
    const { logger, clock, region } = deps;
    this.failing = new Condition(logger, clock, { ...FAILING, fields: { region } });
  }

  start(): void {
    this.cancel = this.deps.clock.every(LOOK_EVERY_MS, () => void this.look());
    void this.look();
  }

  stop(): void {
    this.cancel();
  }

  /**
   * Resolves once the keys are erased. Who and why is recorded first: if this allocator ends in between,
   * another finishes it. Throws `TransientError` and `LogRefused`: ask again.
   */
  async forget({ payloadKeys, allocationId, reason, by }: ForgetRequest): Promise<void> {
    const { region, store, clock, keys } = this.deps;
    for (const payloadKey of payloadKeys) {
      const record: ForgottenRecord = { payloadKey, allocationId, by, reason, at: clock.now() };
      const subject = endpoints.forgotten.subject.of({ region, key: String(payloadKey) });
      if ((await store.last(subject)) === undefined) await store.add(subject, encodeJson(record));
      await keys.destroy(payloadKey);
    }
    this.deps.logger.info({ region, allocationId, by, reason }, 'a payload was forgotten');
  }

  /** Never throws. */
  private async look(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    try {
      await this.finishForgotten();
      await this.destroyOld();
      this.failing.pass();
    } catch (error) {
      this.failing.fail(errorMessage(error));
    } finally {
      this.isLooking = false;
    }
  }

  /** Erases what an allocator recorded as forgotten before it ended. */
  private async finishForgotten(): Promise<void> {
    const filter = endpoints.forgotten.subject.filter({ region: this.deps.region });
    for await (const { sequence, body } of this.all(filter, this.finished)) {
      await this.deps.keys.destroy(decodeJson(forgottenRecord, body).payloadKey);
      this.finished = sequence;
    }
  }

  private async destroyOld(): Promise<void> {
    const { region, clock, keepMs, keys } = this.deps;
    const filter = endpoints.keyEpoch.subject.of({ region });
    for await (const { sequence, body } of this.all(filter, 0)) {
      const { startedAt } = decodeJson(keyEpoch, body);
      if (startedAt + EPOCH_MS + keepMs > clock.now()) continue;
      await keys.destroyEpoch(sequence);
      this.deps.logger.info({ region, startedAt }, "the keys of a day's payloads were destroyed");
    }
  }

  private async *all(filter: string, after: number) {
    let last = after;
    for (;;) {
      const page = await this.deps.store.list(filter, last, PAGE);
      yield* page;
      last = page.at(-1)?.sequence ?? last;
      if (page.length < PAGE) return;
    }
  }
}

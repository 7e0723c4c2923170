import { JsonText } from '#json';
import { CannotStore, LogRefused, TransientError, type Clock } from '#kernel';
import type { Pool } from '#pool';
import { isAwaiting, type Allocation, type SlotReport } from '#slot';
import {
  decodeJson,
  endpoints,
  forgottenRecord,
  slotNamed,
  slotSubject,
  type AllocationAnswer,
  type Decrypted,
  type Encrypted,
  type KeyStore,
} from '#wire';
import { refusedAnswer } from '../claim/answers.js';
import { decryptText, encryptText } from './cipher.js';
import type { PayloadKey, PayloadKeys } from './payload-keys.js';

/** Pause after a key could not be stored (ms). */
const UNSTORED_MS = 250;

/** What the log's state says is missing is gone with its key. */
const LOST = { by: '', reason: 'its key is not in the store' };

/** A request that is being served, and its key once it has one. */
interface Keyed {
  readonly request: { readonly payload: JsonText };
  key?: PayloadKey;
}

export interface PayloadsDeps {
  readonly region: string;
  readonly clock: Clock;
  readonly pool: Pool;
  readonly keys: PayloadKeys;
  readonly store: KeyStore;
  /** Whether new allocations are encrypted. What is encrypted already is decrypted in any case. */
  readonly encrypts: boolean;
}

/**
 * Encrypts what matchmakers and games tell each other before it goes into the log, and decrypts it for
 * those to whom it was told. Nothing that decides looks inside: the log is as sound without the keys.
 */
export class Payloads {
  constructor(private readonly deps: PayloadsDeps) {}

  /**
   * The payload as the claim of a slot has it; one request keeps its key over all slots that it tries.
   * Undefined if no key could be stored; then a moment has passed. Never throws.
   */
  async ofClaim(claim: Keyed, subject: string) {
    const { payload } = claim.request;
    if (!this.deps.encrypts) return { payload };
    try {
      const { id, key } = (claim.key ??= await this.deps.keys.take());
      return { payload: encryptText(key, subject, payload), payloadKey: id };
    } catch (error) {
      if (!isOutside(error)) throw error;
      await this.deps.clock.sleep(UNSTORED_MS);
      return undefined;
    }
  }

  /** An agent's report as it may be recorded: games' answers in it are encrypted. */
  async inReport(subject: string, report: SlotReport): Promise<SlotReport> {
    const { session, unlogged } = report;
    const isAcked = session?.callback.outcome === 'acked';
    if (!isAcked && unlogged === undefined) return report;
    return {
      ...report,
      session: isAcked ? await this.inSession(subject, session) : session,
      ...(unlogged !== undefined && {
        unlogged: {
          ...unlogged,
          allocation: {
            ...unlogged.allocation,
            answer: await this.encrypted(subject, unlogged.allocation, unlogged.allocation.answer),
          },
        },
      }),
    };
  }

  /** The answer as its requester gets it. */
  async opened(answering: Promise<AllocationAnswer>): Promise<AllocationAnswer> {
    const answer = await answering;
    if (answer.status !== 'allocated' || answer.payloadKey === undefined) return answer;
    const { payloadKey, payload, slot, allocationId, ...rest } = answer;
    const ref = slotNamed(slot);
    if (ref === undefined || payload.text === 'null')
      return { ...rest, slot, allocationId, payload };
    try {
      const found = await this.decrypt(slotSubject(ref), { payloadKey, text: textOf(payload) });
      const told = 'payload' in found ? found.payload : JsonText.null;
      return { ...rest, slot, allocationId, payload: told };
    } catch (error) {
      if (!isOutside(error)) throw error;
      return refusedAnswer(allocationId, 'not-ready', 'the key of the answer cannot be read now');
    }
  }

  /** Throws `TransientError`, `LogRefused`, and `TypeError` for want of the master key. */
  async decrypt(subject: string, { payloadKey, text }: Encrypted): Promise<Decrypted> {
    const key = await this.deps.keys.find(payloadKey);
    const payload = key && decryptText(key, subject, text);
    if (payload !== undefined) return { payload };
    const asked = endpoints.forgotten.subject.of({
      ...{ region: this.deps.region, key: String(payloadKey) },
    });
    const record = await this.deps.store.last(asked);
    if (record === undefined) return { forgotten: { ...LOST, at: this.deps.clock.now() } };
    const { by, reason, at } = decodeJson(forgottenRecord, record);
    return { forgotten: { by, reason, at } };
  }

  /** Only the answer that ends the wait of the slot's own claim is recorded; others are left out. */
  private async inSession(subject: string, session: NonNullable<SlotReport['session']>) {
    const { callback } = session;
    const head = this.deps.pool.slots.get(subject);
    const allocation = head?.state.context.allocation;
    if (callback.outcome !== 'acked') return session;
    const isOf = head?.state.context.fence === session.fence && allocation?.id !== undefined;
    if (!isOf) {
      const answer = this.deps.encrypts ? JsonText.null : callback.answer;
      return { ...session, callback: { ...callback, answer } };
    }
    if (!isAwaiting(head.state)) return session;
    const answer = await this.encrypted(subject, allocation, callback.answer);
    return { ...session, callback: { ...callback, answer } };
  }

  private async encrypted(
    subject: string,
    { payloadKey }: Pick<Allocation, 'payloadKey'>,
    clear: JsonText,
  ): Promise<JsonText> {
    if (payloadKey === undefined) return clear;
    const key = await this.deps.keys.find(payloadKey);
    return key === undefined ? JsonText.null : encryptText(key, subject, clear);
  }
}

/** The text of an encrypted payload. */
function textOf(payload: JsonText): string {
  return String(payload.value());
}

function isOutside(error: unknown): boolean {
  return (
    error instanceof TransientError || error instanceof LogRefused || error instanceof CannotStore
  );
}

import { JsonText } from '#json';
import { errorMessage, LogRefused, TransientError, type Clock } from '#kernel';
import type { Pool } from '#pool';
import {
  isAwaiting,
  type Allocation,
  type SessionReport,
  type SlotReport,
  type UnloggedSession,
} from '#slot';
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
    return {
      ...report,
      session: session && (await this.inSession(subject, session)),
      ...(unlogged && { unlogged: await this.inUnlogged(subject, unlogged) }),
    };
  }

  /** The answer as its requester gets it. Never throws if `answering` does not. */
  async opened(answering: Promise<AllocationAnswer>): Promise<AllocationAnswer> {
    const answer = await answering;
    if (answer.status !== 'allocated' || answer.payloadKey === undefined) return answer;
    const { payloadKey, ...clear } = answer;
    const ref = slotNamed(answer.slot);
    if (ref === undefined || answer.payload.text === 'null') return clear;
    try {
      const text = textOf(answer.payload);
      const found = await this.decrypt(slotSubject(ref), { payloadKey, text });
      return { ...clear, payload: 'payload' in found ? found.payload : JsonText.null };
    } catch (error) {
      if (!isOutside(error)) throw error;
      const because = `the game's answer cannot be decrypted here now: ${errorMessage(error)}`;
      return refusedAnswer(answer.allocationId, 'not-ready', because);
    }
  }

  /** Throws `TransientError`, also for want of the master key, and `LogRefused`. */
  async decrypt(subject: string, { payloadKey, text }: Encrypted): Promise<Decrypted> {
    const key = await this.deps.keys.find(payloadKey);
    const payload = key && decryptText(key, subject, text);
    if (payload !== undefined) return { payload };
    const { region, store, clock } = this.deps;
    const asked = endpoints.forgotten.subject.of({ region, key: String(payloadKey) });
    const record = await store.last(asked);
    if (record === undefined) return { forgotten: { ...LOST, at: clock.now() } };
    const { by, reason, at } = decodeJson(forgottenRecord, record);
    return { forgotten: { by, reason, at } };
  }

  /** Only the answer that ends the wait of the slot's own claim is recorded; others are left out. */
  private async inSession(subject: string, session: SessionReport): Promise<SessionReport> {
    const { callback, fence } = session;
    if (callback.outcome !== 'acked') return session;
    const state = this.deps.pool.slots.get(subject)?.state;
    const allocation = state?.context.allocation;
    const told = (answer: JsonText) => ({ ...session, callback: { ...callback, answer } });
    if (state?.context.fence !== fence || !allocation) {
      return this.deps.encrypts ? told(JsonText.null) : session;
    }
    if (!isAwaiting(state)) return session;
    return told(await this.encrypted(subject, allocation, callback.answer));
  }

  private async inUnlogged(subject: string, unlogged: UnloggedSession): Promise<UnloggedSession> {
    const { allocation } = unlogged;
    const answer = await this.encrypted(subject, allocation, allocation.answer);
    return { ...unlogged, allocation: { ...allocation, answer } };
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
  return error instanceof TransientError || error instanceof LogRefused;
}

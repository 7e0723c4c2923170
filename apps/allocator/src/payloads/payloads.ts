import { JsonText } from '#json';
import { errorMessage, LogRefused, TransientError, type Clock } from '#kernel';
import type { Pool } from '#pool';
import { isAwaiting, type SessionReport, type SlotReport, type UnloggedSession } from '#slot';
import {
  decodeJson,
  endpoints,
  forgottenRecord,
  payloadIn,
  slotNamed,
  slotSubject,
  tokenIn,
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

/** What a game answered, and the secret that it shares with its requester. */
interface Told {
  readonly answer: JsonText;
  readonly token: string;
  readonly tokenEncrypted?: true;
}

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
 * Encrypts what matchmakers and games tell each other, the session's token among it, before it goes into
 * the log, and decrypts it for those to whom it was told. Nothing that decides looks inside: the log is as
 * sound without the keys.
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

  /** An agent's report as it may be recorded: games' answers and tokens in it are encrypted. */
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
    const { payloadKey, tokenEncrypted, ...logged } = answer;
    const ref = slotNamed(answer.slot);
    if (ref === undefined) return logged;
    const clear = (text: string) => this.decrypt(slotSubject(ref), { payloadKey, text });
    try {
      const { payload, token } = logged;
      const isNothing = payload.text === 'null';
      return {
        ...logged,
        payload: isNothing ? payload : payloadIn(await clear(textOf(payload))),
        token: tokenEncrypted ? tokenIn(await clear(token)) : token,
      };
    } catch (error) {
      if (!isOutside(error)) throw error;
      const because = `the game's answer cannot be decrypted here now: ${errorMessage(error)}`;
      return refusedAnswer(answer.allocationId, 'not-ready', because);
    }
  }

  /**
   * An answer of the log as it is stored under another subject: encrypted for that one, so that whoever
   * may have it decrypted gets nothing else decrypted. Throws as `decrypt` does.
   */
  async storedAt(subject: string, answer: AllocationAnswer): Promise<AllocationAnswer> {
    if (answer.status !== 'allocated' || answer.payloadKey === undefined) return answer;
    const { payload, token, tokenEncrypted, payloadKey, slot } = answer;
    const [ref, key] = [slotNamed(slot), await this.deps.keys.find(payloadKey)];
    if (ref === undefined || key === undefined) return answer;
    const moved = (text: string) => {
      const clear = decryptText(key, slotSubject(ref), text) ?? JsonText.null;
      return encryptText(key, subject, clear);
    };
    return {
      ...answer,
      payload: payload.text === 'null' ? payload : moved(textOf(payload)),
      token: tokenEncrypted ? textOf(moved(token)) : token,
    };
  }

  /** Throws `TransientError`, also for want of the master key, and `LogRefused`. */
  async decrypt(subject: string, { payloadKey, text }: Encrypted): Promise<Decrypted> {
    const key = await this.deps.keys.find(payloadKey);
    const payload = key && decryptText(key, subject, text);
    if (payload !== undefined) return { payload };
    const forgotten = await this.forgottenBy(payloadKey);
    return { forgotten: forgotten ?? { ...LOST, at: this.deps.clock.now() } };
  }

  /** Who had the key destroyed; undefined: nobody. */
  private async forgottenBy(payloadKey: number) {
    const { region, store } = this.deps;
    const asked = endpoints.forgotten.subject.of({ region, key: String(payloadKey) });
    const record = await store.last(asked);
    if (record === undefined) return undefined;
    const { by, reason, at } = decodeJson(forgottenRecord, record);
    return { by, reason, at };
  }

  /**
   * Only the answer that ends the wait of the slot's own claim is recorded. Null if the claim is not known
   * here: the agent repeats its report until the log shows it.
   */
  private async inSession(subject: string, session: SessionReport): Promise<SessionReport | null> {
    const { callback, fence } = session;
    if (callback.outcome !== 'acked') return session;
    const { answer, token } = callback;
    const state = this.deps.pool.slots.get(subject)?.state;
    const allocation = state?.context.allocation;
    const told = (one: Told) => ({ ...session, callback: { outcome: 'acked' as const, ...one } });
    if (state?.context.fence !== fence || !allocation) {
      return this.deps.encrypts ? null : told({ answer, token });
    }
    if (!isAwaiting(state)) return session;
    return told(await this.encrypted(subject, allocation.payloadKey, { answer, token }));
  }

  private async inUnlogged(subject: string, unlogged: UnloggedSession): Promise<UnloggedSession> {
    const { tokenEncrypted: _, answer, payloadKey: known, ...allocation } = unlogged.allocation;
    const payloadKey = known && (await this.lastingKey(known));
    const clear = { answer, token: allocation.token ?? '' };
    const told = await this.encrypted(subject, payloadKey, clear);
    return {
      ...unlogged,
      allocation: { ...allocation, ...(payloadKey && { payloadKey }), ...told },
    };
  }

  /** A log that lost a session may have lost its key as well; then another one takes its place. */
  private async lastingKey(payloadKey: number): Promise<number> {
    const { keys, encrypts } = this.deps;
    if (!encrypts || (await keys.find(payloadKey)) !== undefined) return payloadKey;
    const isDestroyed = (await this.forgottenBy(payloadKey)) !== undefined;
    return isDestroyed ? payloadKey : (await keys.take()).id;
  }

  /** With a key that was destroyed meanwhile nothing is left of them. */
  private async encrypted(
    subject: string,
    payloadKey: number | undefined,
    { answer, token }: Told,
  ): Promise<Told> {
    if (payloadKey === undefined) return { answer, token };
    const key = await this.deps.keys.find(payloadKey);
    if (key === undefined) return { answer: JsonText.null, token: '' };
    const secret = textOf(encryptText(key, subject, JsonText.of(token)));
    return { answer: encryptText(key, subject, answer), token: secret, tokenEncrypted: true };
  }
}

/** The text of an encrypted payload. */
function textOf(payload: JsonText): string {
  return String(payload.value());
}

function isOutside(error: unknown): boolean {
  return error instanceof TransientError || error instanceof LogRefused;
}

import { Condition, errorMessage, TransientError, type Clock } from '#kernel';
import type { Logger } from '#service-runtime';
import {
  decodeJson,
  encodeJson,
  endpoints,
  keyEpoch,
  keyShare,
  type KeyEpoch,
  type KeyStore,
} from '#wire';
import { randomBytes } from 'node:crypto';
import { decryptBytes, encryptBytes, KEY_BYTES, keyOf } from './cipher.js';
import type { MasterKeys } from './master-key.js';
import { ExpiringCache } from './expiring-cache.js';

/** How long an allocator makes new keys of one epoch (ms). */
export const EPOCH_MS = 24 * 3_600_000;

/** Keys that are stored ahead, so that no claim waits until its key is stored. */
const SPARE = 64;

/** How long a key stays in memory after it was read (ms): so long it may outlive its destruction. */
const KEPT_MS = 60_000;

/** Most keys in memory. */
const KEPT_MAX = 20_000;

const UNSTORED = {
  begins: 'keys for payloads cannot be stored: no server is allocated',
  ends: 'keys for payloads are stored again',
  level: 'error',
} as const;

/** The key of one allocation. */
export interface PayloadKey {
  /** Its number, which the log has. */
  readonly id: number;
  readonly key: Buffer;
}

/** This allocator lacks the master key that others have: they can serve what it cannot. */
class MasterKeyMissing extends TransientError {
  override readonly name = 'MasterKeyMissing';
}

interface Epoch {
  readonly id: number;
  readonly secret: Buffer;
  readonly startedAt: number;
}

export interface PayloadKeysDeps {
  readonly region: string;
  readonly store: KeyStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Of 32 bytes, with which the secrets of epochs are encrypted in the store. */
  readonly masterKeys: MasterKeys;
}

/**
 * The keys of a region's allocations. A key is made of two halves: the epoch's, which an allocator makes
 * each day, and a share of its own. Erasing the share destroys one key; erasing the epoch destroys all of a
 * day. Any allocator finds any key.
 */
export class PayloadKeys {
  private epoch: Promise<Epoch> | undefined;
  private readonly spare: (PayloadKey & { readonly until: number })[] = [];
  private storing = 0;
  private readonly keys: ExpiringCache<Buffer>;
  private readonly secrets: ExpiringCache<Buffer>;
  private readonly unstored: Condition;

  constructor(private readonly deps: PayloadKeysDeps) {
    const { clock, logger, region } = deps;
    this.keys = new ExpiringCache(clock, KEPT_MS, KEPT_MAX);
    this.secrets = new ExpiringCache(clock, KEPT_MS, KEPT_MAX);
    this.unstored = new Condition(logger, clock, { ...UNSTORED, fields: { region } });
  }

  /** A new key that is stored. Throws what `KeyStore` throws. */
  async take(): Promise<PayloadKey> {
    const now = this.deps.clock.now();
    let found = this.spare.pop();
    while (found !== undefined && found.until <= now) found = this.spare.pop();
    this.refill();
    const taken = found ?? (await this.make());
    this.keys.set(taken.id, taken.key);
    return taken;
  }

  /**
   * Undefined if it was destroyed. Throws what `KeyStore` throws, and `MasterKeyMissing`.
   */
  async find(id: number): Promise<Buffer | undefined> {
    const known = this.keys.get(id);
    if (known !== undefined) return known;
    const stored = await this.deps.store.at(id);
    if (stored === undefined) return undefined;
    const { epoch, share } = decodeJson(keyShare, stored);
    const secret = this.secrets.get(epoch) ?? (await this.secretOf(epoch));
    if (secret === undefined) return undefined;
    const key = keyOf(secret, Buffer.from(share, 'base64'));
    this.keys.set(id, key);
    return key;
  }

  /** Destroys one key. Other allocators may know it for another minute. Throws what `KeyStore` throws. */
  async destroy(id: number): Promise<void> {
    this.keys.delete(id);
    await this.deps.store.erase(id);
  }

  /** Destroys all keys of an epoch, as `destroy`. */
  async destroyEpoch(id: number): Promise<void> {
    this.secrets.delete(id);
    await this.deps.store.erase(id);
  }

  private refill(): void {
    while (this.spare.length + this.storing < SPARE) {
      this.storing += 1;
      this.make()
        .then(
          (key) => {
            this.spare.push(key);
            this.unstored.pass();
          },
          (error: unknown) => this.unstored.fail(errorMessage(error)),
        )
        .finally(() => (this.storing -= 1));
    }
  }

  private async make() {
    const { id: epoch, secret, startedAt } = await this.currentEpoch();
    const share = randomBytes(KEY_BYTES);
    const body = encodeJson({ epoch, share: share.toString('base64') });
    const subject = endpoints.keyShare.subject.of({ region: this.deps.region });
    const id = await this.deps.store.add(subject, body);
    return { id, key: keyOf(secret, share), until: startedAt + EPOCH_MS };
  }

  private async currentEpoch(): Promise<Epoch> {
    const asked = (this.epoch ??= this.begin());
    const epoch = await asked;
    if (epoch.startedAt + EPOCH_MS > this.deps.clock.now()) return epoch;
    // Many may wait for one that is over; the first of them begins the next.
    if (this.epoch === asked) this.epoch = undefined;
    return this.currentEpoch();
  }

  private async begin(): Promise<Epoch> {
    const { region, store, clock, masterKeys } = this.deps;
    const [masterKey] = masterKeys();
    const secret = randomBytes(KEY_BYTES);
    const startedAt = clock.now();
    const sent = masterKey === undefined ? secret : encryptBytes(masterKey, region, secret);
    const isWrapped = masterKey !== undefined;
    const epoch: KeyEpoch = { secret: sent.toString('base64'), wrapped: isWrapped, startedAt };
    try {
      const id = await store.add(endpoints.keyEpoch.subject.of({ region }), encodeJson(epoch));
      return { id, secret, startedAt };
    } catch (error) {
      this.epoch = undefined;
      throw error;
    }
  }

  private async secretOf(id: number): Promise<Buffer | undefined> {
    const { store, masterKeys, region } = this.deps;
    const stored = await store.at(id);
    if (stored === undefined) return undefined;
    const { secret, wrapped } = decodeJson(keyEpoch, stored);
    const bytes = Buffer.from(secret, 'base64');
    const keys = wrapped ? masterKeys() : [];
    const opened = keys.map((each) => decryptBytes(each, region, bytes));
    const clear = wrapped ? opened.find((each) => each !== undefined) : bytes;
    if (clear !== undefined) {
      // Only when it is read: if its use kept it longer, it might outlive its destruction for ever.
      this.secrets.set(id, clear);
      return clear;
    }
    const lacks = keys.length === 0 ? 'is not set here' : 'is another one here';
    throw new MasterKeyMissing(`the master key that payloads' keys are encrypted with ${lacks}`);
  }
}

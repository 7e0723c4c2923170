import { JsonText, jsonText } from '#json';
import { instant } from '#kernel';
import { z } from 'zod';
import { fullAllocationId } from './allocation.schema.js';
import { refused } from './refusal.schema.js';

/** Number of a key: the sequence of its share in the region's stream of keys. */
const payloadKey = z.int().positive();

/**
 * Half of the keys that one allocator uses for a day. Without it none of them can be computed, so
 * erasing it destroys all payloads and answers of that day.
 */
export const keyEpoch = z.object({
  /** 32 random bytes, or these encrypted with the region's master key, in base64. */
  secret: z.base64(),
  /** Whether the secret is encrypted with a master key. */
  wrapped: z.boolean(),
  startedAt: instant,
});
export type KeyEpoch = z.output<typeof keyEpoch>;

/** The other half, of one allocation alone. Erasing it destroys the key of that allocation. */
export const keyShare = z.object({
  /** Number of the epoch. */
  epoch: z.int().positive(),
  /** 32 random bytes in base64. */
  share: z.base64(),
});

/** Who had a key destroyed, and why. It is stored before the key is erased. */
export const forgottenRecord = z.object({
  payloadKey,
  allocationId: z.string(),
  by: z.string(),
  reason: z.string(),
  at: instant,
});
export type ForgottenRecord = z.output<typeof forgottenRecord>;

/** A payload or an answer as the log has it. */
export const encrypted = z.strictObject({
  payloadKey,
  /** Base64 of 12 bytes of nonce, the encrypted text, and 16 bytes by which it is verified. */
  text: z.base64(),
});
export type Encrypted = z.output<typeof encrypted>;

/** Most texts in one question. */
const DECRYPTED_MAX = 8;

export const decryptRequest = z.strictObject({
  /** The name of the slot that they belong to. */
  slot: z.string(),
  texts: z.array(encrypted).min(1).max(DECRYPTED_MAX),
});

export const decryptOwnRequest = decryptRequest.omit({ slot: true });

export const decryptResultRequest = decryptOwnRequest.extend({ allocationId: fullAllocationId });

export const decryptAnswer = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('decrypted'),
    /** In the order of the request. */
    texts: z.array(
      z.union([
        z.object({ forgotten: forgottenRecord.pick({ by: true, reason: true, at: true }) }),
        z.object({ payload: jsonText }),
      ]),
    ),
  }),
  refused,
]);
export type DecryptAnswer = z.output<typeof decryptAnswer>;
export type Decrypted = Extract<DecryptAnswer, { status: 'decrypted' }>['texts'][number];

/** What was encrypted; null if it was forgotten. */
export function payloadIn(found: Decrypted | undefined): JsonText {
  return found !== undefined && 'payload' in found ? found.payload : JsonText.null;
}

/** A token that was encrypted as a JSON string; empty if it was forgotten. */
export function tokenIn(found: Decrypted | undefined): string {
  const token = payloadIn(found).value();
  return typeof token === 'string' ? token : '';
}

export const forgetRequest = z.strictObject({
  allocationId: z.string(),
  /** All keys that its history names. */
  payloadKeys: z.array(payloadKey).min(1).max(64),
  reason: z.string().min(1).max(1024),
  by: z.string().max(256),
});
export type ForgetRequest = z.output<typeof forgetRequest>;

export const forgetAnswer = z.discriminatedUnion('status', [
  z.object({ status: z.literal('forgotten'), allocationId: z.string() }),
  refused,
]);

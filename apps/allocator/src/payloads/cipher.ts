import { JsonText } from '#json';
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/*
 * AES-256-GCM, with a random nonce for each text: a key encrypts one payload and a few answers.
 */

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Length of every secret and key (bytes). */
export const KEY_BYTES = 32;

/** The key of an allocation, of its two halves: without either it cannot be computed. */
export function keyOf(epoch: Uint8Array, share: Uint8Array): Buffer {
  return Buffer.from(hkdfSync('sha256', epoch, share, 'berth payload', KEY_BYTES));
}

/**
 * @param boundTo what the result belongs to: with another text here it cannot be decrypted
 * @returns nonce, encrypted bytes and tag
 */
export function encryptBytes(key: Uint8Array, boundTo: string, clear: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce).setAAD(Buffer.from(boundTo));
  return Buffer.concat([nonce, cipher.update(clear), cipher.final(), cipher.getAuthTag()]);
}

/** Undefined if it was not encrypted with this key, for this. */
export function decryptBytes(
  key: Uint8Array,
  boundTo: string,
  encrypted: Uint8Array,
): Buffer | undefined {
  const end = encrypted.length - TAG_BYTES;
  if (end < NONCE_BYTES) return undefined;
  const decipher = createDecipheriv(ALGORITHM, key, encrypted.subarray(0, NONCE_BYTES));
  decipher.setAAD(Buffer.from(boundTo)).setAuthTag(encrypted.subarray(end));
  try {
    return Buffer.concat([decipher.update(encrypted.subarray(NONCE_BYTES, end)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** As `encryptBytes`. That there is no payload is no secret, so `null` stays `null`. */
export function encryptText(key: Uint8Array, boundTo: string, clear: JsonText): JsonText {
  if (clear.text === 'null') return clear;
  return JsonText.of(encryptBytes(key, boundTo, Buffer.from(clear.text)).toString('base64'));
}

/** As `decryptBytes`. */
export function decryptText(
  key: Uint8Array,
  boundTo: string,
  encrypted: string,
): JsonText | undefined {
  const clear = decryptBytes(key, boundTo, Buffer.from(encrypted, 'base64'));
  return clear && JsonText.trusted(clear.toString());
}

import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * The stored form of a secret: one round of SHA-256. A slow hash protects secrets that people
 * choose and that can be guessed. These secrets have 256 random bits, which nobody can try out, and
 * they are checked with every request.
 */
export function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Compares in constant time. */
export function isSameDigest(one: Buffer, other: Buffer): boolean {
  return timingSafeEqual(one, other);
}

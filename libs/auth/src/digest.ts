import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * What is kept of a secret. SHA-256 once, and nothing slower: a slow hash makes up for secrets that
 * people choose and that can be guessed. Ours has 256 random bits, which nobody can try through,
 * and it is checked with every request.
 */
export function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Takes as long whether, and wherever, the two differ. */
export function isSameDigest(one: Buffer, other: Buffer): boolean {
  return timingSafeEqual(one, other);
}

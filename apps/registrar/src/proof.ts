import type { Proof } from '#wire';
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Registration, RegistrySettings } from './registration.js';

/**
 * Whether a request may replace or end a registration. The callback's token proves it, and so does an
 * operator's access token. By the rule `address`, and for a server without a token, the network
 * address from which the server was registered proves it as well: a server that was started anew
 * cannot know the token of the one that crashed. If an older version registered the server, from an
 * address that is not known, no proof is asked for.
 */
export function isProven(
  { callback, from, departure }: Registration,
  shown: Proof & { readonly token?: string | undefined },
  rule: RegistrySettings['replacement'],
): boolean {
  if (departure !== null || shown.isOperator === true) return true;
  const secret = callback?.token ?? '';
  if (secret !== '' && [shown.token, shown.proof].some((text) => isSame(text, secret))) return true;
  if (rule === 'token' && secret !== '') return false;
  return from === undefined || from === shown.from;
}

/** Compares in constant time. */
function isSame(shown: string | undefined, secret: string): boolean {
  return shown !== undefined && timingSafeEqual(digestOf(shown), digestOf(secret));
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

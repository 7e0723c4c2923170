import { decrypted } from '#client';
import { JsonText } from '#json';
import type { Bus } from '#kernel';
import { tokenIn } from '#wire';
import type { Grant } from './inspector.js';

/** So many questions are open at once. */
const ASKED_MAX = 32;

/** The grants with the tokens in clear that allocators decrypt for their requesters. */
export async function withClearTokens(
  bus: Bus,
  grants: ReadonlyMap<string, readonly Grant[]>,
): Promise<ReadonlyMap<string, readonly Grant[]>> {
  const clear = new Map<string, readonly Grant[]>();
  const left = grants.entries();
  const decryptSome = async () => {
    // All of these take turns with the same entries.
    for (const [id, granted] of left) {
      clear.set(id, await Promise.all(granted.map((grant) => withClearToken(bus, grant))));
    }
  };
  await Promise.all(Array.from({ length: ASKED_MAX }, decryptSome));
  return clear;
}

async function withClearToken(bus: Bus, grant: Grant): Promise<Grant> {
  const { tokenKey, ...known } = grant;
  if (tokenKey === undefined || known.token === null) return grant;
  const [token] = await decrypted(bus, known.slot, tokenKey, [JsonText.of(known.token)]);
  return { ...known, token: tokenIn(token) };
}

import { isIP } from 'node:net';

/** A socket on one of a slot's ports, and whether its game holds it. */
export interface PortSocket {
  readonly protocol: 'tcp' | 'udp';
  /** `0.0.0.0` and `::` are all addresses of their family. */
  readonly address: string;
  /** Whether the game has it, or what the game has started. */
  readonly isOwn: boolean;
}

/** Where a game hears what is sent to one of its ports. */
export type Reach =
  /** At these, the likeliest first; a guess where the system does not tell who listens. */
  | { readonly kind: 'game'; readonly addresses: readonly string[]; readonly isGuess: boolean }
  | { readonly kind: 'nobody' }
  /** Another process hears it, or may. */
  | { readonly kind: 'stranger'; readonly address: string };

const EVERYWHERE = new Map([
  ['0.0.0.0', ['127.0.0.1']],
  // Most are bound to both families; one that is not answers at its own loopback only.
  ['::', ['127.0.0.1', '::1']],
]);

/**
 * @param sockets on the port; null where the system does not tell who listens
 * @param ip the address that the game was given, to bind if it likes
 */
export function reachOf(sockets: readonly PortSocket[] | null, ip: string): Reach {
  if (sockets === null) return { kind: 'game', addresses: guesses(ip), isGuess: true };
  const own = sockets.filter(({ isOwn }) => isOwn);
  const strange = sockets.filter(({ isOwn }) => !isOwn);
  const wanted = own
    .flatMap(({ address }) => EVERYWHERE.get(address) ?? [address])
    .sort((one, other) => Number(other === ip) - Number(one === ip));
  const addresses = [...new Set(wanted)].filter(
    (address) => !strange.some((other) => hears(other.address, address)),
  );
  if (addresses.length > 0) return { kind: 'game', addresses, isGuess: false };
  const [first] = strange;
  return first === undefined ? { kind: 'nobody' } : { kind: 'stranger', address: first.address };
}

function hears(bound: string, address: string): boolean {
  return bound === address || bound === '::' || (bound === '0.0.0.0' && isIP(address) === 4);
}

function guesses(ip: string): readonly string[] {
  return [...new Set(['127.0.0.1', ...(isIP(ip) === 0 ? [] : [ip]), '::1'])];
}

import { isIP } from 'node:net';

/** A socket on one of a slot's ports. */
export interface PortSocket {
  readonly protocol: 'tcp' | 'udp';
  /** `0.0.0.0` and `::` stand for all addresses of their family. */
  readonly address: string;
  /** Whether the game, or a process that it has started, holds the socket. */
  readonly isOwn: boolean;
}

/** Which process receives what is sent to one of a game's ports. */
export type Reach =
  /**
   * The game, at these addresses, the likeliest first. A guess if the system does not tell who
   * listens.
   */
  | { readonly kind: 'game'; readonly addresses: readonly string[]; readonly isGuess: boolean }
  | { readonly kind: 'nobody' }
  /** Another process receives it, or may receive it. */
  | { readonly kind: 'stranger'; readonly address: string };

const EVERYWHERE = new Map([
  ['0.0.0.0', ['127.0.0.1']],
  // Most sockets on `::` also accept IPv4. One that does not answers at `::1` only.
  ['::', ['127.0.0.1', '::1']],
]);

/**
 * @param sockets on the port; null if the system does not tell who listens
 * @param ip the address that the game was given; it may bind to it
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

import { Networks } from '#callback-http';
import { isIPv6 } from 'node:net';

/** Parts of an IPv6 address that name its network; the rest, one subscriber chooses at will. */
const NETWORK_PARTS = 4;

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** An IPv4 address as such, also where a socket for both families writes it as an IPv6 address. */
export function unmapped(address: string): string {
  return MAPPED.exec(address)?.[1] ?? address;
}

/** An address as it is counted: an IPv4 address, or the /64 of an IPv6 address. */
export function counted(given: string): string {
  const address = unmapped(given);
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('::', 2);
  const parts = head === '' ? [] : head.split(':');
  const behind = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - parts.length - behind.length;
  const all = [...parts, ...new Array<string>(zeros).fill('0'), ...behind];
  return `${all.slice(0, NETWORK_PARTS).join(':')}::/64`;
}

/** Tells whether an address is one of the operator's reverse proxies. */
export function proxiesIn(networks: readonly string[]): (address: string) => boolean {
  const proxies = new Networks(networks);
  return (address) => proxies.has(unmapped(address));
}

import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8);
LOOPBACK.addAddress('::1', 'ipv6');

/** Whether the address belongs to this machine, so that a program here may listen on it. */
export function isOwnAddress(address: string): boolean {
  if (isIP(address) === 0) return false;
  if (LOOPBACK.check(address, familyOf(address))) return true;
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return own.some((one) => isSameAddress(one.address, address));
}

/** Whether both are the same IP address, possibly written differently. */
export function isSameAddress(one: string, other: string): boolean {
  if (one === other) return true;
  if (isIP(one) === 0 || isIP(one) !== isIP(other)) return false;
  const list = new BlockList();
  list.addAddress(one, familyOf(one));
  return list.check(other, familyOf(other));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

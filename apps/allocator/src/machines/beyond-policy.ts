import { isNetwork, Networks } from '#callback-http';
import type { MachinePolicy } from '#machine';
import { DEFAULT_PROJECT, type Offer } from '#slot';
import { hostKey, hostOf } from '#wire';
import { isIP } from 'node:net';

/**
 * Why a slot with this offer is beyond its machine's policy; null if it is within.
 *
 * @param place number of the machine's slots that count before this one
 */
export function beyondPolicy(policy: MachinePolicy, offer: Offer, place: number): string | null {
  const { fleets, addresses, slotsMax, priorityMin, projects } = policy;
  if (fleets !== null && !fleets.includes(offer.fleet)) {
    return `fleet "${offer.fleet}" is not one of its fleets: ${fleets.join(', ')}`;
  }
  if (slotsMax !== null && place >= slotsMax) return `it may have ${slotsMax} slots`;
  if (priorityMin !== null && offer.priority < priorityMin) {
    return `priority ${offer.priority} is below ${priorityMin}`;
  }
  const project = projects && (offer.projects ?? [DEFAULT_PROJECT]).find(isNotIn(projects));
  if (project != null) return `project "${project}" is not one of its projects`;
  const host = addresses && hostsOf(offer).find((each) => !isOneOf(addresses, each));
  if (host != null)
    return `address "${host}" is not one of its addresses: ${addresses?.join(', ')}`;
  return null;
}

function hostsOf({ address, ip, addresses = {} }: Offer): readonly string[] {
  return [...new Set([hostOf(address), ip, ...Object.values(addresses)])];
}

function isOneOf(addresses: readonly string[], host: string): boolean {
  const key = hostKey(host);
  if (key === null) return false;
  if (addresses.some((one) => hostKey(one) === key)) return true;
  return isIP(key) !== 0 && new Networks(addresses.filter(isNetwork)).has(key);
}

function isNotIn(names: readonly string[]): (name: string) => boolean {
  return (name) => !names.includes(name);
}

import { BlockList, isIPv4, isIPv6, type IPVersion } from 'node:net';

/**
 * Addresses that are never called, whatever is configured: link-local ones (where clouds serve the
 * metadata of a machine, with its credentials), multicast, unspecified ones, and IPv6 addresses
 * that contain an IPv4 address and so evade the rules for either family (IANA special-purpose
 * address registries).
 */
const NEVER = [
  ['0.0.0.0/8', 'this network'],
  ['169.254.0.0/16', 'link-local, such as the metadata service of a cloud'],
  ['192.0.0.0/24', 'reserved for protocols'],
  ['224.0.0.0/4', 'multicast'],
  ['240.0.0.0/4', 'reserved'],
  ['100.100.100.200/32', 'the metadata service of a cloud'],
  ['168.63.129.16/32', 'the metadata service of a cloud'],
  ['::/96', 'unspecified, or an embedded IPv4 address'],
  ['::ffff:0:0/96', 'an embedded IPv4 address'],
  ['::ffff:0:0:0/96', 'an embedded IPv4 address'],
  ['64:ff9b::/96', 'an embedded IPv4 address'],
  ['64:ff9b:1::/48', 'an embedded IPv4 address'],
  ['2001::/32', 'an embedded IPv4 address'],
  ['2002::/16', 'an embedded IPv4 address'],
  ['fd00:ec2::254/128', 'the metadata service of a cloud'],
  ['fd20:ce::254/128', 'the metadata service of a cloud'],
  ['fe80::/10', 'link-local'],
  ['fec0::/10', 'site-local'],
  ['ff00::/8', 'multicast'],
] as const;

const LOOPBACK = ['127.0.0.0/8', '::1/128'];

/**
 * Keeps IPv4 and IPv6 networks apart, because Node's `BlockList` compares addresses across
 * families.
 */
export class Networks {
  private readonly lists = { ipv4: new BlockList(), ipv6: new BlockList() };

  constructor(networks: readonly string[]) {
    for (const network of networks) this.add(network);
  }

  has(address: string): boolean {
    const family = familyOf(address);
    return this.lists[family].check(address, family);
  }

  private add(network: string): void {
    const [base = '', prefix = ''] = network.split('/');
    const family = familyOf(base);
    this.lists[family].addSubnet(base, Number(prefix), family);
  }
}

const never = NEVER.map(([network, what]) => ({ networks: new Networks([network]), what }));
const loopback = new Networks(LOOPBACK);

/** Decides which addresses may be called. */
export class AllowedAddresses {
  private readonly networks: Networks;
  private readonly loopbacks: Networks;

  /**
   * @param networks valid by `isNetwork`. Loopback is allowed only by a network within loopback.
   */
  constructor(networks: readonly string[]) {
    this.networks = new Networks(networks);
    this.loopbacks = new Networks(networks.filter(isWithinLoopback));
  }

  /** Why this IP address may not be called; null if it may. */
  deniedBecause(address: string): string | null {
    if (address !== '::1') {
      const found = never.find(({ networks }) => networks.has(address));
      if (found !== undefined) return `${address} may never be called: ${found.what}`;
    }
    if (loopback.has(address) && !this.loopbacks.has(address)) {
      return `${address} is this machine itself, which BERTH_CALLBACK_NETWORKS of the registrar does not name`;
    }
    return this.networks.has(address)
      ? null
      : `${address} is in no network of BERTH_CALLBACK_NETWORKS of the registrar`;
  }
}

/** Whether the text is a network like `10.0.0.0/8` or `fd00::/8`. */
export function isNetwork(text: string): boolean {
  const [, base = '', prefix = ''] = /^([^/%]+)\/(\d{1,3})$/.exec(text) ?? [];
  if (isIPv4(base)) return Number(prefix) <= 32;
  return isIPv6(base) && Number(prefix) <= 128;
}

function isWithinLoopback(network: string): boolean {
  const [base = '', prefix = ''] = network.split('/');
  if (!loopback.has(base)) return false;
  return Number(prefix) >= (familyOf(base) === 'ipv4' ? 8 : 128);
}

function familyOf(address: string): IPVersion {
  return isIPv4(address) ? 'ipv4' : 'ipv6';
}

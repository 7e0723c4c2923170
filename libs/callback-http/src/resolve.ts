import { Resolver, lookup } from 'node:dns/promises';

/** Returns the IP addresses of a name; rejects if it has none. */
export type Resolve = (name: string) => Promise<readonly string[]>;

/** Resolves a name as this machine does, including its hosts file; IPv4 addresses first. */
export const systemResolve: Resolve = async (name) => {
  const found = await lookup(name, { all: true, order: 'ipv4first' });
  return found.map(({ address }) => address);
};

/** Whether the text is a DNS server: `10.0.0.2`, `10.0.0.2:5353`, `[fd00::2]:53`. */
export function isNameServer(text: string): boolean {
  try {
    new Resolver().setServers([text]);
    return true;
  } catch {
    return false;
  }
}

/** Resolves a name by these DNS servers only; IPv4 addresses first. */
export function resolveBy(servers: readonly string[]): Resolve {
  const resolver = new Resolver();
  resolver.setServers(servers);
  return async (name) => {
    const found = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)]);
    const addresses = found.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
    const [failed] = found;
    if (addresses.length === 0 && failed.status === 'rejected') throw failed.reason;
    return addresses;
  };
}

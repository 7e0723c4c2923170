import { lookup } from 'node:dns/promises';

/** The IP addresses of a name; rejects where it has none. */
export type Resolve = (name: string) => Promise<readonly string[]>;

/** As this machine resolves names, its own hosts file included; IPv4 first. */
export const systemResolve: Resolve = async (name) => {
  const found = await lookup(name, { all: true, order: 'ipv4first' });
  return found.map(({ address }) => address);
};

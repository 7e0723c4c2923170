import { z } from 'zod';

const HOST = /^([A-Za-z0-9._-]{1,253}|[0-9A-Fa-f:.]{2,45})$/;
const MAPPED = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

/**
 * The one spelling of a host: names in lower case and without the dot at their end, IPv4 in four
 * decimal numbers, also where IPv6 carries it, IPv6 as in RFC 5952 and without brackets. Null where
 * nobody can be reached: not a host, or one that means all addresses of a machine.
 */
export function hostKey(host: string): string | null {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  if (!HOST.test(bare)) return null;
  const url = `http://${bare.includes(':') ? `[${bare}]` : bare}`;
  if (!URL.canParse(url)) return null;
  const name = withoutMapping(new URL(url).hostname.replace(/^\[|\]$|\.$/g, ''));
  return name === '' || name === '::' || name === '0.0.0.0' ? null : name;
}

/** `host:port` in the one spelling, by which addresses are compared; null where it is no one's. */
export function addressKey(address: string): string | null {
  const host = hostKey(hostOf(address));
  return host === null ? null : addressOf(host, portOf(address));
}

/** How players are told a host and a port. */
export function addressOf(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** `host:port`, or `[host]:port` where the host is an IPv6 address. */
export const serverAddress = z
  .string()
  .max(300)
  .regex(/^([A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]):\d{1,5}$/, 'must read like host:port')
  .refine((text) => portOf(text) >= 1 && portOf(text) <= 65_535, 'must have a port of 1 to 65535')
  .refine((text) => addressKey(text) !== null, 'must have a host that players can reach');

/** A host that players are told, in its one spelling. */
export const playerHost = z.string().transform((text, context) => {
  const host = hostKey(text);
  if (host !== null) return host;
  context.addIssue({ code: 'custom', message: 'must be a host or an IP address to be reached at' });
  return z.NEVER;
});

const ADDRESSES_MAX = 16;
const FAMILIES = { ipv4: z.ipv4(), ipv6: z.ipv6() };

/**
 * Further hosts that players are told, by name. `ipv4` and `ipv6` are of their family: who asks for
 * an address of the one or the other is told these.
 */
export const playerHosts = z
  .record(z.string().regex(/^[a-z][a-z0-9_]{0,31}$/, 'must be named like "internal"'), playerHost)
  .refine((hosts) => Object.keys(hosts).length <= ADDRESSES_MAX, `at most ${ADDRESSES_MAX}`)
  .superRefine((hosts, context) => {
    for (const [name, family] of Object.entries(FAMILIES)) {
      const host = hosts[name];
      if (host === undefined || family.safeParse(host).success) continue;
      context.addIssue({ code: 'custom', path: [name], message: `must be of ${name}` });
    }
  });

/** Of an address that fits `serverAddress`, as it is written. */
export function hostOf(address: string): string {
  return address.slice(0, address.lastIndexOf(':')).replace(/^\[|\]$/g, '');
}

/** Of an address that fits `serverAddress`. */
export function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(':') + 1));
}

function withoutMapping(host: string): string {
  const [, high, low] = MAPPED.exec(host) ?? [];
  if (high === undefined || low === undefined) return host;
  const bytes = [high, low].map((word) => Number.parseInt(word, 16));
  return bytes.flatMap((word) => [word >> 8, word & 0xff]).join('.');
}

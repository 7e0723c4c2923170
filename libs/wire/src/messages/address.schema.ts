import { z } from 'zod';

const HOST = /^([A-Za-z0-9._-]{1,253}|[0-9A-Fa-f:.]{2,45})$/;
const MAPPED = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

/**
 * The canonical form of a host: names in lower case without a dot at the end; IPv4 as four decimal
 * numbers, also if it is mapped into IPv6; IPv6 as in RFC 5952, without brackets. Null if players
 * cannot reach it: it is not a host, or it stands for all addresses of a machine.
 */
export function hostKey(host: string): string | null {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  if (!HOST.test(bare)) return null;
  const url = `http://${bare.includes(':') ? `[${bare}]` : bare}`;
  if (!URL.canParse(url)) return null;
  const name = withoutMapping(new URL(url).hostname.replace(/^\[|\]$|\.$/g, ''));
  return name === '' || name === '::' || name === '0.0.0.0' ? null : name;
}

/**
 * `host:port` in canonical form, for comparing addresses; null if players cannot reach the host.
 */
export function addressKey(address: string): string | null {
  const host = hostKey(hostOf(address));
  return host === null ? null : addressOf(host, portOf(address));
}

/** Host and port in the form that players are given. */
export function addressOf(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** `host:port`, or `[host]:port` for an IPv6 address. */
export const serverAddress = z
  .string()
  .max(300)
  .regex(
    /^([A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\]):\d{1,5}$/,
    'must be of the form host:port',
  )
  .refine((text) => portOf(text) >= 1 && portOf(text) <= 65_535, 'must have a port of 1 to 65535')
  .refine((text) => addressKey(text) !== null, 'must have a host that players can reach');

/** A host that players are given, in canonical form. */
export const playerHost = z.string().transform((text, context) => {
  const host = hostKey(text);
  if (host !== null) return host;
  context.addIssue({
    code: 'custom',
    message: 'must be a host name or an IP address that can be reached',
  });
  return z.NEVER;
});

const ADDRESSES_MAX = 16;
const FAMILIES = { ipv4: z.ipv4(), ipv6: z.ipv6() };

/**
 * Further hosts that players are given, by name. `ipv4` and `ipv6` must be addresses of that
 * family: players who ask for an address of one family are given these.
 */
export const playerHosts = z
  .record(
    z.string().regex(/^[a-z][a-z0-9_]{0,31}$/, 'must have a name like "internal"'),
    playerHost,
  )
  .refine((hosts) => Object.keys(hosts).length <= ADDRESSES_MAX, `at most ${ADDRESSES_MAX}`)
  .superRefine((hosts, context) => {
    for (const [name, family] of Object.entries(FAMILIES)) {
      const host = hosts[name];
      if (host === undefined || family.safeParse(host).success) continue;
      context.addIssue({ code: 'custom', path: [name], message: `must be of ${name}` });
    }
  });

/** The host of an address that fits `serverAddress`, as it is written. */
export function hostOf(address: string): string {
  return address.slice(0, address.lastIndexOf(':')).replace(/^\[|\]$/g, '');
}

/** The port of an address that fits `serverAddress`. */
export function portOf(address: string): number {
  return Number(address.slice(address.lastIndexOf(':') + 1));
}

function withoutMapping(host: string): string {
  const [, high, low] = MAPPED.exec(host) ?? [];
  if (high === undefined || low === undefined) return host;
  const bytes = [high, low].map((word) => Number.parseInt(word, 16));
  return bytes.flatMap((word) => [word >> 8, word & 0xff]).join('.');
}

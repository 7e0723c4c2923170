import { DeadlinePassed, errorMessage, type Clock } from '#kernel';
import { AllowedAddresses } from './addresses.js';
import { isAddress, readCallbackUrl, type Destination } from './callback-url.js';
import { systemResolve, type Resolve } from './resolve.js';

/** How long (ms) a name may take to resolve before it counts as unresolvable. */
const RESOLVE_MS_MAX = 3_000;

export interface OutboundRules {
  /** Networks that may be called, such as `10.0.0.0/8`. */
  readonly networks: readonly string[];
  /**
   * Doors that may not be called, whatever network they are in: `host:port`, or `*:port` for any
   * host.
   */
  readonly forbidden: readonly string[];
}

/** Where a call goes. The address was checked and is not resolved again. */
export interface Target extends Destination {
  readonly kind: 'target';
  readonly address: string;
}

export interface Denied {
  readonly kind: 'denied';
  /** `invalid`: no program can call it. `forbidden`: the rules do not allow it. */
  readonly code: 'invalid' | 'forbidden';
  readonly reason: string;
}

/**
 * Decides which URLs may be called. It resolves a name once; the addresses that it checks are the
 * ones that are called, so that a later change of the name has no effect.
 */
export class OutboundGuard {
  private readonly allowed: AllowedAddresses;
  private readonly doors: readonly { readonly host: string; readonly port: number }[];

  constructor(
    { networks, forbidden }: OutboundRules,
    private readonly clock: Clock,
    private readonly resolve: Resolve = systemResolve,
  ) {
    this.allowed = new AllowedAddresses(networks);
    this.doors = forbidden.map(readDoor);
  }

  /**
   * Never throws. A name is denied if any of its addresses is denied, because any of them may be
   * called.
   */
  async admit(text: string): Promise<Target | Denied> {
    const destination = readCallbackUrl(text);
    if (typeof destination === 'string') return denied('invalid', destination);
    const { name, port } = destination;
    try {
      const addresses = await this.addressesOf(name);
      const [address] = addresses;
      if (address === undefined) return denied('invalid', `the name ${name} has no address`);
      for (const found of addresses) {
        const reason = this.allowed.deniedBecause(found) ?? (await this.shutBecause(found, port));
        if (reason !== null) return denied('forbidden', reason);
      }
      return { kind: 'target', ...destination, address };
    } catch (error) {
      return denied('invalid', `the name ${name} cannot be resolved: ${errorMessage(error)}`);
    }
  }

  /** Resolves the host of a forbidden door only if the port is the same. */
  private async shutBecause(address: string, port: number): Promise<string | null> {
    for (const door of this.doors) {
      if (door.port !== port) continue;
      const theirs = door.host === '*' ? [address] : await this.addressesOrNone(door.host);
      if (theirs.includes(address)) return `${address}:${port} is forbidden for callbacks`;
    }
    return null;
  }

  private async addressesOrNone(name: string): Promise<readonly string[]> {
    return this.addressesOf(name).catch(() => []);
  }

  private async addressesOf(name: string): Promise<readonly string[]> {
    if (isAddress(name)) return [name];
    let cancel = () => {};
    const late = new Promise<never>((_, reject) => {
      const tooLate = new DeadlinePassed(`no answer in ${RESOLVE_MS_MAX} ms`);
      cancel = this.clock.after(RESOLVE_MS_MAX, () => reject(tooLate));
    });
    try {
      return await Promise.race([this.resolve(name), late]);
    } finally {
      cancel();
    }
  }
}

/** Hosts that stand for every address. */
const EVERYWHERE = /^(\*|0\.0\.0\.0|\[?::\]?)$/;

/**
 * Whether the text is a door such as `127.0.0.1:4222`, `[::1]:4222`, `nats.internal:4222` or
 * `*:4222`.
 */
export function isDoor(text: string): boolean {
  const { host, port } = readDoor(text);
  return host !== '' && Number.isInteger(port) && port >= 1 && port <= 65_535;
}

/** Reads the host in the same way as that of a callback, so that the two can be compared. */
function readDoor(text: string): { readonly host: string; readonly port: number } {
  const [, host = '', port = ''] = /^(.*):(\d{1,5})$/.exec(text) ?? [];
  if (EVERYWHERE.test(host)) return { host: '*', port: Number(port) };
  const isBareV6 = host.includes(':') && !host.startsWith('[');
  const read = readCallbackUrl(`http://${isBareV6 ? `[${host}]` : host}:${port}`);
  return { host: typeof read === 'string' ? '' : read.name, port: Number(port) };
}

function denied(code: Denied['code'], reason: string): Denied {
  return { kind: 'denied', code, reason };
}

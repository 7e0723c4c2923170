import { RateLimits, digestOf, isGuessable, type Credentials, type Rate } from '#auth';
import type { Clock } from '#kernel';
import { counted } from '../edge/address.js';

/** Most pairs of address and secret that are remembered; the oldest is forgotten first. */
const ACCEPTED_MAX = 10_000;

/**
 * Counts failed authentications by the address they come from. When an address has used up its
 * rate, secrets that people chose are not compared any more, so that they cannot be guessed, unless
 * they were accepted from there before. All others cannot be guessed anyway: they are still let in,
 * so that nobody is locked out by somebody else behind the same address.
 */
export class FailedAttempts {
  private readonly limits = new RateLimits();
  private readonly accepted = new Set<string>();

  constructor(
    private readonly rate: Rate,
    private readonly clock: Clock,
  ) {}

  mayTry(credentials: Credentials, address: string): boolean {
    if (!isGuessable(credentials)) return true;
    const waitMs = this.limits.peekMs(counted(address), this.rate, this.clock.now());
    return waitMs === 0 || this.accepted.has(pairOf(credentials, address));
  }

  succeeded(credentials: Credentials, address: string): void {
    if (!isGuessable(credentials)) return;
    this.accepted.add(pairOf(credentials, address));
    const [oldest] = this.accepted;
    if (this.accepted.size > ACCEPTED_MAX && oldest !== undefined) this.accepted.delete(oldest);
  }

  /** Counts one more; returns 0, or the ms until the address has some of its rate again. */
  failed(address: string): number {
    return this.limits.waitMs(counted(address), this.rate, this.clock.now());
  }
}

function pairOf({ secret }: Credentials, address: string): string {
  return `${counted(address)} ${digestOf(secret).toString('hex')}`;
}

import type { Clock } from '#kernel';
import { SignJWT } from 'jose';
import { randomBytes } from 'node:crypto';

const LIFE_S = 3_600;

/**
 * Makes the tokens of `GET /token`. A token names only the machine: the request does not say which
 * game sends it, so the answer must not hold a session's secret. The key is random and is not kept
 * when the agent stops.
 */
export class TokenMint {
  private readonly key = randomBytes(32);

  constructor(
    private readonly agent: string,
    private readonly clock: Clock,
  ) {}

  /** A JWT (HS256), valid for an hour. */
  token(): Promise<string> {
    const now = Math.floor(this.clock.now() / 1_000);
    return new SignJWT({})
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setIssuer('berth')
      .setSubject(this.agent)
      .setIssuedAt(now)
      .setExpirationTime(now + LIFE_S)
      .sign(this.key);
  }
}

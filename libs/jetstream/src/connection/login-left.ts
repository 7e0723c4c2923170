import type { Clock } from '#kernel';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Login } from './login.js';

/** A login that ends within this time is warned of (ms): 30 days, as `berth doctor` has it. */
const SOON_MS = 30 * 24 * 3_600_000;

const logins = new WeakMap<NatsConnection, Login>();

/** Keeps how a connection logs in. */
export function keepLogin(connection: NatsConnection, login: Login): void {
  logins.set(connection, login);
}

/** For how long the login of a connection is still good (ms); null: for ever, or it is not known. */
export function loginLeftMs(connection: NatsConnection, clock: Clock): number | null {
  const until = logins.get(connection)?.until;
  return until === undefined ? null : until - clock.now();
}

/** What to tell of a login that ends soon; null if it does not. */
export function loginEndsSoon(connection: NatsConnection, clock: Clock): string | null {
  const login = logins.get(connection);
  if (login?.until === undefined || login.until - clock.now() > SOON_MS) return null;
  return `the credentials of ${login.who} end at ${new Date(login.until).toISOString()}`;
}

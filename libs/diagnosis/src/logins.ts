import type { SeenAgent, SeenRegion } from './seen.js';
import { listed, type Wrong } from './wrong.js';

const DAY_MS = 24 * 3_600_000;

/** A login that ends within this time is wrong (ms): somebody has to carry files. */
const SOON_MS = 30 * DAY_MS;

/** Null if no login ends, as far as is known. */
export function loginsOf({
  regions,
  agents,
}: {
  readonly regions: readonly SeenRegion[] | null;
  readonly agents: readonly SeenAgent[] | null;
}): Wrong | string | null {
  const services = (regions ?? []).flatMap(({ region, services }) =>
    services.map(({ service, id, loginLeftMs }) => {
      return { name: `${service} ${region} ${id}`, loginLeftMs };
    }),
  );
  const machines = (agents ?? []).map(({ id, loginLeftMs }) => ({ name: id, loginLeftMs }));
  const known = [...services, ...machines].flatMap(({ name, loginLeftMs }) =>
    loginLeftMs === null ? [] : [{ name, loginLeftMs }],
  );
  if (known.length === 0) return null;
  const soon = known.filter(({ loginLeftMs }) => loginLeftMs < SOON_MS);
  if (soon.length === 0) return 'no login to NATS ends within 30 days';
  const words = soon
    .toSorted((a, b) => a.loginLeftMs - b.loginLeftMs)
    .map(({ name, loginLeftMs }) => `${name} in ${Math.floor(loginLeftMs / DAY_MS)} days`);
  return {
    what: `logins to NATS end: ${listed(words)}`,
    remedy: 'Give each a new one: berth nats identities, berth enroll NAME --again.',
  };
}

import { isOwnAddress, type QueryClient, type QueryOutcome, type Question } from '#server-query';

/** The outcome of a query, and the address where the game answered; null if it answered nowhere. */
export interface Asked {
  readonly outcome: QueryOutcome;
  readonly host: string | null;
}

/** Kinds of outcomes, the most informative first. */
const KINDS: readonly QueryOutcome['kind'][] = [
  'answered',
  'not-understood',
  'silent',
  'not-asked',
];

/**
 * The addresses where a game may listen, the likeliest first: the address that it was given, if
 * this machine has it (behind NAT it does not), then this machine's loopback of both families.
 */
export function queryHosts(ip: string): readonly string[] {
  const loopback = ip.includes(':') ? ['::1', '127.0.0.1'] : ['127.0.0.1', '::1'];
  return [...new Set([...(isOwnAddress(ip) ? [ip] : []), ...loopback])];
}

/** Asks at all addresses at once and returns the best outcome; of equal outcomes, the first. */
export async function askAt(
  client: Pick<QueryClient, 'ask'>,
  hosts: readonly string[],
  question: Omit<Question, 'host'>,
): Promise<Asked> {
  const all = await Promise.all(
    hosts.map(async (host) => ({ host, outcome: await client.ask({ ...question, host }) })),
  );
  const rank = ({ outcome }: Asked) => KINDS.indexOf(outcome.kind);
  const best = all.reduce((one, other) => (rank(other) < rank(one) ? other : one));
  const answers = best.outcome.kind === 'answered' || best.outcome.kind === 'not-understood';
  return { outcome: best.outcome, host: answers ? best.host : null };
}

import { isOwnAddress, type QueryClient, type QueryOutcome, type Question } from '#server-query';

/** What was learned of a game, and where; null: it answers nowhere. */
export interface Asked {
  readonly outcome: QueryOutcome;
  readonly host: string | null;
}

/** The more is learned of a game, the more an outcome counts. */
const KINDS: readonly QueryOutcome['kind'][] = [
  'answered',
  'not-understood',
  'silent',
  'not-asked',
];

/**
 * Where a game may listen, the likeliest first: at the address that it was given, if this machine
 * has it (behind NAT it has not), and else on this machine's loopback, of either family.
 */
export function queryHosts(ip: string): readonly string[] {
  const loopback = ip.includes(':') ? ['::1', '127.0.0.1'] : ['127.0.0.1', '::1'];
  return [...new Set([...(isOwnAddress(ip) ? [ip] : []), ...loopback])];
}

/** Asks at each address at once. Of equal outcomes the first counts. */
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

/**
 * A matchmaker in its own process, with the client library of either version: asks for servers over
 * NATS until it is told to stop, and then tells what it was answered.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BerthClient } from '#client';
import { repeat } from './loop.js';
import { FLEETS, REFUSALS, type Tallies } from './tallies.js';

export interface RequesterParameters {
  /** The module of the client library. */
  readonly client: string;
  readonly servers: string;
  readonly region: string;
  readonly name: string;
  /** An agent without sessions, for an operator's requests. */
  readonly spare: string;
}

const LOOK_MS = 100;
const SESSION_MS = 60;
const WAIT_MS = 20_000;

const parameters = JSON.parse(process.argv[2] ?? '{}') as RequesterParameters;
const { client, servers, region, name, spare } = parameters;
const { BerthClient: Client } = (await import(client)) as { BerthClient: typeof BerthClient };
const berth = await Client.connect({ servers });
let isOver = false;

process.once('disconnect', () => process.exit());
process.once('message', () => (isOver = true));
process.send?.('ready');

const tallies: Tallies = {};
const kinds: Readonly<Record<string, (id: string) => Promise<void>>> = {
  allocate: (id) => session(`${name}-${id}`, FLEETS.silent),
  'called back': (id) => session(`${name}-${id}`, FLEETS.called),
  publish: (id) => published(`${name}-${id}`),
  refuse: (id) => refused(`${name}-${id}`),
  direct: directed,
};
await Promise.all(
  Object.entries(kinds).map(([kind, work]) => repeat(tallies, kind, work, () => isOver)),
);
await berth.close();
process.send?.(tallies, () => process.disconnect());

/** Where the outcome is not known, the same is asked again: an allocator was killed meanwhile. */
async function surely<T>(ask: () => Promise<T>): Promise<T> {
  return ask().catch((error: unknown) => {
    const { name } = error as Error;
    if (name === 'AllocationUncertain' || name === 'DeadlinePassed') return ask();
    throw error;
  });
}

/** The same id is asked for twice, and given back. */
async function session(allocationId: string, fleet: string): Promise<void> {
  const wanted = { allocationId, region, fleet, payload: { for: name }, waitMs: WAIT_MS };
  const server = await surely(() => berth.allocate(wanted));
  try {
    await sleep(SESSION_MS);
    const again = await surely(() => berth.allocate(wanted));
    if (again.slot !== server.slot || again.token !== server.token) {
      throw new Error(`${allocationId} was given ${server.slot}, and then ${again.slot}`);
    }
  } finally {
    await surely(() => berth.deallocate({ allocationId, region, by: name }));
  }
}

async function published(allocationId: string): Promise<void> {
  await berth.publish({ allocationId, region, fleet: FLEETS.silent, waitMs: WAIT_MS });
  let result = await berth.result(region, allocationId);
  while (result === undefined) {
    await sleep(LOOK_MS);
    result = await berth.result(region, allocationId);
  }
  const { answer } = result;
  if (answer.status !== 'allocated') throw new Error(`${allocationId}: ${JSON.stringify(answer)}`);
  await surely(() => berth.deallocate({ allocationId, region }));
}

/** What cannot be served is refused in words that this version knows. */
async function refused(allocationId: string): Promise<void> {
  for (const wanted of [{ fleet: 'nowhere' }, { attributes: { mode: 'nothing' } }]) {
    const asked = surely(() => berth.allocate({ allocationId, region, ...wanted }));
    const code = await asked.then(
      () => 'allocated',
      (error: unknown) => (error as { code?: string }).code ?? String(error),
    );
    if (!REFUSALS.includes(code)) throw new Error(`${JSON.stringify(wanted)} is refused ${code}`);
  }
}

async function directed(): Promise<void> {
  for (const direction of ['drain', 'withdraw-drain'] as const) {
    const wanted = { region, agent: spare, direction, reason: 'a test' };
    const slots = await surely(() => berth.direct(wanted));
    if (slots.length === 0) throw new Error(`no slot was directed to ${direction}`);
  }
}

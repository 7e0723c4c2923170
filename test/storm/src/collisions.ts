import { endpoints, encodeJson } from '#wire';
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import { join } from 'node:path';
import { connectTo, untilAllAvailable } from './calm.js';
import { REGION, type Play } from './play.js';
import { THIS } from '../../versions/src/release.js';
import { startServers, STUBS, World } from './world.js';

const REPLICAS = [2, 4, 8];
const IN_FLIGHT = [8, 32];
const MEASURED_MS = 6_000;
const ANSWER_MS = 10_000;
const WRONG_LAST_SEQUENCE = 10071;

const CALM = { cluster: false, fullDisk: false, mixed: false, minutes: 0 } as const;

/** Measures how often several allocators choose the same slot, without a storm. */
export async function measureCollisions(
  folder: string,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<void> {
  say('allocators  in flight  claims stored  conflicts  conflicts per claim');
  for (const replicas of REPLICAS) {
    const own = join(folder, String(replicas));
    const servers = await startServers(own, CALM);
    const world = new World(
      own,
      servers,
      { allocators: replicas, stubs: STUBS, matchmakers: [], encrypts: true },
      () => THIS,
    );
    try {
      await world.start();
      const connection = await connectTo(world);
      await untilAllAvailable(connection, world.slots, signal);
      const claims = new ClaimCounter(connection);
      for (const inFlight of IN_FLIGHT) {
        claims.reset();
        await load(connection, inFlight, signal);
        const rate = (claims.conflicts / Math.max(1, claims.stored)).toFixed(4);
        const cells = [replicas, inFlight, claims.stored, claims.conflicts, rate];
        say(cells.map((cell, index) => String(cell).padStart(WIDTHS[index] ?? 0)).join('  '));
      }
      await connection.close();
    } finally {
      await world.stop();
    }
  }
}

const WIDTHS = [10, 9, 13, 9, 19];

async function load(connection: NatsConnection, inFlight: number, signal: AbortSignal) {
  const until = Date.now() + MEASURED_MS;
  const payload: Play = { play: 'exit', playMs: 40 };
  const body = encodeJson({ fleet: 'stub', payload });
  const asker = async () => {
    while (Date.now() < until && !signal.aborted) {
      await connection.request(endpoints.allocate.subject.of({ region: REGION }), body, {
        timeout: ANSWER_MS,
      });
    }
  };
  await Promise.all(Array.from({ length: inFlight }, asker));
  signal.throwIfAborted();
}

/**
 * Counts the claims and the log's answers to them by listening in, since refused claims leave no
 * trace in the log. Claims are the appends that carry a de-duplication id.
 */
class ClaimCounter {
  stored = 0;
  conflicts = 0;
  private readonly asked = new Set<string>();

  constructor(connection: NatsConnection) {
    connection.subscribe(`slot.${REGION}.>`, { callback: (_, message) => this.claim(message) });
    connection.subscribe('_INBOX.>', { callback: (_, message) => this.answer(message) });
  }

  reset(): void {
    this.stored = 0;
    this.conflicts = 0;
  }

  private claim({ headers, reply }: Msg): void {
    if (reply && headers?.get('Nats-Msg-Id')) this.asked.add(reply);
  }

  private answer(message: Msg): void {
    if (!this.asked.delete(message.subject)) return;
    const { error } = message.json<{ error?: { err_code: number } }>();
    if (error === undefined) this.stored += 1;
    else if (error.err_code === WRONG_LAST_SEQUENCE) this.conflicts += 1;
  }
}

import { connectNats, JetStreamEventLog, slotStreamName } from '#jetstream';
import { SystemClock } from '#service-runtime';
import { statusOf } from '#slot';
import { slotRecordCodec, slotsSubject } from '#wire';
import type { NatsConnection } from '@nats-io/transport-node';
import { setTimeout as sleep } from 'node:timers/promises';
import { urlsOf } from '../../contracts/src/cluster.js';
import { REGION } from './play.js';
import type { World } from './world.js';

/** Longer than every deadline of the storm's slots, and than every pause of its services (ms). */
const CALM_MS_MAX = 45_000;
const LOOK_MS = 500;

export function connectTo({ servers }: World): Promise<NatsConnection> {
  return connectNats({ servers: urlsOf(servers), name: 'storm' });
}

/** Resolves when all slots are available, with the time it took (ms); null if they never were. */
export async function untilAllAvailable(
  connection: NatsConnection,
  slots: number,
  signal: AbortSignal,
): Promise<number | null> {
  const clock = new SystemClock();
  const options = { stream: slotStreamName(REGION), codec: slotRecordCodec, clock };
  const log = await JetStreamEventLog.open(connection, options);
  const startedAt = clock.now();
  while (clock.now() - startedAt < CALM_MS_MAX) {
    if ((await countAvailable(log)) >= slots) return clock.now() - startedAt;
    await sleep(LOOK_MS, undefined, { signal });
  }
  return null;
}

async function countAvailable(log: {
  present: JetStreamEventLog<ReturnType<typeof slotRecordCodec.decode>>['present'];
}): Promise<number> {
  let available = 0;
  for await (const item of log.present(slotsSubject(REGION))) {
    if (item.kind === 'recorded' && statusOf(item.record.state) === 'available') available += 1;
  }
  return available;
}

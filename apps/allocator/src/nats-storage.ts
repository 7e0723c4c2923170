import { errorMessage } from '#kernel';
import type { Logger } from '#service-runtime';
import type { ServerStorage } from '#wire';
import { z } from 'zod';

/** How long a server may take to say how it is set (ms). */
const ANSWER_MS = 2_000;

/** What nats-server says at `/jsz`; without `sync_interval: always` it leaves `sync_always` out. */
const jetstream = z.object({
  storage: z.int(),
  reserved_storage: z.int(),
  config: z.object({ max_storage: z.int(), sync_always: z.boolean().default(false) }),
});

const REMEDY = 'set `sync_interval: always` in the block `jetstream` of its configuration';

/**
 * Asks nats-servers whether they sync what they store before they acknowledge it, and warns of each
 * that does not, or does not say so. No server says it over the bus.
 *
 * @param monitors addresses of their monitoring, such as `http://10.0.0.5:8222`
 */
export async function warnOfUnsynced(
  monitors: readonly string[],
  logger: Pick<Logger, 'info' | 'warn'>,
): Promise<void> {
  if (monitors.length === 0) {
    logger.info('NATS_MONITOR_URLS is not set: nobody checks whether nats-server syncs');
  }
  await Promise.all(
    monitors.map(async (server) => {
      try {
        if ((await storageAt(server)).isSynced) return;
        const remedy = REMEDY;
        logger.warn({ server, remedy }, 'a power cut loses events that nats-server acknowledged');
      } catch (error) {
        const reason = errorMessage(error);
        logger.warn({ server, reason }, 'nats-server does not say whether it syncs');
      }
    }),
  );
}

/** How each of the servers stores; null if nobody knows where they are monitored. */
export async function storagesAt(monitors: readonly string[]): Promise<ServerStorage[] | null> {
  if (monitors.length === 0) return null;
  return Promise.all(
    monitors.map(async (monitor) => ({
      monitor,
      storage: await storageAt(monitor).catch(() => null),
    })),
  );
}

async function storageAt(monitor: string): Promise<NonNullable<ServerStorage['storage']>> {
  const answer = await fetch(new URL('/jsz', monitor), { signal: AbortSignal.timeout(ANSWER_MS) });
  const { storage, reserved_storage, config } = jetstream.parse(await answer.json());
  return {
    ...{ isSynced: config.sync_always, storedBytes: storage },
    ...{ reservedBytes: reserved_storage, limitBytes: config.max_storage },
  };
}

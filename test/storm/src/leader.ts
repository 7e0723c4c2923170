import { connectNats, slotStreamName } from '#jetstream';
import type { NatsServer } from '#nats-server';
import { jetstreamManager } from '@nats-io/jetstream';
import { basename } from 'node:path';
import { urlsOf } from '../../contracts/src/cluster.js';
import { REGION } from './play.js';

const ANSWER_MS = 1_000;

/**
 * The server that leads the log's stream; undefined if there is none, or it cannot be found out.
 */
export async function streamLeader(
  servers: readonly NatsServer[],
  region = REGION,
): Promise<NatsServer | undefined> {
  try {
    const options = { timeout: ANSWER_MS, reconnect: false };
    const connection = await connectNats({ servers: urlsOf(servers), name: 'leader', ...options });
    const manager = await jetstreamManager(connection, { checkAPI: false, timeout: ANSWER_MS });
    const info = await manager.streams
      .info(slotStreamName(region))
      .finally(() => connection.close());
    return servers.find(({ dataDirectory }) => basename(dataDirectory) === info.cluster?.leader);
  } catch {
    return undefined;
  }
}

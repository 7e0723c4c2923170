import type { StreamView } from '#wire';
import { JetStreamApiError, jetstreamManager, type StreamInfo } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { reach } from '../connection/failures.js';
import { archiveStreamName } from './archive-stream.js';
import { configurationStreamName } from './configuration-stream.js';
import { fleetStreamName } from './fleet-stream.js';
import { keyStreamName } from './key-stream.js';
import { machineStreamName } from './machine-stream.js';
import { outcomeStreamName, requestStreamName } from './request-streams.js';
import { slotStreamName } from './stream.js';

const ANSWER_MS = 2_000;

/** JetStream's error code: there is no such stream. */
const NO_STREAM = 10059;

/**
 * The streams of a region as JetStream sees them, and the names of those that are missing. Throws
 * like `reach`.
 *
 * @param isArchived whether the region needs an archive
 */
export async function streamViews(
  connection: NatsConnection,
  region: string,
  isArchived: boolean,
): Promise<{ readonly streams: StreamView[]; readonly missing: string[] }> {
  const manager = await jetstreamManager(connection, { checkAPI: false, timeout: ANSWER_MS });
  const archive = archiveStreamName(region);
  const names = [
    ...[slotStreamName(region), archive, fleetStreamName(region)],
    ...[machineStreamName(region), configurationStreamName(region), requestStreamName(region)],
    ...[outcomeStreamName(region), keyStreamName(region), `OBJ_builds_${region}`],
  ];
  const infoOf = (name: string) => reach(manager.streams.info(name).catch(unlessMissing));
  const infos = await Promise.all(names.map(infoOf));
  const own = connection.info?.server_name ?? '';
  const isNeeded = (name: string) => isArchived || name !== archive;
  return {
    streams: infos.flatMap((info) => (info === null ? [] : [viewOf(info, own)])),
    missing: names.filter((name, at) => infos[at] === null && isNeeded(name)),
  };
}

function unlessMissing(error: unknown): null {
  if (error instanceof JetStreamApiError && error.code === NO_STREAM) return null;
  throw error;
}

/** @param own the nats-server that answered: without a cluster, it has all streams itself */
function viewOf({ config, state, cluster }: StreamInfo, own: string): StreamView {
  const { messages, bytes, last_seq: lastSequence, last_ts: lastTime } = state;
  return {
    ...{ name: config.name, messages, bytes, lastSequence },
    lastAt: messages === 0 ? null : Date.parse(lastTime),
    leader: cluster === undefined ? own : cluster.leader || null,
    replicas: (cluster?.replicas ?? []).map(({ name, current, lag }) => ({
      ...{ server: name, isCurrent: current, lag: lag ?? 0 },
    })),
  };
}

import type { Clock } from '#kernel';
import { slotsSubject } from '#wire';
import type { NatsConnection } from '@nats-io/transport-node';
import { archiveStreamName } from '../streams/archive-stream.js';
import { slotStreamName } from '../streams/stream.js';
import { StoredLog } from './stored-log.js';

/** What NATS keeps of a region: streams that may be there, or not. */
export interface RegionLog {
  readonly log: StoredLog;
  readonly archive: StoredLog;
  /** Those of the two that are there. */
  readonly kept: readonly StoredLog[];
}

/**
 * Opens a region's log and archive.
 *
 * @throws {TransientError} JetStream does not answer.
 */
export async function openRegionLog(
  connection: NatsConnection,
  region: string,
  clock: Clock,
): Promise<RegionLog> {
  const open = (stream: string) =>
    StoredLog.open(connection, { stream, filter: slotsSubject(region), clock });
  const [log, archive] = await Promise.all([
    open(slotStreamName(region)),
    open(archiveStreamName(region)),
  ]);
  const extents = await Promise.all([log.extent(), archive.extent()]);
  return { log, archive, kept: [log, archive].filter((_, index) => extents[index] !== undefined) };
}

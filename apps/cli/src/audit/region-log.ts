import { archiveStreamName, slotStreamName, StoredLog } from '#jetstream';
import { SystemClock } from '#service-runtime';
import { slotsSubject, TOKEN } from '#wire';
import { InvalidArgumentError, type Command } from 'commander';
import { connectAs, onNats, type NatsOptions } from '../nats.js';

const ANSWER_MS = 5_000;

export interface RegionOptions extends NatsOptions {
  readonly region: string;
}

/** What NATS keeps of a region: streams that may be there, or not. */
export interface RegionLog {
  readonly log: StoredLog;
  readonly archive: StoredLog;
  /** Those of the two that are there. */
  readonly kept: readonly StoredLog[];
}

/** Adds what a command needs that reads a region's log from NATS itself. */
export function onRegion(command: Command): Command {
  return onNats(command).requiredOption('--region <name>', 'of this region', oneToken);
}

/**
 * Opens a region's log and archive for as long as `work` takes.
 *
 * @throws where the region has neither
 */
export async function withRegion<T>(
  { region: name, ...options }: RegionOptions,
  work: (opened: RegionLog) => Promise<T>,
): Promise<T> {
  const clock = new SystemClock();
  const connection = await connectAs('berth-audit', options, ANSWER_MS);
  const open = (stream: string) =>
    StoredLog.open(connection, { stream, filter: slotsSubject(name), clock });
  try {
    const [log, archive] = await Promise.all([
      open(slotStreamName(name)),
      open(archiveStreamName(name)),
    ]);
    const extents = await Promise.all([log.extent(), archive.extent()]);
    const kept = [log, archive].filter((_, index) => extents[index] !== undefined);
    if (kept.length === 0) throw new Error(`region ${name} has no log; is --region right?`);
    return await work({ log, archive, kept });
  } finally {
    await connection.close();
  }
}

/** The name of a region or a fleet, as a person types it. */
export function oneToken(text: string): string {
  if (TOKEN.test(text)) return text;
  throw new InvalidArgumentError('must be 1 to 64 letters, digits, - or _');
}

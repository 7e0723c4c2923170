import { openRegionLog, type RegionLog } from '#jetstream';
import { SystemClock } from '#service-runtime';
import { TOKEN } from '#wire';
import { InvalidArgumentError, type Command } from 'commander';
import { connectAs, onNats, type NatsOptions } from '../nats.js';

const ANSWER_MS = 5_000;

export interface RegionOptions extends NatsOptions {
  readonly region: string;
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
  const connection = await connectAs('berth-audit', options, ANSWER_MS);
  try {
    const opened = await openRegionLog(connection, name, new SystemClock());
    if (opened.kept.length === 0) throw new Error(`region ${name} has no log; is --region right?`);
    return await work(opened);
  } finally {
    await connection.close();
  }
}

/** The name of a region or a fleet, as a person types it. */
export function oneToken(text: string): string {
  if (TOKEN.test(text)) return text;
  throw new InvalidArgumentError('must be 1 to 64 letters, digits, - or _');
}

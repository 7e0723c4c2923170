import { afterEach, beforeEach } from '@jest/globals';
import { JetStreamBench, writeSurely, type JetStreamUnderTest } from './jetstream.js';

/** The server of the test that runs, the log on it, and one of its subjects. */
export let bench: JetStreamBench;
export let made: JetStreamUnderTest;
export let slot: string;

/**
 * Gives each test a server of its own, since they kill it.
 *
 * @param consumers whether the log is read by consumers, or by direct gets
 */
export function serverForEach(consumers = true): void {
  beforeEach(async () => {
    bench = await JetStreamBench.start();
    made = await bench.makeLog(consumers);
    slot = `${made.root}.one.a`;
  });

  afterEach(() => bench.stop());
}

export const write = (subject: string, expected: number, text: string) =>
  writeSurely(made.log, subject, expected, text);

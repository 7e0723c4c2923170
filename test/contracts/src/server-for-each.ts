import { afterEach, beforeEach } from '@jest/globals';
import { JetStreamBench, writeSurely, type JetStreamUnderTest } from './jetstream.js';

/** The server of the test that runs, the log on it, and one of its subjects. */
export let bench: JetStreamBench;
export let made: JetStreamUnderTest;
export let slot: string;

/** Gives each test of a file a server of its own, since they kill it. */
export function serverForEach(): void {
  beforeEach(async () => {
    bench = await JetStreamBench.start();
    made = await bench.makeLog();
    slot = `${made.root}.one.a`;
  });

  afterEach(() => bench.stop());
}

export const write = (subject: string, expected: number, text: string) =>
  writeSurely(made.log, subject, expected, text);

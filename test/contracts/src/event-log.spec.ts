import { afterAll, beforeAll } from '@jest/globals';
import { ManualClock, MemoryEventLog } from '#memory';
import { eventLogContract } from './event-log.contract.js';
import { JetStreamBench } from './jetstream.js';
import { noteCodec, type Note } from './note.js';

for (const first of ['id', 'expectation'] as const) {
  eventLogContract(`memory, ${first} checked first`, async () => {
    const clock = new ManualClock();
    const log = new MemoryEventLog<Note>(noteCodec, { clock, first });
    return {
      log,
      root: 'note.memory',
      corrupt: async (subject, body) => log.corrupt(subject, body),
      nextInstant: async () => {
        clock.advance(1);
        return clock.now();
      },
    };
  });
}

let bench: JetStreamBench;

beforeAll(async () => {
  bench = await JetStreamBench.start();
});

afterAll(() => bench.stop());

eventLogContract('JetStream, read by consumers', () => bench.makeLog());
eventLogContract('JetStream, read by direct gets', () => bench.makeLog(false));

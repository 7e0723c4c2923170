import { afterAll, beforeAll } from '@jest/globals';
import { NatsBus } from '#jetstream';
import { ManualClock, MemoryBus } from '#memory';
import { busContract } from './bus.contract.js';
import { JetStreamBench } from './jetstream.js';

busContract('memory', async () => {
  const clock = new ManualClock();
  return {
    bus: new MemoryBus(clock),
    settled: () => Promise.resolve(),
    pass: async (ms) => clock.advance(ms),
  };
});

let bench: JetStreamBench;

beforeAll(async () => {
  bench = await JetStreamBench.start();
});

afterAll(() => bench.stop());

busContract('NATS', async () => ({
  bus: new NatsBus(bench.connection),
  settled: () => bench.connection.flush(),
  // Its time passes by itself.
  pass: async () => undefined,
}));

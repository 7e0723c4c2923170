import { afterAll, beforeAll } from '@jest/globals';
import {
  ensureStream,
  JetStreamOutcomeStore,
  JetStreamRequestQueue,
  outcomeStreamConfig,
  requestStreamConfig,
} from '#jetstream';
import { ManualClock, MemoryOutcomeStore, MemoryRequestQueue } from '#memory';
import { SystemClock } from '#service-runtime';
import { JetStreamBench } from './jetstream.js';
import { requestQueueContract } from './request-queue.contract.js';

requestQueueContract('memory', async () => {
  const clock = new ManualClock();
  const queue = new MemoryRequestQueue(clock);
  return {
    queue,
    other: queue,
    outcomes: new MemoryOutcomeStore(),
    region: 'memory',
    pass: async (ms) => clock.advance(ms),
  };
});

let bench: JetStreamBench;
let made = 0;

beforeAll(async () => {
  bench = await JetStreamBench.start();
});

afterAll(() => bench.stop());

requestQueueContract('JetStream', async () => {
  const { connection } = bench;
  const region = `queue-${(made += 1)}`;
  const clock = new SystemClock();
  for (const config of [requestStreamConfig(region), outcomeStreamConfig(region)]) {
    await ensureStream(connection, config);
  }
  return {
    queue: new JetStreamRequestQueue(connection, region, clock),
    other: new JetStreamRequestQueue(connection, region, clock),
    outcomes: new JetStreamOutcomeStore(connection, region),
    region,
    // Its time passes by itself.
    pass: async () => undefined,
  };
});

import { ensureStream, JetStreamKeyStore, keyStreamConfig } from '#jetstream';
import { MemoryKeyStore } from '#memory';
import { afterAll, beforeAll } from '@jest/globals';
import { JetStreamBench } from './jetstream.js';
import { keyStoreContract } from './key-store.contract.js';

keyStoreContract('memory', async () => ({ store: new MemoryKeyStore(), region: 'memory' }));

let bench: JetStreamBench;
let made = 0;

beforeAll(async () => {
  bench = await JetStreamBench.start();
});

afterAll(() => bench.stop());

keyStoreContract('JetStream', async () => {
  const region = `keys-${(made += 1)}`;
  await ensureStream(bench.connection, keyStreamConfig(region, 30));
  return { store: new JetStreamKeyStore(bench.connection, region), region };
});

import { describe, expect, it } from '@jest/globals';
import { ManualClock, MemoryKeyStore } from '#memory';
import { createLogger } from '#service-runtime';
import { START } from '#testing';
import { endpoints } from '#wire';
import { Forgetting } from './forgetting.js';
import { PayloadKeys } from './payload-keys.js';

const DAY_MS = 24 * 3_600_000;

describe('keys of payloads', () => {
  const alone = () => {
    const clock = new ManualClock(START);
    const store = new MemoryKeyStore();
    const deps = { region: 'eu', clock, store, logger: createLogger('keys', 'fatal') };
    return { clock, store, deps };
  };

  it('are destroyed a day at a time, once their time is over', async () => {
    const { clock, deps } = alone();
    const keys = new PayloadKeys({ ...deps, masterKeys: () => [] });
    const forgetting = new Forgetting({ ...deps, keys, keepMs: 2 * DAY_MS });
    const settled = () => new Promise((resolve) => setImmediate(resolve));
    const old = await keys.take();
    forgetting.start();
    clock.advance(DAY_MS);
    const later = await keys.take();
    clock.advance(2 * DAY_MS - 600_000);
    await settled();
    expect(await keys.find(old.id)).toEqual(old.key);
    clock.advance(1_200_000);
    await settled();
    expect(await keys.find(old.id)).toBeUndefined();
    expect(await keys.find(later.id)).toEqual(later.key);
    forgetting.stop();
  });

  it('are of one epoch a day, however many are made at once', async () => {
    const { clock, store, deps } = alone();
    const keys = new PayloadKeys({ ...deps, masterKeys: () => [] });
    await keys.take();
    clock.advance(DAY_MS);
    await Promise.all([keys.take(), keys.take()]);
    const epochs = await store.list(endpoints.keyEpoch.subject.of({ region: 'eu' }), 0, 100);
    expect(epochs).toHaveLength(2);
  });

  it('are known for a minute after another allocator destroyed them, also where they are in use', async () => {
    const { clock, store, deps } = alone();
    const maker = new PayloadKeys({ ...deps, masterKeys: () => [] });
    const reader = new PayloadKeys({ ...deps, masterKeys: () => [] });
    const [first, second, third] = [await maker.take(), await maker.take(), await maker.take()];
    expect(await reader.find(first.id)).toEqual(first.key);
    const [epoch] = await store.list(endpoints.keyEpoch.subject.of({ region: 'eu' }), 0, 1);
    await maker.destroyEpoch(epoch?.sequence ?? 0);
    clock.advance(40_000);
    expect(await reader.find(second.id)).toEqual(second.key);
    clock.advance(40_000);
    expect(await reader.find(third.id)).toBeUndefined();
  });
});

import { afterEach, describe, expect, it } from '@jest/globals';
import { JsonText } from '#json';
import { TransientError } from '#kernel';
import { MemoryKeyStore } from '#memory';
import { anAllocation, aSession } from '#testing';
import { slotSubject } from '#wire';
import {
  allocate,
  begin,
  forget,
  held,
  ON,
  opened,
  place,
  subject,
} from '../../test/support/encrypting.js';
import { aRequest, TestRegion } from '../../test/support/region.js';

afterEach(() => place.close());

describe('payload and answer of an allocation', () => {
  it('are in the log only encrypted, and told to its requester, as often as it asks', async () => {
    const allocator = await begin();
    const answer = await allocate(allocator, 'match-1', { map: 'a needle' });
    const { slot, allocation } = await held();
    expect(answer).toMatchObject({ status: 'allocated', payload: JsonText.of({ slot }) });
    expect(answer).not.toHaveProperty('payloadKey');
    expect(await allocate(allocator)).toEqual(answer);
    const events = JSON.stringify(await place.events());
    expect(events).not.toContain('a needle');
    expect(events).not.toContain(`{"slot":"${slot}"}`);
    expect(allocation.payloadKey).toBeGreaterThan(0);
  });

  it('are decrypted by an allocator that has nothing but the log and the store of keys', async () => {
    await allocate(await begin());
    const other = await place.startAllocator();
    const { slot } = await held();
    expect(await opened(other)).toEqual([
      { payload: JsonText.of({ map: 'docks' }) },
      { payload: JsonText.of({ slot }) },
    ]);
    expect(await allocate(other)).toMatchObject({ payload: JsonText.of({ slot }) });
  });

  it('are not decrypted as those of another slot', async () => {
    const allocator = await begin();
    await allocate(allocator);
    const { allocation } = await held();
    const { payloadKey = 0, payload } = allocation;
    const foreign = slotSubject({ region: 'eu', agent: 'other', slot: 's-1' });
    const found = await allocator.payloads.decrypt(foreign, {
      payloadKey,
      text: String(payload.value()),
    });
    expect(found).toMatchObject({ forgotten: { reason: 'its key is not in the store' } });
  });

  it('have keys of their own, also where one request tries several slots', async () => {
    const allocator = await begin();
    place.answers = { 's-1': 'refused once', 's-2': 'refused once' };
    await allocate(allocator);
    await allocate(allocator, 'match-2');
    const keys = (await place.events()).flatMap((event) =>
      event.type === 'AllocationRequested' ? [`${event.allocationId} ${event.payloadKey}`] : [],
    );
    expect(keys.length).toBeGreaterThan(2);
    expect(new Set(keys).size).toBe(2);
  });

  it('are null where nothing was sent: that is no secret', async () => {
    const allocator = await begin();
    await allocate(allocator, 'match-1', null);
    expect((await held()).allocation.payload).toEqual(JsonText.null);
  });

  it('are in clear where they are not to be encrypted', async () => {
    await allocate(await begin({}));
    const { allocation } = await held();
    expect(allocation.payload).toEqual(JsonText.of({ map: 'docks' }));
    expect(allocation).not.toHaveProperty('payloadKey');
  });

  it('are not recorded in clear, whatever claim a report is about', async () => {
    const allocator = await begin();
    await allocate(allocator);
    const answer = JsonText.of('the answer');
    const callback = { outcome: 'acked', answer, token: 'secret' } as const;
    const late = await allocator.payloads.inReport(subject, {
      ...{ incarnation: 1, process: null, clearedFence: 0, remark: '', heldUntil: null },
      ...{ failure: null, session: aSession({ fence: 99, callback }) },
    });
    expect(late.session).toBeNull();
    const { allocation } = await held();
    const own = anAllocation({ ...allocation, answer, token: 'secret' });
    const unlogged = { fence: 1, allocation: own };
    const lost = await allocator.payloads.inReport(subject, {
      ...{ incarnation: 1, process: null, clearedFence: 0, remark: '', heldUntil: null },
      ...{ failure: null, session: null, unlogged },
    });
    expect(JSON.stringify(lost)).not.toContain('the answer');
    expect(JSON.stringify(lost)).not.toContain('secret');
  });
});

describe('a key that cannot be stored', () => {
  class FullStore extends MemoryKeyStore {
    isFull = true;

    override add(subject: string, body: Uint8Array): Promise<number> {
      return this.isFull ? Promise.reject(new TransientError('full')) : super.add(subject, body);
    }
  }

  it('keeps the request waiting until it can be, and nothing is recorded', async () => {
    const keys = new FullStore();
    const allocator = await begin(ON, { keys });
    const asked = allocator.claims.allocate(aRequest('match-1', { timeoutMs: 10_000 }));
    await place.pass(2_000);
    expect(await place.claims()).toEqual([]);
    keys.isFull = false;
    expect(await place.kept(asked)).toMatchObject({ status: 'allocated' });
  });
});

describe('a payload that is forgotten', () => {
  it('is gone at once, with who had it forgotten and why', async () => {
    const allocator = await begin();
    await allocate(allocator);
    const { allocation } = await held();
    await forget(allocator, allocation.payloadKey ?? 0);
    const who = { by: 'ann (api)', reason: 'a player asked for it', at: place.clock.now() };
    expect(await opened(allocator)).toEqual([{ forgotten: who }, { forgotten: who }]);
    expect(await allocate(allocator)).toMatchObject({ payload: JsonText.null, token: '' });
    expect(await place.keys.at(allocation.payloadKey ?? 0)).toBeUndefined();
  });

  it('may be forgotten again; the first reason stands', async () => {
    const allocator = await begin();
    await allocate(allocator);
    const { payloadKey = 0 } = (await held()).allocation;
    await forget(allocator, payloadKey);
    await allocator.forgetting.forget({
      ...{ allocationId: 'match-1', payloadKeys: [payloadKey], by: 'bob', reason: 'another' },
    });
    expect(await opened(allocator)).toMatchObject([
      { forgotten: { by: 'ann (api)' } },
      { forgotten: { by: 'ann (api)' } },
    ]);
  });

  it('is forgotten by another allocator if the first one ends in between', async () => {
    const allocator = await begin();
    await allocate(allocator);
    const { payloadKey = 0 } = (await held()).allocation;
    place.keys.erase = () => Promise.reject(new TransientError('killed'));
    await expect(forget(allocator, payloadKey)).rejects.toThrow('killed');
    place.stop(allocator);
    expect(await place.keys.at(payloadKey)).toBeDefined();
    place.keys.erase = MemoryKeyStore.prototype.erase.bind(place.keys);
    const next = await place.startAllocator();
    await place.pass(1_000);
    expect(await place.keys.at(payloadKey)).toBeUndefined();
    expect(await opened(next)).toMatchObject([{ forgotten: { by: 'ann (api)' } }, {}]);
  });
});

describe('with a master key', () => {
  const masterKey = new Uint8Array(32).fill(7);

  it('the store alone does not suffice to decrypt anything', async () => {
    const allocator = await begin({ ...ON, masterKeys: () => [masterKey] });
    await allocate(allocator);
    place.stop(allocator);
    const options = (...keys: readonly Uint8Array[]) =>
      new TestRegion({ ...ON, masterKeys: () => keys });
    for (const [key, says] of [
      [undefined, 'is not set here'],
      [new Uint8Array(32).fill(8), 'is another one here'],
    ] as const) {
      const stranger = options(...(key === undefined ? [] : [key]));
      const other = await stranger.startAllocator({ keys: place.keys, log: place.log });
      await expect(opened(other)).rejects.toThrow(says);
      expect(await allocate(other)).toMatchObject({
        ...{ status: 'refused', code: 'not-ready', allocationId: 'match-1' },
        message: expect.stringContaining(says),
      });
      stranger.close();
    }
    // One that was rotated since.
    const friend = options(new Uint8Array(32).fill(9), masterKey);
    const other = await friend.startAllocator({ keys: place.keys, log: place.log });
    expect(await opened(other)).toMatchObject([{ payload: JsonText.of({ map: 'docks' }) }, {}]);
    friend.close();
  });
});

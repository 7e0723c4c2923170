import { afterEach, describe, expect, it } from '@jest/globals';
import { JsonText } from '#json';
import { anAllocation, aSession, granted } from '#testing';
import type { AllocationAnswer } from '#wire';
import { allocate, begin, forget, held, place, subject } from '../../test/support/encrypting.js';
import type { Allocator } from '../allocator.js';

afterEach(() => place.close());

describe("a session's token", () => {
  const restored = async (allocator: Allocator) => {
    const { allocation } = await held();
    const own = anAllocation({ ...allocation, answer: JsonText.of('an answer'), token: 'secret' });
    const { unlogged } = await allocator.payloads.inReport(subject, {
      ...{ incarnation: 1, process: null, clearedFence: 0, remark: '', heldUntil: null },
      ...{ failure: null, session: null, unlogged: { fence: 1, allocation: own } },
    });
    const { payloadKey = 0, token } = unlogged?.allocation ?? { token: null };
    const found = await allocator.payloads.decrypt(subject, { payloadKey, text: token ?? '' });
    return { before: allocation.payloadKey, payloadKey, found };
  };

  it('comes back with a session that the log lost together with its key', async () => {
    await allocate(await begin());
    await place.keys.erase((await held()).allocation.payloadKey ?? 0);
    const { before, payloadKey, found } = await restored(await place.startAllocator());
    expect(found).toEqual({ payload: JsonText.of('secret') });
    expect(payloadKey).not.toBe(before);
  });

  it('does not come back once it was forgotten', async () => {
    const allocator = await begin();
    await allocate(allocator);
    await forget(allocator, (await held()).allocation.payloadKey ?? 0);
    const { before, payloadKey, found } = await restored(await place.startAllocator());
    expect(found).toMatchObject({ forgotten: { by: 'ann (api)' } });
    expect(payloadKey).toBe(before);
  });

  it('is in the log only encrypted, and told to its requester, also by another allocator', async () => {
    const allocator = await begin();
    const answer = await allocate(allocator);
    expect(answer).toMatchObject({ status: 'allocated', token: 'secret' });
    expect(answer).not.toHaveProperty('tokenEncrypted');
    expect((await held()).allocation).toMatchObject({ tokenEncrypted: true });
    expect(JSON.stringify(await place.events())).not.toContain('secret');
    expect(await allocate(await place.startAllocator())).toEqual(answer);
  });

  it('is told as it is where it was recorded in clear, with a key or without', async () => {
    const keyed = await begin();
    await allocate(keyed);
    const { allocation, slot } = await held();
    const { payloadKey = 0, answer } = allocation;
    const old = { ...granted, slot: `eu.m.${slot}`, token: 'as of old' };
    const opened = (logged: AllocationAnswer) => keyed.payloads.opened(Promise.resolve(logged));
    expect(await opened({ ...old, payload: answer, payloadKey })).toMatchObject({
      ...{ token: 'as of old', payload: JsonText.of({ slot }) },
    });
    const plain = { ...old, payload: JsonText.null };
    expect(await opened(plain)).toEqual(plain);
  });

  it('is not encrypted because a machine says that it is', async () => {
    const allocator = await begin({});
    place.answers = { 's-1': null, 's-2': null };
    const asked = allocate(allocator);
    await place.pass(100);
    const { slot } = await held();
    const callback = { outcome: 'acked', answer: JsonText.null, token: 'x' } as const;
    const lie = { ...callback, tokenEncrypted: true } as const;
    await place.report(slot, 0, { session: aSession({ fence: 1, callback: lie }) });
    expect(await asked).toMatchObject({ status: 'allocated', token: 'x' });
    expect((await held()).allocation).not.toHaveProperty('tokenEncrypted');
  });
});

import { endpoints } from '#wire';
import { describe, expect, it } from '@jest/globals';
import { answer, client, clientForEach, refuse, type Asked } from '../test/played-allocator.js';
import { AllocatorAbsent } from './index.js';

clientForEach();

describe('the end of an allocation', () => {
  const onDeallocate = (...answers: readonly ((asked: Asked) => unknown)[]) =>
    answer(endpoints.deallocate.subject.of({ region: 'local' }), ...answers);
  const release = ({ allocationId }: Asked): unknown => ({
    status: 'deallocated',
    allocationId,
    slot: 'local.a.1',
  });

  it('resolves with the slot that is freed', async () => {
    const asked = onDeallocate(refuse('not-ready'), release);
    await expect(
      client.deallocate({ region: 'local', allocationId: 'match-1', reason: 'over', by: 'me' }),
    ).resolves.toEqual({ allocationId: 'match-1', slot: 'local.a.1' });
    expect(asked[1]).toEqual({
      region: 'local',
      allocationId: 'match-1',
      reason: 'over',
      by: 'me',
    });
  });

  it('is refused for an unknown allocation', async () => {
    onDeallocate(refuse('unknown-allocation'));
    const refusal = client.deallocate({ region: 'local', allocationId: 'match-1' });
    await expect(refusal).rejects.toMatchObject({ code: 'unknown-allocation' });
  });
});

describe('a direction', () => {
  const drain = { region: 'local', agent: 'a', direction: 'drain' } as const;

  it('resolves with the outcome for each slot', async () => {
    const slots = [
      { slot: 'local.a.1', outcome: 'done' },
      { slot: 'local.a.2', outcome: 'refused', code: 'not-now', message: 'no' },
    ];
    const asked = answer(endpoints.operate.subject.of({ region: 'local' }), () => ({
      status: 'directed',
      slots,
    }));
    await expect(client.direct({ ...drain, by: 'me' })).resolves.toEqual(slots);
    expect(asked).toEqual([{ ...drain, by: 'me', reason: '', force: false }]);
  });

  it('is refused for an unknown slot', async () => {
    answer(endpoints.operate.subject.of({ region: 'local' }), refuse('unknown-slot'));
    await expect(client.direct(drain)).rejects.toMatchObject({ code: 'unknown-slot' });
  });

  it('is not sent with force and without a reason', async () => {
    const refusal = client.direct({ ...drain, force: true });
    await expect(refusal).rejects.toMatchObject({ code: 'invalid' });
  });

  it('says so if nobody listens', async () => {
    await expect(client.direct(drain)).rejects.toThrow(AllocatorAbsent);
  });
});

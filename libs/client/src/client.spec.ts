import { Clock, type Cancel } from '#kernel';
import { MemoryBus } from '#memory';
import { granted } from '#testing';
import { endpoints, encodeJson, type RefusalCode } from '#wire';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AllocationUncertain, AllocatorAbsent, BerthClient, Refused } from './index.js';

interface Asked {
  readonly allocationId: string;
  readonly waitMs: number;
  readonly timeoutMs: number;
}

const SILENCE = Symbol('no answer');
const grant = ({ allocationId }: Asked): unknown => ({ ...granted, allocationId });
const refuse = (code: RefusalCode) => (): unknown => ({
  status: 'refused',
  code,
  message: 'because',
});

/** A clock whose time passes at once, as soon as anything waits for it. */
class HastyClock extends Clock {
  private time = 0;

  now(): number {
    return this.time;
  }

  after(delayMs: number, action: () => void): Cancel {
    const timer = setImmediate(() => {
      this.time += delayMs;
      action();
    });
    return () => clearImmediate(timer);
  }
}

let bus: MemoryBus;
let clock: HastyClock;
let client: BerthClient;
beforeEach(() => {
  clock = new HastyClock();
  bus = new MemoryBus(clock);
  client = new BerthClient(bus, { clock });
});
afterEach(() => client.close());

/** Plays the allocator: gives these answers in order, and repeats the last one. */
function answer(subject: string, ...answers: readonly ((asked: Asked) => unknown)[]): Asked[] {
  const asked: Asked[] = [];
  bus.subscribe(subject, (message) => {
    const request = JSON.parse(new TextDecoder().decode(message.body)) as Asked;
    asked.push(request);
    const reply = answers[Math.min(asked.length, answers.length) - 1]?.(request);
    if (reply !== SILENCE) message.respond(encodeJson(reply));
  });
  return asked;
}

const onAllocate = (...answers: readonly ((asked: Asked) => unknown)[]) =>
  answer(endpoints.allocate.subject.of({ region: 'local' }), ...answers);

const ids = (asked: readonly Asked[]) => new Set(asked.map(({ allocationId }) => allocationId));

describe('a request for a server', () => {
  it('resolves with the grant', async () => {
    onAllocate(grant);
    const allocation = await client.allocate({ region: 'local', allocationId: 'match-1' });
    const { status: _, ...rest } = granted;
    expect(allocation).toEqual({
      ...rest,
      allocationId: 'match-1',
      payloadText: '{"ready":true}',
    });
  });

  it('names its only fleet in the way that allocators of version 0.2 know', async () => {
    const asked = onAllocate(grant);
    await client.allocate({ region: 'local', fleets: ['harbour'] });
    await client.allocate({ region: 'local', fleets: ['harbour', 'marina'] });
    expect(asked[0]).toMatchObject({ fleet: 'harbour' });
    expect(asked[0]).not.toHaveProperty('fleets');
    expect(asked[1]).toMatchObject({ fleets: ['harbour', 'marina'] });
  });

  it('carries its fields, and defaults for the others', async () => {
    const asked = onAllocate(grant);
    await client.allocate({
      region: 'local',
      attributes: { map: 'docks' },
      payload: { mode: 'ctf' },
      fleet: 'harbour',
      idleTtlMs: 60_000,
      timeoutMs: 2_000,
    });
    expect(asked).toEqual([
      {
        allocationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        region: 'local',
        attributes: { map: 'docks' },
        payload: { mode: 'ctf' },
        fleet: 'harbour',
        idleTtlMs: 60_000,
        restart: false,
        waitMs: 0,
        timeoutMs: 2_000,
      },
    ]);
  });

  it.each<RefusalCode>(['not-ready', 'timed-out'])(
    'is repeated with the same id after %s',
    async (code) => {
      const asked = onAllocate(refuse(code), refuse(code), grant);
      const { allocationId } = await client.allocate({ region: 'local' });
      expect(asked).toHaveLength(3);
      expect(ids(asked)).toEqual(new Set([allocationId]));
    },
  );

  it('is repeated with the same id if there was no answer', async () => {
    const asked = onAllocate(() => SILENCE, grant);
    const { allocationId } = await client.allocate({ region: 'local' });
    expect(asked).toHaveLength(2);
    expect(ids(asked)).toEqual(new Set([allocationId]));
  });

  it('is repeated until an allocator is there', async () => {
    const waiting = client.allocate({ region: 'local', allocationId: 'match-1' });
    setImmediate(() => onAllocate(grant));
    expect((await waiting).allocationId).toBe('match-1');
  });

  it.each<RefusalCode>(['invalid', 'none-available', 'callback-failed', 'ended'])(
    'fails at once if it is refused with %s',
    async (code) => {
      const asked = onAllocate(refuse(code));
      const refusal = client.allocate({ region: 'local', allocationId: 'match-1' });
      await expect(refusal).rejects.toThrow(Refused);
      await expect(refusal).rejects.toMatchObject({ code, allocationId: 'match-1' });
      expect(asked).toHaveLength(1);
    },
  );

  it('fails without being sent if it is invalid', async () => {
    const asked = onAllocate(grant);
    const refusal = client.allocate({ region: 'a.b' });
    await expect(refusal).rejects.toMatchObject({ name: 'Refused', code: 'invalid' });
    expect(asked).toHaveLength(0);
  });

  it('stays uncertain, with its id, if there is no verdict in time', async () => {
    onAllocate(refuse('timed-out'));
    const uncertain = client.allocate({ region: 'local', allocationId: 'match-1' });
    await expect(uncertain).rejects.toThrow(AllocationUncertain);
    await expect(uncertain).rejects.toMatchObject({ allocationId: 'match-1' });
  });

  it('stays uncertain if an attempt was unanswered, whatever the last answer says', async () => {
    onAllocate(refuse('timed-out'), refuse('not-ready'));
    await expect(client.allocate({ region: 'local' })).rejects.toThrow(AllocationUncertain);
  });

  it('stays uncertain if its answer cannot be read', async () => {
    onAllocate(() => ({ status: 'granted' }));
    await expect(client.allocate({ region: 'local' })).rejects.toThrow(AllocationUncertain);
  });

  it('is refused with the last reason when its time is over', async () => {
    onAllocate(refuse('not-ready'));
    const refusal = client.allocate({ region: 'local', timeoutMs: 500 });
    await expect(refusal).rejects.toMatchObject({ name: 'Refused', code: 'not-ready' });
    expect(clock.now()).toBeLessThanOrEqual(500);
  });

  it('says so if nobody listened during the whole time', async () => {
    const absent = client.allocate({ region: 'mars' });
    await expect(absent).rejects.toThrow(AllocatorAbsent);
    await expect(absent).rejects.toThrow('no allocator is running for region mars');
  });

  it('can be cancelled while it waits', async () => {
    const abort = new AbortController();
    onAllocate(() => SILENCE);
    const waiting = client.allocate({ region: 'local' }, { signal: abort.signal });
    setImmediate(() => abort.abort(new Error('the lobby is empty')));
    await expect(waiting).rejects.toThrow('the lobby is empty');
  });

  it('waits, and is repeated with the rest of its wait', async () => {
    const asked = onAllocate(() => SILENCE, grant);
    const options = { region: 'local', allocationId: 'match-1', waitMs: 120_000 };
    expect(await client.allocate(options)).toMatchObject({ allocationId: 'match-1' });
    expect(asked.map(({ timeoutMs }) => timeoutMs)).toEqual([15_000, 15_000]);
    expect(asked[0]?.waitMs).toBe(120_000);
    expect(asked[1]?.waitMs).toBeLessThan(115_000);
    expect(asked[1]?.waitMs).toBeGreaterThan(110_000);
  });

  it('fails at once if too many requests wait', async () => {
    const asked = onAllocate(refuse('shed'));
    const refusal = client.allocate({ region: 'local', waitMs: 1_000 });
    await expect(refusal).rejects.toMatchObject({ name: 'Refused', code: 'shed' });
    expect(asked).toHaveLength(1);
  });

  it('frees its place when it is cancelled while it waits', async () => {
    const abort = new AbortController();
    onAllocate(() => SILENCE);
    const cancelled = answer(endpoints.cancel.subject.of({ region: 'local' }));
    const options = { region: 'local', allocationId: 'match-1', waitMs: 600_000 };
    const waiting = client.allocate(options, { signal: abort.signal });
    setImmediate(() => abort.abort(new Error('the lobby is empty')));
    await expect(waiting).rejects.toThrow('the lobby is empty');
    expect(cancelled).toEqual([{ allocationId: 'match-1' }]);
  });

  it('is released if its caller cancelled it and does not know its id', async () => {
    const abort = new AbortController();
    const asked = onAllocate(() => SILENCE);
    const ended = answer(
      endpoints.deallocate.subject.of({ region: 'local' }),
      refuse('unknown-allocation'),
      ({ allocationId }) => ({ status: 'deallocated', allocationId, slot: 'local.m.1' }),
    );
    const waiting = client.allocate({ region: 'local' }, { signal: abort.signal });
    setImmediate(() => abort.abort(new Error('the lobby is empty')));
    await expect(waiting).rejects.toThrow('the lobby is empty');
    await client.close();
    expect(ended).toHaveLength(2);
    expect(ids(ended)).toEqual(ids(asked));
  });

  it('is not sent if it was cancelled before', async () => {
    const asked = onAllocate(grant);
    const signal = AbortSignal.abort();
    await expect(client.allocate({ region: 'local' }, { signal })).rejects.toThrow('abort');
    expect(asked).toHaveLength(0);
  });
});

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

import { JsonText } from '#json';
import { TransientError } from '#kernel';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  setAsideSubject,
  allocationResult,
  decodeJson,
  encodeJson,
  refusalRecord,
  refusalSubject,
  resultSubject,
  setAsideRecord,
  type AllocationResult,
} from '#wire';
import { aRequest, TestRegion } from '../../test/support/region.js';

const region = 'eu';

let place: TestRegion;
beforeEach(() => {
  place = new TestRegion();
});
afterEach(() => place.close());

function publish(allocationId: string, change: object = {}): Promise<void> {
  return place.requests.publish(allocationId, encodeJson({ allocationId, ...change }));
}

/** Waits until the store has something on this subject, and returns it. */
async function recorded(subject: string): Promise<Uint8Array> {
  for (let turns = 0; turns < 2_000; turns += 1) {
    const body = await place.outcomes.last(subject);
    if (body !== undefined) return body;
    await place.pass(50);
  }
  throw new Error(`nothing is recorded on ${subject}`);
}

async function resultOf(allocationId: string): Promise<AllocationResult> {
  return decodeJson(allocationResult, await recorded(resultSubject(region, allocationId)));
}

describe('a published request', () => {
  test('is served, and its result is found by its id, whatever characters the id holds', async () => {
    await place.startAllocator();
    await place.own('1');
    const publishedAt = place.clock.now();
    await publish('match/1.*>');
    expect(await resultOf('match/1.*>')).toMatchObject({
      allocationId: 'match/1.*>',
      publishedAt,
      answer: { status: 'allocated', allocationId: 'match/1.*>', slot: 'eu.m.1' },
    });
  });

  test('is served even if no allocator ran when it was published', async () => {
    const first = await place.startAllocator();
    await place.own('1');
    place.stop(first);
    await publish('match-1');
    await place.pass(60_000);
    await place.startAllocator();
    expect((await resultOf('match-1')).answer).toMatchObject({ status: 'allocated' });
  });

  test('waits for its turn, and is not served twice', async () => {
    await place.startAllocator();
    await place.startAllocator();
    place.agent.sessionMs = 1_000;
    await place.own('1');
    const ids = Array.from({ length: 20 }, (_, index) => `match-${index}`);
    for (const id of ids) await publish(id);
    for (const id of ids) {
      expect((await resultOf(id)).answer).toMatchObject({ status: 'allocated', allocationId: id });
    }
    expect((await place.claims()).sort()).toEqual([...ids].sort());
  });

  test('is recorded as expired when its time is over', async () => {
    await place.startAllocator();
    await publish('match-1', { waitMs: 5_000 });
    const { answer, publishedAt, answeredAt } = await resultOf('match-1');
    expect(answer).toMatchObject({ status: 'refused', code: 'expired' });
    expect(answeredAt - publishedAt).toBeGreaterThanOrEqual(5_000);
    const refused = decodeJson(refusalRecord, await recorded(refusalSubject(region, 'match-1')));
    expect(refused).toMatchObject({ allocationId: 'match-1', code: 'none-available' });
  });

  test('is recorded as expired, and not served, if no allocator ran for too long', async () => {
    const first = await place.startAllocator();
    await place.own('1');
    place.stop(first);
    await publish('match-1', { waitMs: 5_000 });
    await place.pass(10_000);
    await place.startAllocator();
    expect((await resultOf('match-1')).answer).toMatchObject({ code: 'expired' });
    expect(await place.claims()).toEqual([]);
  });

  test('is served once if the allocator that took it died', async () => {
    await publish('match-1', { waitMs: 5_000 });
    // A consumer that takes the request and never settles it, like an allocator that died.
    const dead = await place.requests.consume(() => undefined, 1);
    await place.pass(50);
    dead.close();
    const one = await place.startAllocator();
    await place.own('1', '2');
    const claimed = await place.kept(one.claims.allocate(aRequest('match-1')));
    expect((await resultOf('match-1')).answer).toEqual(claimed);
    expect(await place.claims()).toEqual(['match-1']);
  });

  test('keeps the answer that was recorded, though it is delivered again', async () => {
    const consume = place.requests.consume.bind(place.requests);
    let unsettled = 0;
    place.requests.consume = (receive, most) =>
      consume((queued) => {
        const done = () => {
          unsettled += 1;
          return unsettled === 1 ? Promise.reject(new TransientError('no answer')) : queued.done();
        };
        receive({ ...queued, done });
      }, most);
    const one = await place.startAllocator();
    await place.own('1');
    await publish('match-1');
    const first = await resultOf('match-1');
    const end = { region, allocationId: 'match-1', reason: 'over', by: 'test' };
    await place.kept(one.deallocations.deallocate(end));
    await place.pass(40_000);
    expect(unsettled).toBe(2);
    expect(await resultOf('match-1')).toEqual(first);
    expect(first.answer).toMatchObject({ status: 'allocated' });
  });

  test('is given back by an allocator that stops', async () => {
    const first = await place.startAllocator();
    await publish('match-1');
    await place.pass(1_000);
    expect(first.waiting).toBe(1);
    place.stop(first);
    await place.startAllocator();
    await place.own('1');
    expect((await resultOf('match-1')).answer).toMatchObject({ status: 'allocated' });
  });

  test('is served after an outage of the store, however many deliveries fail meanwhile', async () => {
    await place.startAllocator();
    await place.own('1');
    const { outcomes } = place;
    const record = outcomes.record.bind(outcomes);
    let failures = 0;
    outcomes.record = async (subject, body) => {
      if (subject === resultSubject(region, 'match-1')) failures += 1;
      if (failures <= 10) throw new TransientError('JetStream does not answer');
      return record(subject, body);
    };
    await publish('match-1');
    await place.pass(20_000);
    expect((await resultOf('match-1')).answer).toMatchObject({ status: 'allocated' });
    expect(failures).toBe(11);
  });

  test('keeps waiting after it joined a request with its id and a shorter wait', async () => {
    const one = await place.startAllocator();
    await place.own('1');
    await place.kept(one.claims.allocate(aRequest('first')));
    const impatient = one.claims.allocate(aRequest('match-1', { waitMs: 5_000 }));
    await publish('match-1', { waitMs: 60_000 });
    expect(await place.kept(impatient)).toMatchObject({ code: 'none-available' });
    await place.pass(10_000);
    await place.kept(
      one.deallocations.deallocate({ ...{ region, reason: '', by: '' }, allocationId: 'first' }),
    );
    expect((await resultOf('match-1')).answer).toMatchObject({ status: 'allocated' });
  });

  test('that is invalid is refused under its id, and set aside', async () => {
    await place.startAllocator();
    const publishedAt = place.clock.now();
    await publish('match-1', { waitMs: -1 });
    expect((await resultOf('match-1')).answer).toMatchObject({ code: 'invalid' });
    const aside = await recorded(setAsideSubject(region, publishedAt));
    expect(decodeJson(setAsideRecord, aside).reason).toMatch(/^waitMs: /);
  });

  test('that cannot be read is set aside, and does not block others', async () => {
    await place.startAllocator();
    await place.own('1');
    const publishedAt = place.clock.now();
    await place.requests.publish('poison', new TextEncoder().encode('not JSON'));
    await publish('match-1');
    expect((await resultOf('match-1')).answer).toMatchObject({ status: 'allocated' });
    const aside = await recorded(setAsideSubject(region, publishedAt));
    expect(decodeJson(setAsideRecord, aside)).toMatchObject({
      reason: expect.stringMatching(/^not JSON/),
      body: 'not JSON',
    });
  });

  test('is set aside without its text where payloads are encrypted', async () => {
    place = new TestRegion({ encryptsPayloads: true });
    await place.startAllocator();
    const publishedAt = place.clock.now();
    await publish('match-1', { waitMs: -1, payload: 'a secret' });
    expect((await resultOf('match-1')).answer).toMatchObject({ code: 'invalid' });
    const aside = await recorded(setAsideSubject(region, publishedAt));
    expect(decodeJson(setAsideRecord, aside).body).toMatch(/^\(\d+ bytes, not kept/);
  });
});

describe('the result of a published request whose payload is encrypted', () => {
  test('is encrypted for its id: with it nothing of the log is decrypted, nor another result', async () => {
    place = new TestRegion({ encryptsPayloads: true });
    const { payloads } = await place.startAllocator();
    await place.own('1');
    await publish('match-1', { payload: 'a secret' });
    const { answer } = await resultOf('match-1');
    if (answer.status !== 'allocated') throw new Error('it is not served');
    const { payload, token: text, payloadKey = 0, slot } = answer;
    const last = await place.log.last('slot.eu.m.1');
    const allocation = last?.kind === 'recorded' && last.record.state.context.allocation;
    if (!allocation) throw new Error('the slot holds nothing');
    const own = resultSubject(region, 'match-1');
    const answered = String(payload.value());
    const open = (subject: string, text: string) => payloads.decrypt(subject, { payloadKey, text });
    expect(await open(own, text)).toEqual({ payload: JsonText.of('secret') });
    expect(await open(own, answered)).toEqual({ payload: JsonText.of({ slot: '1' }) });
    const logged = [allocation.payload, allocation.answer].map((one) => String(one.value()));
    for (const foreign of [...logged, allocation.token ?? '']) {
      expect(await open(own, foreign)).toHaveProperty('forgotten');
      expect(await open(`slot.${slot}`, foreign)).toHaveProperty('payload');
    }
    expect(await open(resultSubject(region, 'match-2'), text)).toHaveProperty('forgotten');
  });
});

describe('a refusal for lack of servers', () => {
  test('is recorded: who asked for what, when, and why it was not served', async () => {
    const one = await place.startAllocator();
    const askedAt = place.clock.now();
    const change = { by: 'lobby-7', fleet: 'harbour', attributes: { map: 'peaks' } };
    await place.kept(one.claims.allocate(aRequest('match-1', change)));
    const record = decodeJson(refusalRecord, await recorded(refusalSubject(region, 'match-1')));
    expect(record).toEqual({
      allocationId: 'match-1',
      region,
      ...change,
      buildConfiguration: null,
      askedAt,
      refusedAt: expect.any(Number),
      code: 'none-available',
      message:
        'no server with fleet=harbour, map=peaks is available in region eu: no slot that fits is registered',
      allocator: one.id,
    });
  });
});

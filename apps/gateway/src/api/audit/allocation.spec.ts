import { ManualClock, MemoryEventLog, MemoryOutcomeStore } from '#memory';
import { anEvent, past, START } from '#testing';
import { encodeJson, refusalSubject, slotRecordCodec, type RefusalRecord } from '#wire';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { recordOn, TestGateway } from '../../../test/support/gateway.js';
import { TestTokens, bearer } from '../../../test/support/tokens.js';

const refusal: RefusalRecord = {
  ...{ allocationId: 'match-9', region: 'local', by: 'ann', fleet: 'harbor', attributes: {} },
  ...{ buildConfiguration: null, askedAt: START, refusedAt: START, code: 'unknown-fleet' },
  ...{ message: 'no fleet harbor is known', allocator: 'allocator-1' },
};

let gateway: TestGateway;
let tokens: TestTokens;
/** Tokens of one who may see payloads, and of one who may not. */
let matchmaker: string;
let auditor: string;
let outcomes: MemoryOutcomeStore;
let archive: MemoryEventLog<Parameters<typeof slotRecordCodec.encode>[1]>;

beforeEach(async () => {
  tokens = await TestTokens.create();
  matchmaker = await tokens.add(['audit', 'allocate']);
  auditor = await tokens.add(['audit']);
  outcomes = new MemoryOutcomeStore();
  archive = new MemoryEventLog(slotRecordCodec, { clock: new ManualClock() });
  gateway = await TestGateway.start(
    { BERTH_TOKENS: tokens.path },
    { outcomesOf: () => outcomes, openArchive: () => Promise.resolve(archive) },
  );
});
afterEach(async () => {
  await gateway.close();
  await tokens.remove();
});

const asked = (id: string, token = auditor) =>
  gateway.get(`/v1/audit/allocations/${id}`, { headers: bearer(token) });

describe('GET /v1/audit/allocations/{id}', () => {
  it('tells of each slot that was tried, without the token', async () => {
    const refused = anEvent('CallbackRefused', { failedStarts: 1 });
    await gateway.record('local.a.1', [...past.awaiting, refused]);
    const again = anEvent('AllocationRequested', { attempt: 2 });
    await gateway.record('local.a.2', [...past.warm, again, anEvent('CallbackAcked')]);
    const { status, body } = await asked('match-1', matchmaker);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...{ allocationId: 'match-1', region: 'local', status: 'allocated', askedBy: 'matchmaker' },
      ...{ requestPayload: { map: 'docks' }, payload: { ready: true }, requestBytes: 15 },
      attempts: [
        { slot: 'local.a.1', left: { by: 'CallbackRefused', outcome: 'failed' } },
        { slot: 'local.a.2', attempt: 2, left: null },
      ],
      refusal: null,
    });
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  describe('asks the index where its slots were', () => {
    const claim = {
      ...{ allocationId: 'match-1', requestedBy: 'matchmaker', fleet: 'harbour' },
      ...{ buildConfiguration: 'harbour-1', requestedAt: START, acknowledgedAt: null, end: null },
    };
    const one = { ...claim, slot: 'local.a.1', attempt: 1 };
    const two = { ...claim, slot: 'local.a.2', attempt: 2 };
    /** The sequences of the two claims. */
    let claimed: readonly [number, number];

    beforeEach(async () => {
      const refused = anEvent('CallbackRefused', { failedStarts: 1 });
      await gateway.record('local.a.1', [...past.awaiting, refused, anEvent('SlotCleared')]);
      const first = past.awaiting.length;
      const again = anEvent('AllocationRequested', { attempt: 2 });
      await gateway.record('local.a.2', [...past.warm, again, anEvent('CallbackAcked')]);
      claimed = [first, first + 2 + past.warm.length + 1];
    });

    const indexed = (claims: readonly object[], lagEvents: number | null) =>
      gateway.answer('indexedClaims', () => ({ status: 'claims', claims, lagEvents }));

    it('and reads no other events', async () => {
      const asks = indexed(
        [
          { ...two, sequence: claimed[1] },
          { ...one, sequence: claimed[0] },
        ],
        7,
      );
      const { body } = await asked('match-1');
      const { body: read } = await asked('match-1?region=local');
      expect(body).toEqual(read);
      expect(body).toMatchObject({
        status: 'allocated',
        attempts: [
          { slot: 'local.a.1', left: { outcome: 'failed' }, clearedAt: START },
          { slot: 'local.a.2', attempt: 2, left: null },
        ],
        source: { kind: 'index', lagEvents: 7 },
      });
      expect(asks[0]).toEqual({ allocationId: 'match-1', everyAttempt: true, limit: 100 });
    });

    it.each([
      ['does not know it', [], 0],
      ['does not know how far it is behind', [two, one], null],
      ['may lack the slot that was tried last', [one], 3],
    ])('and reads the history if it %s', async (_, claims, lagEvents) => {
      const at = (claim: typeof one) => ({ ...claim, sequence: claimed[claim.attempt - 1] });
      indexed(claims.map(at), lagEvents);
      const { body } = await asked('match-1');
      expect(body.attempts).toHaveLength(2);
      expect(body.source).toMatchObject({ kind: 'history', lagEvents: null });
    });

    it('and says that no auditor answers', async () => {
      const { body } = await asked('match-1');
      expect(body.source.because).toContain('no auditor is running');
    });
  });

  it('shows payloads only to who may ask for sessions, and their sizes to all', async () => {
    await gateway.record('local.a.1', past.live);
    const { body } = await asked('match-1');
    expect(body).toMatchObject({
      ...{ requestPayload: '[redacted]', payload: '[redacted]', requestBytes: 15, answerBytes: 14 },
    });
  });

  it('tells why a request was never served', async () => {
    await outcomes.record(refusalSubject('local', 'match-9'), encodeJson(refusal));
    const { body } = await asked('match-9');
    expect(body).toMatchObject({
      ...{ status: 'refused', askedBy: 'ann', asked: { fleet: 'harbor' }, attempts: [] },
      refusal: { code: 'unknown-fleet', message: 'no fleet harbor is known' },
    });
  });

  it('finds what only the archive has, and goes on in the log', async () => {
    for (const log of [archive, gateway.log]) await recordOn(log, 'local.a.1', past.awaiting);
    await gateway.log.forget('slot.local.a.1', 2);
    await gateway.log.forget('slot.local.a.1', 3);
    const { body } = await asked('match-1');
    expect(body).toMatchObject({ status: 'pending', attempts: [{ slot: 'local.a.1' }] });
  });

  it('answers 404 for an id that nothing mentions, or only as a part of another', async () => {
    await gateway.record('local.a.1', past.live);
    for (const id of ['match', 'match-12']) {
      const { status, body } = await asked(id);
      expect({ status, code: body.code }).toEqual({ status: 404, code: 'unknown-allocation' });
    }
  });

  it('refuses a region that is not shown', async () => {
    expect((await asked('match-1?region=mars')).status).toBe(404);
  });
});

describe('GET /v1/audit/allocations/{id}/why', () => {
  const why = (id: string) =>
    gateway.get(`/v1/audit/allocations/${id}/why`, { headers: bearer(auditor) });

  it('recomputes the choice from the slots as they were', async () => {
    const grounds = { fitted: 2, alike: 1, by: 'process', process: 'ready' };
    await gateway.record('local.a.1', past.cold);
    await gateway.record('local.a.2', [
      ...past.warm,
      anEvent('AllocationRequested', { grounds }),
      anEvent('CallbackAcked'),
    ]);
    const { body } = await why('match-1');
    expect(body).toMatchObject({
      ...{ allocationId: 'match-1', region: 'local' },
      choices: [
        {
          slot: 'local.a.2',
          verdict: 'same',
          recorded: grounds,
          recomputed: grounds,
          behind: null,
        },
      ],
    });
  });

  it('has no choice to tell of if no slot was given, and 404 for an unknown id', async () => {
    await outcomes.record(refusalSubject('local', 'match-9'), encodeJson(refusal));
    expect((await why('match-9')).body.choices).toEqual([]);
    expect((await why('match-8')).status).toBe(404);
  });
});

import type { StoredMessage } from '#kernel';
import { createLogger, SystemClock } from '#service-runtime';
import { storedLog } from '#testing';
import {
  actionsRequest,
  claimsRequest,
  type Action,
  type ClaimPlace,
  type IndexedClaim,
} from '#wire';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StoredRegion } from '../../test/support/stored-region.js';
import { openHistory } from '../open-history.js';
import { IndexFiles } from './index-files.js';
import { RegionIndex } from './region-index.js';

const log: readonly StoredMessage[] = [...storedLog({ slots: 20, sessions: 10 })];
/** Where one of two writers stops, in the middle of sessions. */
const half = Math.floor(log.length / 2);

let region: StoredRegion;
let folder: string;
let indexes: RegionIndex[] = [];

beforeAll(async () => void (region = await StoredRegion.start()));
afterAll(() => region.stop());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'berth-index-'));
});
afterEach(async () => {
  for (const index of indexes) index.close();
  indexes = [];
  rmSync(folder, { recursive: true, force: true });
  await region.clear();
});

function start(): RegionIndex {
  const clock = new SystemClock();
  const index = new RegionIndex(region.name, {
    files: new IndexFiles(folder, region.name),
    open: () => openHistory(region.name, region.connection, clock),
    ...{ clock, logger: createLogger('test', 'silent') },
  });
  indexes.push(index);
  index.start();
  return index;
}

async function eventually(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((later) => setTimeout(later, 20));
}

async function read(index: RegionIndex, sequence: number): Promise<void> {
  await eventually(() => index.unbuiltBecause === null && index.state.readTo >= sequence);
}

function claimsIn(index: RegionIndex): readonly IndexedClaim[] {
  const answer = index.find(claimsRequest.parse({ limit: 1_000, everyAttempt: true }));
  if (answer.status !== 'claims') throw new Error(answer.message);
  return answer.claims;
}

/** All pages of the claims that a question finds. */
function pagesOf(index: RegionIndex, question: object) {
  const pages: (readonly IndexedClaim[])[] = [];
  let after: ClaimPlace | undefined;
  do {
    const answer = index.find(claimsRequest.parse({ ...question, limit: 7, after }));
    if (answer.status !== 'claims') throw new Error(answer.message);
    pages.push(answer.claims);
    after = answer.next;
  } while (after !== undefined);
  return pages;
}

function actionsIn(index: RegionIndex, question: object) {
  const pages: (readonly Action[])[] = [];
  for (let after = 0; ;) {
    const answer = index.actions(actionsRequest.parse({ ...question, limit: 7, after }));
    if (answer.status !== 'actions') throw new Error(answer.message);
    pages.push(answer.actions);
    if (answer.isWhole) return pages;
    after = answer.actions.at(-1)!.sequence;
  }
}

/** What an index answers to a question of each kind; each finds some of what there is. */
function answersOf(index: RegionIndex) {
  const all = claimsIn(index);
  const [since, until] = [all.at(-50)!.requestedAt, all[50]!.requestedAt];
  const claims = [
    ...[{}, { everyAttempt: true }, { since, until }, { fleet: 'harbour' }],
    ...all.map(({ allocationId }) => ({ allocationId, everyAttempt: true })),
    ...[{ requestedBy: 'token-1' }, { requestedBy: 'token-1 (api): lobby' }, { face: 'api' }],
    ...['CallbackTimedOut', 'ExitedZero', 'DeallocationRequested'].map((endedBy) => ({ endedBy })),
    ...[{ reason: 'over' }, { requestedBy: 'token-2', endedBy: 'ExitedZero', since }],
  ].map((question) => ({ question, answer: pagesOf(index, question) }));
  const actions = [
    ...[{}, { requests: true }, { requests: true, by: 'token-0' }],
    ...[{ since }, { until }, { requests: true, face: 'api', since, until }],
  ].map((question) => ({ question, answer: actionsIn(index, question) }));
  for (const { question, answer } of [...claims, ...actions]) {
    expect({ question, found: answer.flat().length }).not.toMatchObject({ found: 0 });
  }
  return { claims, actions };
}

const textOf = (message: StoredMessage | undefined) => Buffer.from(message?.body ?? []).toString();

describe('The index of a region', () => {
  it('has every claim of the log with its end, and follows what is written', async () => {
    await region.openLog();
    await region.store(log.slice(0, half));
    const index = start();
    await read(index, half);
    await region.store(log.slice(half));
    await read(index, log.length);
    const claims = claimsIn(index);
    expect(claims).toHaveLength(200);
    expect(new Set(claims.map(({ allocationId }) => allocationId)).size).toBe(200);
    const ends = claims.map(({ end }) => end?.by);
    expect(new Set(ends)).toEqual(
      new Set(['CallbackTimedOut', 'ExitedZero', 'DeallocationRequested']),
    );
    for (const { sequence, slot, end, requestedAt, acknowledgedAt } of claims) {
      const [claimed, ended] = [log[sequence - 1], log[(end?.sequence ?? 0) - 1]];
      expect([claimed?.subject, ended?.subject]).toEqual([`slot.${slot}`, `slot.${slot}`]);
      expect(textOf(claimed)).toContain('AllocationRequested');
      expect(textOf(ended)).toContain(`berth.slot.${end?.by}`);
      expect(end?.outcome).toBe(acknowledgedAt === null ? 'failed' : 'over');
      expect(end?.at).toBeGreaterThan(requestedAt);
    }
    await eventually(() => index.state.lagEvents === 0);
  });

  it('gives the same answers when it was deleted and built anew', async () => {
    await region.openLog();
    await region.openArchive();
    await region.store(log);
    await region.archived(log.length);
    const first = start();
    await read(first, log.length);
    const before = answersOf(first);
    first.close();
    // What the log has forgotten is read from the archive.
    await region.manager.streams.purge(region.stream, { filter: log[0]!.subject });
    rmSync(folder, { recursive: true });
    folder = mkdtempSync(join(tmpdir(), 'berth-index-'));
    const second = start();
    await read(second, log.length);
    expect(answersOf(second)).toEqual(before);
    expect(second.rebuilds).toBe(0);
  });

  it('is built anew on demand, and answers meanwhile', async () => {
    await region.openLog();
    await region.store(log);
    const index = start();
    await read(index, log.length);
    const before = claimsIn(index);
    const built = index.state.built?.at ?? 0;
    index.rebuild();
    index.rebuild();
    expect(index.state.building).toMatchObject({ readTo: 0 });
    expect(claimsIn(index)).toEqual(before);
    await eventually(() => (index.state.built?.at ?? 0) > built);
    expect(claimsIn(index)).toEqual(before);
    expect(index.state.built?.events).toBe(log.length);
    expect(index.rebuilds).toBe(1);
    expect(readdirSync(folder).filter((name) => name.endsWith('.sqlite'))).toEqual(['eu.2.sqlite']);
  });

  it('goes on where it was, also with sessions that were under way', async () => {
    await region.openLog();
    await region.store(log.slice(0, half));
    const first = start();
    await read(first, half);
    first.close();
    await region.store(log.slice(half));
    const second = start();
    await read(second, log.length);
    expect(second.state.built?.events).toBe(half);
    const claims = claimsIn(second);
    second.close();
    rmSync(folder, { recursive: true });
    folder = mkdtempSync(join(tmpdir(), 'berth-index-'));
    const third = start();
    await read(third, log.length);
    expect(claimsIn(third)).toEqual(claims);
  });

  it.each([
    ['shorter', (other: readonly StoredMessage[]) => other.slice(0, half)],
    ['longer', (other: readonly StoredMessage[]) => other],
  ])('is thrown away if the log is another one, %s than it was', async (_, part) => {
    await region.openCopy();
    await region.store(log.slice(0, half + 10));
    const first = start();
    await read(first, half + 10);
    first.close();
    await region.manager.streams.delete(region.stream);
    await region.openCopy();
    const other = part([...storedLog({ slots: 21, sessions: 10 })]);
    await region.store(other);
    const second = start();
    await eventually(() => second.rebuilds === 1);
    await read(second, other.length);
    const slots = new Set(claimsIn(second).map(({ slot }) => slot));
    expect(slots.size).toBe(21);
  });

  it('is thrown away if the log goes back while it is followed', async () => {
    await region.openCopy();
    await region.store(log);
    const index = start();
    await read(index, log.length);
    await region.manager.streams.delete(region.stream);
    await region.openCopy();
    const other = [...storedLog({ slots: 3, sessions: 2 })];
    await region.store(other);
    await eventually(() => index.rebuilds > 0);
    await read(index, other.length);
    expect(claimsIn(index)).toHaveLength(6);
  }, 40_000);

  it('is built anew if its file is damaged', async () => {
    await region.openLog();
    await region.store(log);
    writeFileSync(join(folder, 'eu.7.sqlite'), 'no database. '.repeat(1_000));
    const index = start();
    await read(index, log.length);
    expect(claimsIn(index)).toHaveLength(200);
  });

  it('says that it is being built until it has read all, and waits for a log', async () => {
    const index = start();
    expect(index.find(claimsRequest.parse({}))).toMatchObject({
      status: 'refused',
      code: 'not-ready',
      message: 'the index of region eu is being built',
    });
    await region.openLog();
    await read(index, 0);
    expect(claimsIn(index)).toEqual([]);
    expect(index.state.lagEvents).toBe(0);
  });

  it('is not behind events that the log has removed', async () => {
    await region.openLog();
    await region.store(log);
    await region.manager.streams.purge(region.stream, { filter: log.at(-1)!.subject });
    const index = start();
    await eventually(() => index.state.built !== null);
    await eventually(() => index.state.lagEvents === 0);
    expect(index.state.readTo).toBeLessThan(log.length);
  });
});

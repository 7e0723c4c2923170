import { actionOf } from '#audit';
import { storedLog } from '#testing';
import { actionsRequest, isAskedBy, slotRecordCodec, type Action } from '#wire';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClaimsDatabase } from './claims-database.js';
import { indexedRecordCodec } from './indexed-record.js';

const log = [...storedLog({ slots: 9, sessions: 6 })];
const progress = { sequence: log.length, recordedAt: 0, mark: 'end' };
const ofProject = { slot: 'eu.m-1.1', at: 1, event: 'DrainRequested', reason: 'an upgrade' };
/** All that a reading of the whole log finds. */
const scanned: readonly Action[] = [
  ...log.flatMap(({ sequence, subject, body }) => {
    return actionOf(sequence, subject, slotRecordCodec.decode(subject, body)) ?? [];
  }),
  { ...ofProject, sequence: log.length + 1, by: 'ops (acme, api): ann' },
  { ...ofProject, sequence: log.length + 2, by: 'ops (acme, gamefabric)' },
  { ...ofProject, sequence: log.length + 3, by: 'ops (gamefabric)' },
];

let folder: string;
let database: ClaimsDatabase;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'berth-actions-'));
  database = new ClaimsDatabase(join(folder, 'eu.1.sqlite'));
  database.write([], progress, indexed());
});
afterAll(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What the index makes of the log, of which it does not read everything. */
function indexed(): readonly Action[] {
  const found = log.flatMap(({ sequence, subject, body }) => {
    const { record } = indexedRecordCodec.decode(subject, body);
    return (record && actionOf(sequence, subject, record)) ?? [];
  });
  return [...found, ...scanned.slice(-3)];
}

const find = (request: object) => database.actions.find(actionsRequest.parse(request));

describe('Actions in the index', () => {
  it.each([
    {},
    { requests: true },
    { by: 'token-1', requests: true },
    { by: 'token-1 (api): lobby', requests: true },
    { by: 'token-1 (api): queue', requests: true },
    { by: 'ops' },
    { project: 'acme' },
    { face: 'gamefabric' },
    { by: 'ops', project: 'acme', face: 'api' },
    { since: scanned[20]!.at, until: scanned[60]!.at, requests: true },
  ])('are those that a reading of the log finds: %j', (request) => {
    const { requests, since, until, ...asker } = actionsRequest.parse(request);
    const expected = scanned.filter(
      ({ at, by, event }) =>
        (requests || event !== 'AllocationRequested') &&
        at >= (since ?? 0) &&
        at < (until ?? Infinity) &&
        isAskedBy(by, asker),
    );
    expect(find(request)).toEqual({ actions: expected, isWhole: true });
  });

  it('come in pages that neither repeat nor leave out any', () => {
    const seen: Action[] = [];
    for (let after = 0; ;) {
      const { actions, isWhole } = find({ requests: true, after, limit: 7 });
      seen.push(...actions);
      if (isWhole) break;
      after = actions.at(-1)!.sequence;
    }
    expect(seen).toEqual(scanned);
  });

  it('are written once, and forgotten with the events before a sequence', () => {
    database.write([], progress, scanned);
    expect(find({ requests: true }).actions).toEqual(scanned);
    database.forget(log.length + 2, 1_000);
    expect(find({ requests: true }).actions).toEqual(scanned.slice(-2));
  });

  it('are counted when they are forgotten, so that whoever forgets goes on until all are', () => {
    database.write([], progress, scanned);
    expect(database.forget(log.length + 10, 3)).toBe(3);
    expect(find({ requests: true }).actions).toHaveLength(scanned.length - 3);
  });
});

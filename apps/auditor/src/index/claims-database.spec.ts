import { claimsRequest, type ClaimsRequest, type IndexedClaim } from '#wire';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'libsql';
import { mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClaimsDatabase, isDamage, NotClaims, removeDatabase } from './claims-database.js';

let folder: string;
let database: ClaimsDatabase;

const path = () => join(folder, 'eu.1.sqlite');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'berth-claims-'));
  database = new ClaimsDatabase(path());
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

function aClaim(sequence: number, changes: Partial<IndexedClaim> = {}): IndexedClaim {
  return {
    ...{ allocationId: `match-${sequence}`, slot: 'eu.m.1', sequence, attempt: 1 },
    ...{ requestedBy: 'lobby', fleet: 'harbour', buildConfiguration: 'harbour-1' },
    ...{ requestedAt: 1_000 + sequence, acknowledgedAt: null, end: null },
    ...changes,
  };
}

const anEnd = (sequence: number, by = 'ExitedZero', reason = 'exit code 0') => ({
  ...{ sequence, at: 1_000 + sequence, by, outcome: 'over' as const, reason },
});
const failed = (sequence: number) => ({
  ...anEnd(sequence, 'CallbackTimedOut', 'no answer'),
  outcome: 'failed' as const,
});

const upTo = (sequence: number) => ({
  sequence,
  recordedAt: 1_000 + sequence,
  mark: `m${sequence}`,
});
const asked = (request: Partial<ClaimsRequest>) => claimsRequest.parse(request);
const found = (request: Partial<ClaimsRequest> = {}) => database.find(asked(request)).claims;
const sequences = (request: Partial<ClaimsRequest> = {}) =>
  found(request).map(({ sequence }) => sequence);

describe('The claims of a region', () => {
  it('are found again as they were written, also by another process', () => {
    const claims = [
      aClaim(1, { end: { ...anEnd(3, 'DeallocationRequested'), wantedBy: 'ops: ann' } }),
      aClaim(2, { acknowledgedAt: 1_010 }),
    ];
    database.write(claims, upTo(3));
    database.close();
    database = new ClaimsDatabase(path());
    expect(found()).toEqual([claims[1], claims[0]]);
    expect(database.open()).toEqual([claims[1]]);
    expect(database.progress).toEqual(upTo(3));
    expect(database.size).toMatchObject({ claims: 2 });
  });

  it('are changed by what is known later, and counted once', () => {
    database.write([aClaim(1)], upTo(1));
    const ended = aClaim(1, { acknowledgedAt: 1_002, end: anEnd(4) });
    database.write([ended], upTo(4));
    expect(found()).toEqual([ended]);
    expect(database.size.claims).toBe(1);
  });

  it.each([
    ['an id', { allocationId: 'match-2' }, [2]],
    ['a token', { requestedBy: 'lobby' }, [4, 1]],
    ['all that was recorded of who asked', { requestedBy: 'ops (acme, api): ann' }, [3]],
    ['a token, whatever its requesters call themselves', { requestedBy: 'ops' }, [3, 2]],
    ['a project', { project: 'acme' }, [3]],
    ['a face', { face: 'api', requestedBy: 'ops' }, [3]],
    ['the event at their end', { endedBy: 'Crashed' }, [3]],
    ['no end', { endedBy: 'none' }, [4]],
    ['text in the reason, whatever its case', { reason: 'sigsegv' }, [3]],
    ['text that is no pattern', { reason: '100%' }, [2]],
    ['a fleet', { fleet: 'docks' }, [4]],
    ['a time', { since: 1_002, until: 1_004 }, [3, 2]],
    ['all of it', { requestedBy: 'ops', endedBy: 'Crashed', since: 1_003 }, [3]],
    ['nothing that there is', { fleet: 'nowhere' }, []],
  ])('are found by %s', (_, request, expected) => {
    database.write(
      [
        aClaim(1, { end: anEnd(5) }),
        aClaim(2, { requestedBy: 'ops: bo', end: anEnd(6, 'ExitedZero', '100% done_') }),
        aClaim(3, {
          requestedBy: 'ops (acme, api): ann',
          end: anEnd(7, 'Crashed', 'SIGSEGV, it ends'),
        }),
        aClaim(4, { fleet: 'docks' }),
      ],
      upTo(7),
    );
    expect(sequences(request)).toEqual(expected);
  });

  it('come in pages that neither repeat nor leave out any, while more are written', () => {
    // Several have one instant.
    const claims = Array.from({ length: 50 }, (_, at) =>
      aClaim(at + 1, { requestedAt: 1_000 + Math.floor(at / 7) }),
    );
    database.write(claims, upTo(50));
    const seen: number[] = [];
    for (let after: ClaimsRequest['after'], pages = 0; ; pages += 1) {
      const page = database.find(asked({ limit: 9, ...(after && { after }) }));
      seen.push(...page.claims.map(({ sequence }) => sequence));
      database.write([aClaim(100 + pages, { requestedAt: 9_000 })], upTo(100 + pages));
      if (page.next === undefined) break;
      after = page.next;
    }
    expect(seen).toEqual(claims.map(({ sequence }) => sequence).reverse());
  });

  it('leave out slots that were tried before another one, unless they are asked for', () => {
    const id = { allocationId: 'again' };
    database.write([aClaim(1, { ...id, end: failed(2) })], upTo(2));
    database.write([aClaim(3, { ...id, attempt: 2, end: failed(4) })], upTo(4));
    database.write([aClaim(5, { ...id, attempt: 3 })], upTo(5));
    expect(sequences({ allocationId: 'again' })).toEqual([5]);
    expect(sequences({ allocationId: 'again', everyAttempt: true })).toEqual([5, 3, 1]);
  });

  it('keep a request that failed apart from a later one with the same id', () => {
    database.write([aClaim(1, { allocationId: 'again', end: failed(2) })], upTo(2));
    database.write([aClaim(3, { allocationId: 'again' })], upTo(3));
    expect(sequences()).toEqual([3, 1]);
  });

  it('are forgotten with the archive, unless they last', () => {
    const claims = [1, 2, 3].map((at) => aClaim(at, { end: at === 2 ? null : anEnd(9) }));
    database.write(claims, upTo(9));
    expect(database.forget(3, 10)).toBe(1);
    expect(sequences()).toEqual([3, 2]);
    expect(database.size.claims).toBe(2);
  });

  it('are written with the place in the log, or not at all', () => {
    database.write([aClaim(1)], upTo(1));
    const broken = { ...aClaim(3), slot: null } as unknown as IndexedClaim;
    expect(() => database.write([aClaim(2), broken], upTo(3))).toThrow('NOT NULL');
    expect(sequences()).toEqual([1]);
    expect(database.progress).toEqual(upTo(1));
    database.write([aClaim(2)], upTo(2));
    expect(sequences()).toEqual([2, 1]);
  });
});

describe('A file', () => {
  /** Writes everything into the one file, and changes it. */
  function damaged(damage: (file: Database.Database) => void): void {
    database.close();
    const file = new Database(path());
    damage(file);
    file.exec('pragma wal_checkpoint(truncate)');
    file.close();
  }

  it('that was cut is no index', () => {
    const claims = Array.from({ length: 2_000 }, (_, at) => aClaim(at + 1));
    database.write(claims, upTo(2_000));
    damaged(() => undefined);
    rmSync(`${path()}-wal`);
    truncateSync(path(), Math.floor(statSync(path()).size / 8_192) * 4_096);
    expect(isDamage(errorOf(() => new ClaimsDatabase(path())))).toBe(true);
  });

  it('of something else is no index', () => {
    database.close();
    removeDatabase(path());
    writeFileSync(path(), 'no database. '.repeat(1_000));
    expect(isDamage(errorOf(() => new ClaimsDatabase(path())))).toBe(true);
  });

  it('of another version is no index', () => {
    damaged((file) => file.exec('pragma user_version = 99'));
    expect(() => new ClaimsDatabase(path())).toThrow(NotClaims);
  });

  it('of a full disk is an index', () => {
    expect(isDamage(Object.assign(new Error('full'), { code: 'SQLITE_FULL' }))).toBe(false);
  });
});

function errorOf(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

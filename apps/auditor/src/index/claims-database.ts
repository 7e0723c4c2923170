import type { Action, ClaimPlace, ClaimsRequest, IndexedClaim, IndexState } from '#wire';
import Database from 'libsql';
import { rmSync, statSync } from 'node:fs';
import { ActionsTable } from './actions-table.js';
import { askerColumns, claimsQuery } from './claims-query.js';
import { ADVANCE, COMPLETE, INSERT, TABLES, TABLES_VERSION, UPDATE } from './claims-schema.js';

/** Up to where a log was read, and the record there, by which the log is known again. */
export interface Progress {
  /** 0: nothing was read. */
  readonly sequence: number;
  /** When that record was made (epoch ms). */
  readonly recordedAt: number | null;
  readonly mark: string;
}

type Built = NonNullable<IndexState['built']>;

/** The file holds no claims, or those of another version. */
export class NotClaims extends Error {
  override readonly name = 'NotClaims';
}

/** How many prepared statements are kept: hardly more combinations of filters are asked for. */
const STATEMENTS_MAX = 512;

/**
 * The claims of one region in a SQLite file, with the place up to which the log was read: both are
 * written in one transaction, so they agree after any crash.
 */
export class ClaimsDatabase {
  private readonly db: Database.Database;
  private readonly statements = new Map<string, Database.Statement>();
  private count: number;
  readonly actions = new ActionsTable((text) => this.prepared(text));

  /** @throws {NotClaims} the file is damaged, or of another version */
  constructor(readonly path: string) {
    this.db = new Database(path);
    try {
      this.prepareFile();
      this.count = this.one<{ n: number }>('select count(*) as n from claims').n;
    } catch (error) {
      this.db.close();
      throw isDamage(error) ? new NotClaims(`${path}: ${String(error)}`, { cause: error }) : error;
    }
  }

  private prepareFile(): void {
    // A crash of the machine may take the last transactions, which are then read again.
    this.db.exec('pragma journal_mode = wal; pragma synchronous = normal');
    const { user_version: version } = this.one<{ user_version: number }>('pragma user_version');
    if (version === 0) this.db.exec(`begin; ${TABLES} commit`);
    else if (version !== TABLES_VERSION) throw new NotClaims(`tables of version ${version}`);
  }

  get progress(): Progress {
    const { sequence, recorded_at, mark } = this.one<ProgressRow>('select * from progress');
    return { sequence, recordedAt: recorded_at, mark };
  }

  /** When all of a log had been read; null: this has not been so yet. */
  get built(): Built | null {
    const row = this.one<ProgressRow>('select * from progress');
    if (row.built_at === null) return null;
    const { built_at: at, built_events: events, built_per_second: eventsPerSecond } = row;
    return { at, events, eventsPerSecond };
  }

  get size(): { readonly claims: number; readonly bytes: number } {
    const bytesOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    return { claims: this.count, bytes: bytesOf(this.path) + bytesOf(`${this.path}-wal`) };
  }

  /** The claims that are not over. */
  open(): readonly IndexedClaim[] {
    return this.rows(`select * from claims where ended_by = ''`, []).map(claimOf);
  }

  /** Writes all of it, or nothing and throws. */
  write(
    claims: Iterable<IndexedClaim>,
    { sequence, recordedAt, mark }: Progress,
    actions: Iterable<Action> = [],
  ): void {
    let added = 0;
    this.atomically(() => {
      for (const claim of claims) added += this.put(claim);
      for (const action of actions) this.actions.put(action);
      this.prepared(ADVANCE).run(sequence, recordedAt, mark);
    });
    this.count += added;
  }

  complete({ at, events, eventsPerSecond }: Built): void {
    this.prepared(COMPLETE).run(at, events, eventsPerSecond);
  }

  /**
   * Removes actions before a sequence, and claims that began before it and are over, at most so
   * many of each. Returns the greater number: with less than the most, all are removed.
   */
  forget(before: number, most: number): number {
    const actions = this.actions.forget(before, most);
    const old = `select sequence from claims where sequence < ? and ended_by <> '' limit ?`;
    const removal = this.prepared(`delete from claims where sequence in (${old})`);
    const { changes } = removal.run(before, most);
    this.count -= changes;
    return Math.max(actions, changes);
  }

  find(request: ClaimsRequest): {
    readonly claims: IndexedClaim[];
    readonly next?: ClaimPlace;
  } {
    const { text, values } = claimsQuery(request);
    const rows = this.rows(text, values);
    const claims = rows.slice(0, request.limit).map(claimOf);
    const last = claims.at(-1);
    if (rows.length <= request.limit || last === undefined) return { claims };
    return { claims, next: { requestedAt: last.requestedAt, sequence: last.sequence } };
  }

  /** The file itself is closed once the prepared statements are collected as garbage. */
  close(): void {
    this.statements.clear();
    this.db.close();
  }

  /** Returns 1 if the claim is new, 0 if it was known. */
  private put(claim: IndexedClaim): number {
    const { sequence, allocationId, attempt, requestedBy, acknowledgedAt, end } = claim;
    const ended = [
      ...[end?.sequence ?? null, end?.at ?? null, end?.by ?? '', end?.outcome ?? null],
      ...[end?.reason ?? null, end?.wantedBy ?? null],
    ];
    const { changes } = this.prepared(INSERT).run(
      ...[sequence, allocationId, claim.slot, attempt, requestedBy, ...askerColumns(requestedBy)],
      ...[claim.fleet, claim.buildConfiguration, claim.requestedAt, acknowledgedAt, ...ended],
    );
    if (changes === 0) this.prepared(UPDATE).run(acknowledgedAt, ...ended, sequence);
    return changes;
  }

  private atomically(action: () => void): void {
    this.db.exec('begin immediate');
    try {
      action();
      this.db.exec('commit');
    } catch (error) {
      if (this.db.inTransaction) this.db.exec('rollback');
      throw error;
    }
  }

  private rows(text: string, values: readonly (string | number)[]): readonly ClaimRow[] {
    return this.prepared(text).all(...values) as ClaimRow[];
  }

  private one<Row>(text: string): Row {
    return this.prepared(text).get() as Row;
  }

  private prepared(text: string): Database.Statement {
    const known = this.statements.get(text);
    if (known !== undefined) return known;
    if (this.statements.size >= STATEMENTS_MAX) this.statements.clear();
    const statement = this.db.prepare(text);
    this.statements.set(text, statement);
    return statement;
  }
}

/** Removes a database that is not open. */
export function removeDatabase(path: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true });
}

/** Whether an error says that the file cannot be used, and not that the disk is full. */
export function isDamage(error: unknown): boolean {
  if (error instanceof NotClaims) return true;
  const code = (error as { readonly code?: unknown } | null)?.code;
  return typeof code === 'string' && /^SQLITE_(CORRUPT|NOTADB)/.test(code);
}

interface ProgressRow {
  readonly sequence: number;
  readonly recorded_at: number | null;
  readonly mark: string;
  readonly built_at: number | null;
  readonly built_events: number;
  readonly built_per_second: number;
}

interface ClaimRow {
  readonly sequence: number;
  readonly allocation_id: string;
  readonly slot: string;
  readonly attempt: number;
  readonly requested_by: string;
  readonly fleet: string;
  readonly build_configuration: string;
  readonly requested_at: number;
  readonly acknowledged_at: number | null;
  readonly end_sequence: number | null;
  readonly ended_at: number;
  readonly ended_by: string;
  readonly outcome: NonNullable<IndexedClaim['end']>['outcome'];
  readonly reason: string;
  readonly wanted_by: string | null;
}

function claimOf(row: ClaimRow): IndexedClaim {
  const { end_sequence: endSequence, wanted_by: wantedBy } = row;
  return {
    allocationId: row.allocation_id,
    slot: row.slot,
    sequence: row.sequence,
    attempt: row.attempt,
    requestedBy: row.requested_by,
    fleet: row.fleet,
    buildConfiguration: row.build_configuration,
    requestedAt: row.requested_at,
    acknowledgedAt: row.acknowledged_at,
    end:
      endSequence === null
        ? null
        : {
            ...{ sequence: endSequence, at: row.ended_at, by: row.ended_by },
            ...{ outcome: row.outcome, reason: row.reason },
            ...(wantedBy !== null && { wantedBy }),
          },
  };
}

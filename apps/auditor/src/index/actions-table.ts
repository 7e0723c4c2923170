import type { Action, ActionsRequest } from '#wire';
import type Database from 'libsql';
import { askerColumns, askerConditions } from './claims-query.js';
import { INSERT_ACTION } from './claims-schema.js';

interface ActionRow {
  readonly sequence: number;
  readonly slot: string;
  readonly at: number;
  readonly event: string;
  readonly requested_by: string;
  readonly reason: string | null;
  readonly allocation_id: string | null;
}

/** What was done to slots because somebody asked for it. */
export class ActionsTable {
  constructor(private readonly prepared: (text: string) => Database.Statement) {}

  put({ sequence, slot, at, event, by, reason, allocationId }: Action): void {
    const asker = askerColumns(by);
    this.prepared(INSERT_ACTION).run(
      ...[sequence, slot, at, event, by, ...asker, reason ?? null, allocationId ?? null],
    );
  }

  /** In the order of the log. One more than is wanted is asked for, to know whether there are more. */
  find(request: ActionsRequest): { readonly actions: Action[]; readonly isWhole: boolean } {
    const { requests, since, until, after, limit } = request;
    const conditions = [...askerConditions(request)];
    conditions.push(['sequence > ?', after]);
    if (!requests) conditions.push([`event <> 'AllocationRequested'`]);
    if (since !== undefined) conditions.push(['at >= ?', since]);
    if (until !== undefined) conditions.push(['at < ?', until]);
    const where = conditions.map(([condition]) => condition).join(' and ');
    const text = `select * from actions where ${where} order by sequence limit ?`;
    const values = conditions.flatMap(([, ...of]) => of);
    const rows = this.prepared(text).all(...values, limit + 1) as ActionRow[];
    return { actions: rows.slice(0, limit).map(actionIn), isWhole: rows.length <= limit };
  }

  /** Returns how many it removed. */
  forget(before: number, most: number): number {
    const old = 'select sequence from actions where sequence < ? limit ?';
    return this.prepared(`delete from actions where sequence in (${old})`).run(before, most)
      .changes;
  }
}

function actionIn(row: ActionRow): Action {
  const { sequence, slot, at, event, requested_by: by, reason, allocation_id: id } = row;
  return {
    ...{ sequence, slot, at, event, by },
    ...(reason !== null && { reason }),
    ...(id !== null && { allocationId: id }),
  };
}

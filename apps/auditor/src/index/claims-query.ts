import { askerIn, signatureIn, type AskerFilter, type ClaimsRequest } from '#wire';

export interface Query {
  readonly text: string;
  readonly values: readonly (string | number)[];
}

/** Characters that have a meaning in a pattern of `like`. */
const PATTERN = /[\\%_]/g;

type Condition = readonly [string, ...(string | number)[]];

/** The columns by which rows are found by who asked: asker, project and face. */
export function askerColumns(requestedBy: string): readonly (string | null)[] {
  const { project = null, face = null } = signatureIn(requestedBy) ?? {};
  return [askerIn(requestedBy), project, face];
}

/** Conditions on those columns. */
export function askerConditions({ by, project, face }: AskerFilter): readonly Condition[] {
  const conditions: Condition[] = [];
  if (by !== undefined && askerIn(by) === by) conditions.push(['asker = ?', by]);
  else if (by !== undefined) {
    conditions.push(['asker = ? and requested_by = ?', askerIn(by), by]);
  }
  if (project !== undefined) conditions.push(['project = ?', project]);
  if (face !== undefined) conditions.push(['face = ?', face]);
  return conditions;
}

/** Asks for one claim more than is wanted, to know whether there is another page. */
export function claimsQuery(request: ClaimsRequest): Query {
  const { allocationId, requestedBy: by, endedBy, reason, fleet, since, until, after } = request;
  const conditions = [...askerConditions({ ...request, by })];
  if (allocationId !== undefined) conditions.push(['allocation_id = ?', allocationId]);
  if (endedBy !== undefined) conditions.push(['ended_by = ?', endedBy === 'none' ? '' : endedBy]);
  if (reason !== undefined) {
    conditions.push([`reason like ? escape '\\'`, `%${reason.replace(PATTERN, '\\$&')}%`]);
  }
  if (fleet !== undefined) conditions.push(['fleet = ?', fleet]);
  if (since !== undefined) conditions.push(['requested_at >= ?', since]);
  if (until !== undefined) conditions.push(['requested_at < ?', until]);
  if (!request.everyAttempt) conditions.push(['is_superseded = 0']);
  if (after !== undefined) {
    conditions.push(['(requested_at, sequence) < (?, ?)', after.requestedAt, after.sequence]);
  }
  const where = conditions.map(([condition]) => condition).join(' and ');
  return {
    text:
      `select * from claims ${where === '' ? '' : `where ${where}`} ` +
      'order by requested_at desc, sequence desc limit ?',
    values: [...conditions.flatMap(([, ...values]) => values), request.limit + 1],
  };
}

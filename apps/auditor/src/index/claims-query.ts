import { askerIn, type ClaimsRequest } from '#wire';

export interface Query {
  readonly text: string;
  readonly values: readonly (string | number)[];
}

/** Characters that have a meaning in a pattern of `like`. */
const PATTERN = /[\\%_]/g;

/** Asks for one claim more than is wanted, to know whether there is another page. */
export function claimsQuery(request: ClaimsRequest): Query {
  const conditions: (readonly [string, ...(string | number)[]])[] = [];
  const { allocationId, requestedBy, endedBy, reason, fleet, since, until, after } = request;
  if (allocationId !== undefined) conditions.push(['allocation_id = ?', allocationId]);
  if (requestedBy !== undefined) {
    conditions.push(['asker = ?', askerIn(requestedBy)]);
    if (askerIn(requestedBy) !== requestedBy) conditions.push(['requested_by = ?', requestedBy]);
  }
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

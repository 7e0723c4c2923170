import { z } from 'zod';
import { ERRORS, type ProblemCode } from '../../http/errors.js';
import type { Problem } from '../../http/problems.js';
import type { ErrorDialect } from '../error-dialect.js';

const PATHS = /^\/(v1\/allocations\/projects|multiplay|api\/multiplay|v4\/projects|auth\/v1)(\/|$)/;

/** The paths that matchmakers use; all others are used by tools. */
const ALLOCATIONS =
  /^\/(v1\/allocations|multiplay\/v1\/allocations|v4\/projects)\/|\/test-allocations(\/|$)/;

const FULL = {
  title: 'Maximum capacity reached.',
  detail: 'maximum capacity reached: no game server became free in time',
};

/**
 * The texts for an allocation's outcome. Matchmakers show errors to players, so these are plain
 * words without names and ids from allocators' messages; for full fleets, the vendor's own words.
 */
const FATES: Partial<Record<ProblemCode, { readonly title: string; readonly detail: string }>> = {
  'none-available': FULL,
  'fleet-maximum': FULL,
  'agents-lost': FULL,
  'games-failing': FULL,
  'out-of-service': FULL,
  'nothing-fits': {
    title: 'No game server is of this kind.',
    detail: 'no game server of this fleet is of the kind that was asked for',
  },
  'unknown-fleet': {
    title: 'No fleet has this id.',
    detail: 'the fleet has no game servers',
  },
  expired: FULL,
  shed: FULL,
  'callback-failed': {
    title: 'No game server could be started.',
    detail: 'the game servers that were tried did not take the session',
  },
  'timed-out': {
    title: 'No game server could be started.',
    detail: 'no game server took the session in time',
  },
  cancelled: { title: 'The allocation was deleted.', detail: 'it was deleted while it waited' },
  ended: { title: 'The session is over.', detail: 'the session of this allocation is over' },
  'unknown-allocation': {
    title: 'No allocation has this id.',
    detail: 'it was never made, or it ended more than a day ago',
  },
};

/** Something the gateway needs is away; players need not know which allocator, region or stream. */
const AWAY: ReadonlySet<ProblemCode> = new Set(['not-ready', 'no-allocator', 'unknown-region']);

/** Number of errors in one request that are listed. */
const DETAILS_MAX = 50;

const failure = z
  .object({
    title: z.string(),
    status: z.int(),
    detail: z.string().optional().describe('the reason; none with 500'),
    details: z
      .array(z.object({ message: z.string() }))
      .optional()
      .describe('with 400: each problem by itself'),
    requestId: z.string(),
  })
  .meta({ id: 'MultiplayError' });

/** Multiplay's errors. */
export const multiplayErrors: ErrorDialect = {
  face: 'multiplay',
  tag: 'Multiplay',
  failure: { mediaType: 'application/problem+json', schema: failure },

  owns: (path) => PATHS.test(path),

  answer(problem, path, requestId) {
    const { status } = problem;
    const { title, detail } = wordsOf(problem, ALLOCATIONS.test(path));
    return {
      status,
      contentType: 'application/problem+json; charset=utf-8',
      ...(detail !== problem.detail && { withheld: problem.detail }),
      body: {
        title,
        status,
        ...(status !== 500 && { detail }),
        ...(status === 400 && { details: messagesOf(detail).map((message) => ({ message })) }),
        requestId,
      },
    };
  },
};

function wordsOf({ code, detail }: Problem, isForPlayers: boolean) {
  const { means } = ERRORS[code];
  if (!isForPlayers) return { title: means, detail };
  if (AWAY.has(code)) return { title: means, detail: 'the game servers cannot be reached now' };
  return FATES[code] ?? { title: means, detail };
}

/** Splits a message: a schema joins all its errors with semicolons. */
function messagesOf(detail: string): readonly string[] {
  return detail.split('; ').slice(0, DETAILS_MAX);
}

import type { AllocationEnd } from '#slot';
import type { AllocationRequest, Refused } from '#wire';
import { refusedAnswer } from './answers.js';

/** The session of this id is over; the id gets no other session. */
export function ended(id: string, { by, reason, at }: AllocationEnd): Refused {
  const because = reason === '' ? by : `${by}: ${reason}`;
  const when = new Date(at).toISOString();
  return refusedAnswer(id, 'ended', `the allocation ended at ${when} (${because})`);
}

/** `last`: why the last of the servers failed. */
export function callbackFailed(id: string, attempts: number, last: string): Refused {
  return refusedAnswer(
    id,
    'callback-failed',
    `${attempts} servers in turn refused the callback or did not answer it in time${lastly(last)}`,
  );
}

/**
 * `failures`: number of slots whose callback failed; `lastFailure`: why the last one did;
 * `waitedMs`: how long the request has waited; `full`: the fleet at its maximum, if that is the
 * cause; `failing`: free slots whose games do not start, and when the first is tried again (epoch
 * ms).
 */
export function noneAvailable(
  id: string,
  { region, fleet, fleets, buildConfiguration, attributes }: AllocationRequest,
  {
    failures,
    lastFailure,
    waitedMs,
    full,
    failing,
  }: {
    readonly failures: number;
    readonly lastFailure: string;
    readonly waitedMs: number;
    readonly full: { readonly fleet: string; readonly max: number } | undefined;
    readonly failing: { readonly slots: number; readonly until: number };
  },
): Refused {
  const wish = Object.entries({
    fleet,
    fleets: fleets?.join(' or '),
    buildConfiguration,
    ...attributes,
  })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${value}`);
  const what = wish.length === 0 ? '' : ` with ${wish.join(', ')}`;
  const tried = failures === 0 ? '' : `; ${failures} refused their callback${lastly(lastFailure)}`;
  const because = full
    ? `: fleet ${full.fleet} is at its maximum of ${full.max}`
    : failing.slots > 0
      ? `: the games of ${failing.slots} free ones do not start, one is tried again at ${new Date(failing.until).toISOString()}`
      : '';
  const message =
    waitedMs === 0
      ? `no server${what} is available in region ${region}${because}${tried}`
      : `no server${what} became available in region ${region} within ${waitedMs} ms${because}${tried}`;
  return refusedAnswer(id, 'none-available', message);
}

/** Too many requests wait already: a clear refusal is better than an endless wait. */
export function shed(id: string, { region }: AllocationRequest, waiting: number): Refused {
  return refusedAnswer(
    id,
    'shed',
    `${waiting} requests wait in region ${region} already; ask later`,
  );
}

export function cancelled(id: string): Refused {
  return refusedAnswer(id, 'cancelled', 'the request was cancelled while it waited');
}

export function stopping(id: string): Refused {
  return refusedAnswer(id, 'not-ready', 'this allocator is stopping; ask again');
}

/** `last`: why the last slot failed; empty if none did. */
export function timedOut(id: string, last: string): Refused {
  const message = `no verdict in time; ask again with the same id${lastly(last)}`;
  return refusedAnswer(id, 'timed-out', message);
}

function lastly(reason: string): string {
  return reason === '' ? '' : ` (the last: ${reason})`;
}

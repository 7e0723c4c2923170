import type { Shortage } from '#pool';
import type { AllocationEnd } from '#slot';
import { isShortage, type AllocationRequest, type RefusalCode, type Refused } from '#wire';
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

/** Why there is no slot for a request. Instants are epoch ms. */
interface Lack {
  /** Number of slots whose callback failed, and why the last one did. */
  readonly failures: number;
  readonly lastFailure: string;
  /** How long the request has waited. */
  readonly waitedMs: number;
  /** The fleet at its maximum, if that is the cause. */
  readonly full: { readonly fleet: string; readonly max: number } | undefined;
  /** When a slot whose games do not start is tried again; null: there is none. */
  readonly until: number | null;
  readonly shortage: Shortage;
}

export function noneAvailable(
  id: string,
  request: AllocationRequest,
  code: RefusalCode,
  lack: Lack,
): Refused {
  const { failures, lastFailure, waitedMs, full } = lack;
  const { region } = request;
  const what = wishOf(request);
  const tried = failures === 0 ? '' : `; ${failures} refused their callback${lastly(lastFailure)}`;
  const because = full
    ? `: fleet ${full.fleet} is at its maximum of ${full.max}`
    : obstaclesIn(code, lack);
  const message =
    waitedMs === 0
      ? `no server${what} is available in region ${region}${because}${tried}`
      : `no server${what} became available in region ${region} within ${waitedMs} ms${because}${tried}`;
  return refusedAnswer(id, code, message);
}

function wishOf({ fleet, fleets, buildConfiguration, attributes }: AllocationRequest): string {
  const wish = Object.entries({
    fleet,
    fleets: fleets?.join(' or '),
    buildConfiguration,
    ...attributes,
  })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${value}`);
  return wish.length === 0 ? '' : ` with ${wish.join(', ')}`;
}

const WORDS: Readonly<Record<keyof Shortage['passedOver'], string>> = {
  taken: 'taken',
  clearing: 'being cleared',
  lost: 'not heard',
  withheld: 'with games that do not start',
  failing: 'with games that failed to start',
  full: 'of a fleet at its maximum',
  drained: 'drained',
  maintenance: 'in maintenance',
  unreadable: 'set aside',
};

function obstaclesIn(code: RefusalCode, { until, shortage }: Lack): string {
  const { passedOver, isPartial, excludedBy } = shortage;
  if (code === 'nothing-fits') return `: no slot meets ${excludedBy.join(', ')}`;
  const counts = Object.entries(passedOver).map(
    ([obstacle, slots]) => `${slots} ${WORDS[obstacle as keyof typeof passedOver]}`,
  );
  if (counts.length === 0) return ': no slot that fits is registered';
  const again = until === null ? '' : `, one is tried again at ${new Date(until).toISOString()}`;
  return `: of those that fit ${isPartial ? 'at least ' : ''}${counts.join(', ')}${again}`;
}

/** A name that nothing in the log has is a mistake, and waiting does not help. */
export function unknownFleet({ region, fleet, fleets }: AllocationRequest): Refused {
  const names = fleets?.join(' or ') ?? fleet ?? '';
  const message = `no fleet ${names} is known in region ${region}: it has had neither slots nor a size`;
  return refusedAnswer(undefined, 'unknown-fleet', message);
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

export function stopping(id: string | undefined): Refused {
  return refusedAnswer(id, 'not-ready', 'this allocator is stopping; ask again');
}

export function tooBusy(id: string | undefined): Refused {
  return refusedAnswer(id, 'not-ready', 'too many requests at the same time; ask again');
}

/** `last`: why the last slot failed, or what is not known of it; empty if there was none. */
export function timedOut(id: string, last: string): Refused {
  const message = `no verdict in time; ask again with the same id${lastly(last)}`;
  return refusedAnswer(id, 'timed-out', message);
}

function lastly(reason: string): string {
  return reason === '' ? '' : ` (the last: ${reason})`;
}

/** Whether the refusal depends on the known slots: an allocator that lags behind may be wrong. */
export function isAboutSlots({ code }: Refused): boolean {
  return isShortage(code) || UNKNOWN.has(code);
}

const UNKNOWN: ReadonlySet<RefusalCode> = new Set([
  ...(['unknown-slot', 'unknown-fleet', 'unknown-build-configuration'] as const),
]);

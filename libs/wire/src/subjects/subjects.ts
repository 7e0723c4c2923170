import type { SlotRef } from '#slot';
import { endpoints } from '../endpoints/endpoints.js';

/* Short functions for frequently used subjects; all of them come from the table of endpoints. */

/** One slot's history in the log. */
export function slotSubject(ref: SlotRef): string {
  return endpoints.slot.subject.of(ref);
}

/** A filter for every slot of a region, or of one agent in it. */
export function slotsSubject(region: string, agent?: string): string {
  return endpoints.slot.subject.filter(agent === undefined ? { region } : { region, agent });
}

/** Throws `Unparsable` if the subject does not name a slot. */
export function slotOfSubject(subject: string): SlotRef {
  return endpoints.slot.subject.parse(subject);
}

/** The subject of a published request's outcome. */
export function resultSubject(region: string, allocationId: string): string {
  return endpoints.result.subject.of({ region, id: idToken(allocationId) });
}

/**
 * The subject of what was published under an id. No allocation id contains a space, so this never
 * collides with the subject of a result.
 */
export function askedSubject(region: string, allocationId: string): string {
  return resultSubject(region, `asked ${allocationId}`);
}

/**
 * The subject of what an allocator stores only to try whether the server stores anything. Like
 * `askedSubject` it never collides with the subject of a result.
 */
export function probeSubject(region: string): string {
  return resultSubject(region, 'probe of the store');
}

/** The subject of the reason why a request was not served. */
export function refusalSubject(region: string, allocationId: string): string {
  return endpoints.refusal.subject.of({ region, id: idToken(allocationId) });
}

/**
 * The subject of a published request that could not be read; it was stored at `publishedAt` (epoch
 * ms).
 */
export function setAsideSubject(region: string, publishedAt: number): string {
  return endpoints.setAside.subject.of({ region, instant: String(publishedAt) });
}

/** The subject of an agent's report on one slot: to the named allocator, or to any one of them. */
export function reportSubject(ref: SlotRef, allocator: string | undefined): string {
  return allocator === undefined
    ? endpoints.report.subject.of(ref)
    : endpoints.reportToClaimer.subject.of({ ...ref, allocator });
}

/** Throws `Unparsable` if the subject is not that of a report. */
export function slotOfReport(subject: string): SlotRef {
  const { region, agent, slot } =
    endpoints.report.subject.match(subject) ?? endpoints.reportToClaimer.subject.parse(subject);
  return { region, agent, slot };
}

/**
 * An id may contain characters that a subject may not: base64url (RFC 4648, section 5), without
 * padding.
 */
function idToken(allocationId: string): string {
  return btoa(allocationId).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

import type { SlotRef } from '#slot';
import { endpoints } from '../endpoints/endpoints.js';

/* Short words for what is made often; each is of the table of endpoints. */

/** One slot's history in the log. */
export function slotSubject(ref: SlotRef): string {
  return endpoints.slot.subject.of(ref);
}

/** Every slot of a region, or of one agent in it. */
export function slotsSubject(region: string, agent?: string): string {
  return endpoints.slot.subject.filter(agent === undefined ? { region } : { region, agent });
}

/** Throws `Unparsable` where the subject names no slot. */
export function slotOfSubject(subject: string): SlotRef {
  return endpoints.slot.subject.parse(subject);
}

/** What became of a published request. */
export function resultSubject(region: string, allocationId: string): string {
  return endpoints.result.subject.of({ region, id: idToken(allocationId) });
}

/** What was published under an id; no allocation's id holds a space, so no result is kept there. */
export function askedSubject(region: string, allocationId: string): string {
  return resultSubject(region, `asked ${allocationId}`);
}

/** Why a request was not served. */
export function refusalSubject(region: string, allocationId: string): string {
  return endpoints.refusal.subject.of({ region, id: idToken(allocationId) });
}

/** Published requests that nobody can read; stored at `publishedAt` (epoch ms). */
export function setAsideSubject(region: string, publishedAt: number): string {
  return endpoints.setAside.subject.of({ region, instant: String(publishedAt) });
}

/** An agent's report on one slot: to the named allocator, or to any of the queue group. */
export function reportSubject(ref: SlotRef, allocator: string | undefined): string {
  return allocator === undefined
    ? endpoints.report.subject.of(ref)
    : endpoints.reportToClaimer.subject.of({ ...ref, allocator });
}

/** Throws `Unparsable` where the subject is that of no report. */
export function slotOfReport(subject: string): SlotRef {
  const { region, agent, slot } =
    endpoints.report.subject.match(subject) ?? endpoints.reportToClaimer.subject.parse(subject);
  return { region, agent, slot };
}

/** An id may hold what a subject may not: base64url (RFC 4648, section 5), without padding. */
function idToken(allocationId: string): string {
  return btoa(allocationId).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

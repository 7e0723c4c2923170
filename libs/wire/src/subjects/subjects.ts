import { Unparsable } from '#kernel';
import type { SlotRef } from '#slot';
import type { NamedInRegion } from './build-subjects.js';

/** What a region, agent, slot or allocator may be called: one NATS subject token. */
export const TOKEN = /^[A-Za-z0-9_-]{1,64}$/;

/** One slot's history in the log. */
export function slotSubject({ region, agent, slot }: SlotRef): string {
  return `slot.${region}.${agent}.${slot}`;
}

/** Every slot of a region, or of one agent in it. */
export function slotsSubject(region: string, agent = '*'): string {
  return `slot.${region}.${agent}.*`;
}

/** A stored event as the stream repeats it on core NATS (JetStream republish). */
export function liveSubject(subject: string): string {
  return `live.${subject}`;
}

/** Throws `Unparsable` where the subject names no slot. */
export function slotOfSubject(subject: string): SlotRef {
  const [prefix, region, agent, slot, ...rest] = subject.split('.');
  if (prefix !== 'slot' || !region || !agent || !slot || rest.length > 0) {
    throw new Unparsable(`"${subject}" is not the subject of a slot`);
  }
  return { region, agent, slot };
}

/** A slot's name in APIs: `region.agent.slot`. */
export function slotName(ref: SlotRef): string {
  return `${ref.region}.${ref.agent}.${ref.slot}`;
}

/** Undefined where `name` cannot be the name of a slot. */
export function slotNamed(name: string): SlotRef | undefined {
  const [region, agent, slot, ...rest] = name.split('.');
  if (!region || !agent || !slot || rest.length > 0) return undefined;
  return [region, agent, slot].every((token) => TOKEN.test(token))
    ? { region, agent, slot }
    : undefined;
}

/** Requests for a server: request/reply, one allocator of the queue group answers. */
export function allocateSubject(region: string): string {
  return `allocate.${region}`;
}

/** Cancels a request that waits: said to all allocators of the region, for any may have it. */
export function cancelSubject(region: string): string {
  return `cancel.${region}`;
}

/** Requests that are published and served when they can be (JetStream, a work queue). */
export function requestSubject(region: string): string {
  return `request.${region}`;
}

/** What became of a published request. */
export function resultSubject(region: string, allocationId: string): string {
  return `result.${region}.${idToken(allocationId)}`;
}

/** What was published under an id; no allocation's id holds a space, so no result is kept there. */
export function askedSubject(region: string, allocationId: string): string {
  return resultSubject(region, `asked ${allocationId}`);
}

/** Why a request was not served. */
export function refusalSubject(region: string, allocationId: string): string {
  return `refusal.${region}.${idToken(allocationId)}`;
}

/** Published requests that nobody can read. */
export function setAsideSubject(region: string, publishedAt: number): string {
  return `setaside.${region}.${publishedAt}`;
}

/** An id may hold what a subject may not: base64url (RFC 4648, section 5), without padding. */
function idToken(allocationId: string): string {
  return btoa(allocationId).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

/** Requests to end an allocation: request/reply, one allocator of the queue group answers. */
export function deallocateSubject(region: string): string {
  return `deallocate.${region}`;
}

/**
 * An agent's report on one slot: to the named allocator, or to any of the queue group. The slot is
 * told by the subject, not by the body, so that permissions on subjects bind an agent to its own.
 */
export function reportSubject(ref: SlotRef, allocator?: string): string {
  const subject = `report.${ref.region}.${ref.agent}.${ref.slot}`;
  return allocator === undefined ? subject : `${subject}.${allocator}`;
}

export function slotOfReport(subject: string): SlotRef {
  const [prefix, region, agent, slot] = subject.split('.');
  if (prefix !== 'report' || !region || !agent || !slot) {
    throw new Unparsable(`"${subject}" is not the subject of a report`);
  }
  return { region, agent, slot };
}

/** An agent's sign of life. */
export function beatSubject(region: string, agent: string): string {
  return `beat.${region}.${agent}`;
}

/** Throws `Unparsable` where the subject is not that of a beat. */
export function agentOfBeat(subject: string): { readonly region: string; readonly agent: string } {
  const [prefix, region, agent, ...rest] = subject.split('.');
  if (prefix !== 'beat' || !region || !agent || rest.length > 0) {
    throw new Unparsable(`"${subject}" is not the subject of a beat`);
  }
  return { region, agent };
}

/** What operators ask of slots: request/reply, one allocator of the queue group answers. */
export function operateSubject(region: string): string {
  return `direct.${region}`;
}

/** An agent's name in APIs: `region.agent`. */
export function agentName({ region, agent }: Omit<SlotRef, 'slot'>): string {
  return `${region}.${agent}`;
}

/** Undefined where `name` cannot be the name of an agent. */
export function agentNamed(name: string): Omit<SlotRef, 'slot'> | undefined {
  const [region, agent, ...rest] = name.split('.');
  if (!region || !agent || rest.length > 0) return undefined;
  return TOKEN.test(region) && TOKEN.test(agent) ? { region, agent } : undefined;
}

/** Names one fleet in one region. */
export interface FleetRef {
  readonly region: string;
  readonly fleet: string;
}

/** The history of one fleet's size in a region. */
export function fleetSubject({ region, fleet }: FleetRef): string {
  return `fleet.${region}.${fleet}`;
}

/** Every fleet of a region. */
export function fleetsSubject(region: string): string {
  return fleetSubject({ region, fleet: '*' });
}

/** Throws `Unparsable` where the subject names no fleet. */
export function fleetOfSubject(subject: string): FleetRef {
  const [prefix, region, fleet, ...rest] = subject.split('.');
  if (prefix !== 'fleet' || !region || !fleet || rest.length > 0) {
    throw new Unparsable(`"${subject}" is not the subject of a fleet`);
  }
  return { region, fleet };
}

/** A fleet's name in APIs: `region.fleet`. */
export function fleetName({ region, fleet }: FleetRef): string {
  return `${region}.${fleet}`;
}

/** Undefined where `name` cannot be the name of a fleet that has a size. */
export function fleetNamed(name: string): FleetRef | undefined {
  const [region, fleet, ...rest] = name.split('.');
  if (!region || !fleet || rest.length > 0) return undefined;
  return TOKEN.test(region) && TOKEN.test(fleet) ? { region, fleet } : undefined;
}

/** The name of a build or build configuration in APIs: `region.name`. */
export function nameInRegion({ region, name }: NamedInRegion): string {
  return `${region}.${name}`;
}

/** Undefined where `id` cannot be the name of a build or build configuration. */
export function namedInRegion(id: string): NamedInRegion | undefined {
  const ref = fleetNamed(id);
  return ref && { region: ref.region, name: ref.fleet };
}

/** Requests to size a fleet: request/reply, one allocator of the queue group answers. */
export function sizeSubject(region: string): string {
  return `size.${region}`;
}

/** Questions for the fleets of a region: request/reply, one allocator of the queue group answers. */
export function listFleetsSubject(region: string): string {
  return `fleets.${region}`;
}

/** Registrations of servers that register themselves: request/reply with the region's registrar. */
export function registerSubject(region: string): string {
  return `register.${region}`;
}

/** A registered server's signs of life: request/reply with the region's registrar. */
export function keepAliveSubject(region: string): string {
  return `keepalive.${region}`;
}

/** That a registered server ends: request/reply with the region's registrar. */
export function deregisterSubject(region: string): string {
  return `deregister.${region}`;
}

/** Questions for what the games of a slot have written: request/reply with its agent. */
export function logsSubject({ region, agent, slot }: SlotRef): string {
  return `logs.${region}.${agent}.${slot}`;
}

/** What the games of a slot write, as they do, while somebody follows. */
export function outputSubject({ region, agent, slot }: SlotRef): string {
  return `output.${region}.${agent}.${slot}`;
}

/** Questions for what the slots of an agent use: request/reply with the agent. */
export function usageSubject(region: string, agent: string): string {
  return `usage.${region}.${agent}`;
}

/** The queue group of a region's allocators: each message goes to one of them. */
export const ALLOCATORS = 'allocators';

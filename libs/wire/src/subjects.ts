import { Unparsable } from '#kernel';
import type { SlotRef } from '#slot';

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

/** The queue group of a region's allocators: each message goes to one of them. */
export const ALLOCATORS = 'allocators';

/** One kind of message on the bus, for the documentation and for permissions. */
export interface SubjectUse {
  /** `<word>` stands for one token. */
  readonly pattern: string;
  readonly carries: string;
  readonly publishedBy: string;
  readonly subscribedBy: string;
}

const SLOT = { region: '<region>', agent: '<agent>', slot: '<slot>' };

/** Every subject there is, who speaks on it and who listens. */
export const SUBJECTS: readonly SubjectUse[] = [
  {
    pattern: slotSubject(SLOT),
    carries: "the slot's history: one CloudEvents document per event (JetStream)",
    publishedBy: 'allocators, each append a compare-and-set',
    subscribedBy: 'allocators (ordered consumer), `berth audit`',
  },
  {
    pattern: liveSubject(slotSubject(SLOT)),
    carries: 'the same documents, as they are stored',
    publishedBy: 'the stream (republish)',
    subscribedBy: "agents (their own slots'), gateways, dashboards",
  },
  {
    pattern: allocateSubject(SLOT.region),
    carries: 'a request for a server, and its answer',
    publishedBy: 'clients, gateways (request)',
    subscribedBy: `allocators, queue group \`${ALLOCATORS}\` (reply)`,
  },
  {
    pattern: deallocateSubject(SLOT.region),
    carries: 'a request to end an allocation, and its answer',
    publishedBy: 'clients, gateways (request)',
    subscribedBy: `allocators, queue group \`${ALLOCATORS}\` (reply)`,
  },
  {
    pattern: reportSubject(SLOT, '<allocator>'),
    carries: 'all an agent sees of a slot, to the allocator that claimed it',
    publishedBy: 'agents',
    subscribedBy: 'that allocator',
  },
  {
    pattern: reportSubject(SLOT),
    carries: 'all an agent sees of a slot, again until the log shows it',
    publishedBy: 'agents',
    subscribedBy: `allocators, queue group \`${ALLOCATORS}\``,
  },
];

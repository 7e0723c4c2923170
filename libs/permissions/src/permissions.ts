import { allEndpoints, liveSubject, SUBJECT_USES, type Role } from '#wire';
import { streamSubjects } from './stream-permissions.js';

/** What a user of nats-server may publish and hear, beside its own inbox. */
export interface Permissions {
  /** Subjects, in order and none twice; `*` stands for one token, `>` for the rest. */
  readonly publish: readonly string[];
  /** Subjects; one with a word behind a space may be heard in that queue group only. */
  readonly subscribe: readonly string[];
  /** Whether it answers what it is asked. */
  readonly answers: boolean;
}

/**
 * What a role may do in a region, by the table of endpoints.
 *
 * @param owner of slots, an agent's or a registrar's name; if it is missing, all of the role's together
 */
export function permissionsOf(role: Role, region: string, owner?: string): Permissions {
  const own = owner === undefined ? { region } : { region, agent: owner };
  const publish = new Set(streamSubjects(role, region, own));
  const subscribe = new Set<string>();
  let answers = false;
  for (const endpoint of allEndpoints) {
    const subject = endpoint.subject.filter(own);
    const heard = 'queue' in endpoint ? `${subject} ${endpoint.queue}` : subject;
    switch (endpoint.kind) {
      case 'asked':
        if (endpoint.askedBy.includes(role)) publish.add(subject);
        if (endpoint.servedBy !== role) break;
        subscribe.add(heard);
        answers = true;
        break;
      case 'told':
        if (endpoint.toldBy.includes(role)) publish.add(subject);
        if (endpoint.heardBy.includes(role)) subscribe.add(heard);
        break;
      case 'stored':
        if (endpoint.writtenBy.includes(role)) publish.add(subject);
        if (endpoint.repeatedTo?.includes(role)) subscribe.add(liveSubject(subject));
        break;
      default:
        endpoint satisfies never;
    }
  }
  addServices(role, publish, subscribe);
  return { publish: [...publish].sort(), subscribe: [...subscribe].sort(), answers };
}

/** Whether a role owns slots: its name is part of its subjects. */
export function isOwner(role: Role): boolean {
  return role === 'agent' || role === 'registrar';
}

/** NATS's protocol of services: questions to all, to those of a name, or to one. */
function addServices(role: Role, publish: Set<string>, subscribe: Set<string>): void {
  for (const { kind, publishedBy, heardBy } of SUBJECT_USES) {
    if (kind !== 'services') continue;
    if (publishedBy.includes(role)) publish.add(ANY_SERVICE);
    if (heardBy.includes(role)) subscribe.add(ANY_SERVICE);
  }
}

export const ANY_SERVICE = '$SRV.>';

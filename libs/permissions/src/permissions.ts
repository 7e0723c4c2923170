import { allEndpoints, liveSubject, SUBJECT_USES, type Role } from '#wire';
import { streamSubjects } from './stream-permissions.js';
import { STREAM_USES } from './stream-uses.js';

type Stored = Extract<(typeof allEndpoints)[number], { readonly kind: 'stored' }>;

/** What a user of nats-server may publish and subscribe to, besides its own inbox. */
export interface Permissions {
  /** Sorted subjects without duplicates; `*` stands for one token, `>` for the rest. */
  readonly publish: readonly string[];
  /**
   * Subjects; a subject that is followed by a word may be subscribed to only in that queue group.
   */
  readonly subscribe: readonly string[];
  /** Whether it may answer requests. */
  readonly answers: boolean;
}

/**
 * What a role may do in a region, derived from the table of endpoints.
 *
 * @param owner the name of an agent or a registrar; if missing, the result covers all owners of the
 * role
 * @param project of a matchmaker: it may use only the subjects that name this project; if missing, it
 * is of all projects
 */
export function permissionsOf(
  role: Role,
  region: string,
  owner?: string,
  project?: string,
): Permissions {
  const own = {
    region,
    ...(owner !== undefined && { agent: owner }),
    ...(project !== undefined && { project }),
  };
  const publish = new Set(project === undefined ? streamSubjects(role, region, own) : []);
  const subscribe = new Set<string>();
  let answers = false;
  for (const endpoint of allEndpoints) {
    if (project !== undefined && !endpoint.subject.names.includes('project')) continue;
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
        if (isHeardAsStored(endpoint, role)) subscribe.add(subject);
        break;
      default:
        endpoint satisfies never;
    }
  }
  if (project === undefined) addServices(role, publish, subscribe);
  return { publish: [...publish].sort(), subscribe: [...subscribe].sort(), answers };
}

/** Whoever reads the last message of exact subjects may hear it when it is written. */
function isHeardAsStored({ stream, repeatedTo, readBy }: Stored, role: Role): boolean {
  const isOwn = STREAM_USES[stream][role]?.includes('own') === true;
  return isOwn && repeatedTo === undefined && readBy.includes(role);
}

/** Whether the role owns slots; its owners' names are part of their subjects. */
export function isOwner(role: Role): boolean {
  return role === 'agent' || role === 'registrar';
}

/**
 * NATS's protocol of services: requests to all services, to those of one name, or to one instance.
 */
function addServices(role: Role, publish: Set<string>, subscribe: Set<string>): void {
  for (const { kind, publishedBy, heardBy } of SUBJECT_USES) {
    if (kind !== 'services') continue;
    if (publishedBy.includes(role)) publish.add(ANY_SERVICE);
    if (heardBy.includes(role)) subscribe.add(ANY_SERVICE);
  }
}

export const ANY_SERVICE = '$SRV.>';

import { projectName } from '#slot';
import { TOKEN, type Role } from '#wire';
import { isOwner, permissionsOf, type Permissions } from './permissions.js';

/** In the order in which they are shown. */
export const ROLES = [
  'allocator',
  'gateway',
  'registrar',
  'agent',
  'client',
  'operator',
  'auditor',
] as const satisfies readonly Role[];

/** One user of nats-server. */
export interface Identity {
  readonly role: Role;
  /** Roles in the same account that it has as well. */
  readonly also?: readonly Role[];
  /** Unique. For an agent or a registrar, exactly the name under which it owns slots. */
  readonly name: string;
  /** The regions in which it may do what its role allows; an owner of slots has exactly one. */
  readonly regions: readonly string[];
  /** Of a matchmaker: its project; missing: it is of all projects. */
  readonly project?: string;
  /** The prefix of its inboxes; made from its name if missing. */
  readonly inboxPrefix?: string;
}

/** Throws `TypeError`, with the reason, if the identity is not possible. */
export function identityNamed(
  role: Role,
  name: string,
  regions: readonly string[],
  project?: string,
): Identity {
  if (!TOKEN.test(name)) {
    throw new TypeError(`"${name}" cannot be a name: 1 to 64 letters, digits, "-" and "_"`);
  }
  const wrong = regions.find((region) => !TOKEN.test(region));
  if (wrong !== undefined) throw new TypeError(`"${wrong}" cannot be a region`);
  if (regions.length === 0) throw new TypeError(`${role} ${name} needs a region`);
  if (isOwner(role) && regions.length > 1) {
    throw new TypeError(`${role} ${name} owns slots, so it is of one region`);
  }
  if (project !== undefined && role !== 'client') {
    throw new TypeError(`${role} ${name} cannot be of one project: only a matchmaker can`);
  }
  const isProject = project === undefined || projectName.safeParse(project).success;
  if (!isProject) throw new TypeError(`"${project}" cannot be a project`);
  return { role, name, regions: [...new Set(regions)], ...(project !== undefined && { project }) };
}

/** The prefix of the subjects for answers to the identity; nobody else may subscribe to them. */
export function inboxPrefixOf({
  name,
  inboxPrefix,
}: Pick<Identity, 'name' | 'inboxPrefix'>): string {
  return inboxPrefix ?? `_INBOX_${name}`;
}

/** Everything that an identity may do, including its own inbox. */
export function permissionsFor(identity: Identity): Permissions {
  const { role, also = [], name, regions, project } = identity;
  const roles = [role, ...also];
  const all = regions.flatMap((region) =>
    roles.map((one) => permissionsOf(one, region, isOwner(one) ? name : undefined, project)),
  );
  const inbox = `${inboxPrefixOf(identity)}.>`;
  return {
    publish: [...new Set(all.flatMap(({ publish }) => publish))].sort(),
    subscribe: [inbox, ...[...new Set(all.flatMap(({ subscribe }) => subscribe))].sort()],
    answers: all.some(({ answers }) => answers),
  };
}

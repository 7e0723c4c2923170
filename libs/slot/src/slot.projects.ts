import { z } from 'zod';

/** The project of every id, slot and token that names none. */
export const DEFAULT_PROJECT = 'default';

/** Not a project, because the store of results uses the word before an id. */
const RESERVED = 'asked';

/** The name of a project: a token of a NATS subject, without letters that only differ in case. */
export const projectName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]{0,31}$/,
    'must be 1 to 32 lower-case letters, digits or -, and not begin with -',
  )
  .refine((name) => name !== RESERVED, `must not be "${RESERVED}"`);

/**
 * The id of an allocation as the log, the bus and every index know it: `<project> <id>`, and the
 * bare id in the default project. Requesters' ids contain no space, so the allocations of two
 * projects never have one full id.
 */
export function fullId(project: string, id: string): string {
  return project === DEFAULT_PROJECT ? id : `${project} ${id}`;
}

/** The project of the allocation with this full id. */
export function projectOf(full: string): string {
  const space = full.indexOf(' ');
  return space === -1 ? DEFAULT_PROJECT : full.slice(0, space);
}

/** Whether requests of the project may be given the slot that offers this. */
export function servesProject(
  { projects }: { readonly projects?: readonly string[] | undefined },
  project: string = DEFAULT_PROJECT,
): boolean {
  return projects === undefined ? project === DEFAULT_PROJECT : projects.includes(project);
}

/** The id by which the allocation's own project, and its game, know it. */
export function plainId(full: string): string {
  return full.slice(full.indexOf(' ') + 1);
}

import type { z } from 'zod';
import { jsonText } from './schema.js';

/**
 * Where in a document JSON is carried unparsed. The schema determines it, and it is needed before
 * parsing.
 */
export interface Places {
  /** Whether the whole value at this place is carried unparsed. */
  readonly isText?: boolean;
  readonly members?: ReadonlyMap<string, Places>;
  /** For each element of a list, and each member of an object that is not in `members`. */
  readonly each?: Places;
}

/** The places of `jsonText` in a schema; undefined if it has none. */
export function placesOf(schema: z.ZodType): Places | undefined {
  let places = known.get(schema);
  if (places === undefined && !known.has(schema)) known.set(schema, (places = find(schema.def)));
  return places;
}

const known = new WeakMap<z.ZodType, Places | undefined>();

/** Adding checks to `jsonText` makes another definition, which begins with the same check. */
function isCarried({ checks }: z.ZodType['def']): boolean {
  const [mark] = jsonText.def.checks ?? [];
  return mark !== undefined && checks?.[0] === mark;
}

/** The parts of zod's public schema definition (`schema.def`) that are needed to walk a schema. */
interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly options?: readonly z.ZodType[];
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
  readonly out?: z.ZodType;
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly left?: z.ZodType;
  readonly right?: z.ZodType;
}

function find(def: z.ZodType['def']): Places | undefined {
  if (isCarried(def)) return { isText: true };
  const {
    shape,
    options,
    innerType,
    in: from,
    out,
    element,
    valueType,
    left,
    right,
  } = def as unknown as Definition;
  if (shape !== undefined) return membersOf(shape);
  const each = [element, valueType].find((one) => one !== undefined);
  if (each !== undefined) {
    const places = placesOf(each);
    return places && { each: places };
  }
  return [...(options ?? []), innerType, from, out, left, right]
    .map((part) => part && placesOf(part))
    .reduce(merge, undefined);
}

function membersOf(shape: Readonly<Record<string, z.ZodType>>): Places | undefined {
  const members = new Map<string, Places>();
  for (const [name, member] of Object.entries(shape)) {
    const places = placesOf(member);
    if (places !== undefined) members.set(name, places);
  }
  return members.size === 0 ? undefined : { members };
}

function merge(one: Places | undefined, other: Places | undefined): Places | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const members = new Map(one.members);
  for (const [name, places] of other.members ?? []) {
    const merged = merge(members.get(name), places);
    if (merged !== undefined) members.set(name, merged);
  }
  const each = merge(one.each, other.each);
  return {
    ...((one.isText === true || other.isText === true) && { isText: true }),
    ...(members.size > 0 && { members }),
    ...(each !== undefined && { each }),
  };
}

import { Unparsable } from '#kernel';

const LENGTH_MAX = 64;

/**
 * A valid name in Berth for a name that may hold any characters. Throws `Unparsable` if none of its
 * characters can be used.
 */
export function slug(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, '');
  if (plain !== '') return plain.slice(0, LENGTH_MAX);
  throw new Unparsable(`"${name}" has no character that a name in Berth may have`);
}

/** Throws `Unparsable` if two names would become the same. */
export function allSlugs(names: readonly string[]): void {
  const taken = new Map<string, string>();
  for (const name of names) {
    const other = taken.get(slug(name));
    if (other !== undefined) {
      throw new Unparsable(`"${other}" and "${name}" would both be called ${slug(name)}`);
    }
    taken.set(slug(name), name);
  }
}

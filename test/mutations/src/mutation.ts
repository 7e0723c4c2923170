/** A test that should notice: a spec file, or those of its tests whose name contains `named`. */
export interface Witness {
  readonly spec: string;
  readonly named?: string;
}

/** One subtle break of Berth's promises, as a patch of one source file. */
export interface Mutation {
  /** Short and unique. */
  readonly id: string;
  /** What is wrong once the patch is applied, in the words of a bug report. */
  readonly breaks: string;
  readonly file: string;
  /** Text that occurs in the file exactly once. */
  readonly search: string;
  readonly replace: string;
  /** Witnesses with `named` are asked only if the others notice nothing. */
  readonly witnesses: readonly Witness[];
}

/**
 * Two hundred seeds of the whole system with faults; ends with the first seed that shows a
 * violation.
 */
export const SIMULATOR: Witness = {
  spec: 'test/simulation/src/simulation.spec.ts',
  named: 'finds nothing wrong in',
};

export function specs(...paths: readonly string[]): readonly Witness[] {
  return paths.map((spec) => ({ spec }));
}

/** @throws {Error} the text to search for does not occur exactly once, or nothing is changed. */
export function mutated({ id, file, search, replace }: Mutation, source: string): string {
  const times = source.split(search).length - 1;
  if (times !== 1) throw new Error(`${id}: its text stands ${times} times in ${file}`);
  if (search === replace) throw new Error(`${id}: changes nothing`);
  return source.replace(search, () => replace);
}

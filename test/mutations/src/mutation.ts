/** A test that ought to notice: a file of specs, or those of its tests whose name has these words. */
export interface Witness {
  readonly spec: string;
  readonly named?: string;
}

/** One subtle break of what Berth promises, as a patch of one source file. */
export interface Mutation {
  /** Short, unique. */
  readonly id: string;
  /** What is wrong once it is applied, as one would say it of a faulty Berth. */
  readonly breaks: string;
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly search: string;
  readonly replace: string;
  /** Those that are picked out of their file are asked only where the others notice nothing. */
  readonly witnesses: readonly Witness[];
}

/** Two hundred seeds of the whole system with faults; it ends with the first that shows something. */
export const SIMULATOR: Witness = {
  spec: 'test/simulation/src/simulation.spec.ts',
  named: 'finds nothing wrong in',
};

export function specs(...paths: readonly string[]): readonly Witness[] {
  return paths.map((spec) => ({ spec }));
}

/** @throws {Error} the text to search for does not stand there exactly once, or nothing is changed. */
export function mutated({ id, file, search, replace }: Mutation, source: string): string {
  const times = source.split(search).length - 1;
  if (times !== 1) throw new Error(`${id}: its text stands ${times} times in ${file}`);
  if (search === replace) throw new Error(`${id}: changes nothing`);
  return source.replace(search, () => replace);
}

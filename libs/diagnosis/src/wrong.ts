/** What is wrong, and how to mend it. */
export interface Wrong {
  readonly what: string;
  readonly remedy: string;
}

/** What cannot be known, and how it becomes known. */
export interface Unknown {
  readonly unknown: string;
  readonly remedy: string;
}

/** The first five names, and how many more there are. */
export function listed(names: readonly string[]): string {
  const [few, more] = [names.slice(0, 5), names.length - 5];
  return few.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

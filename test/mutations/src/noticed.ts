import type { Mutation } from './mutation.js';

/** The list of which test noticed which mutation, from the last run of all of them. */
export const NOTICED = 'test/mutations/noticed.md';

/** A mutation, and the full name of the first test that failed. */
export interface Noticed {
  readonly mutation: Mutation;
  readonly by: string;
}

/** The list as Markdown. */
export function listOf(noticed: readonly Noticed[]): string {
  const rows = noticed.map(
    ({ mutation, by }) => `- \`${mutation.id}\`: ${mutation.breaks}  \n  ${by}`,
  );
  const head =
    'Written by `npm run mutate`: each break of the protocol, and the test that noticed it.';
  return ['# Which test notices which break', '', head, '', ...rows, ''].join('\n');
}

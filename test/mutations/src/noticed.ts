import { mutations } from './catalogue/mutations.js';

/** The list of which test noticed which mutation, as Markdown. */
export const NOTICED = 'test/mutations/noticed.md';

const HEAD = `# Which test notices which break

Written by \`npm run mutate\`: each break of the protocol, and the test that noticed it.
`;

const LINES = /^- `([^`]+)`: .*  \n {2}(.*)$/gm;

/** The ids in the list, each with the name of the test. */
export function testsIn(list: string): ReadonlyMap<string, string> {
  return new Map([...list.matchAll(LINES)].map(([, id = '', test = '']) => [id, test]));
}

/**
 * The list after one mutation was tried.
 *
 * @param by the full name of the first test that failed; undefined if none did
 */
export function amended(list: string, id: string, by: string | undefined): string {
  const tests = new Map(testsIn(list));
  if (by === undefined) tests.delete(id);
  else tests.set(id, by);
  const lines = mutations
    .filter((mutation) => tests.has(mutation.id))
    .map((mutation) => `- \`${mutation.id}\`: ${mutation.breaks}  \n  ${tests.get(mutation.id)}`);
  return [HEAD, ...lines, ''].join('\n');
}

import { describe, expect, it } from '@jest/globals';
import { DEFAULT_PROJECT, fullId, plainId, projectName, projectOf } from '#slot';

describe('The full id of an allocation', () => {
  it.each([
    [DEFAULT_PROJECT, 'match-1', 'match-1'],
    ['acme', 'match-1', 'acme match-1'],
    ['acme', 'acme/match.1', 'acme acme/match.1'],
  ])('of project %s and id %s is %j, and tells both', (project, id, full) => {
    expect(fullId(project, id)).toBe(full);
    expect([projectOf(full), plainId(full)]).toEqual([project, id]);
  });
});

describe('The name of a project', () => {
  it.each(['acme', 'a', '0-day', DEFAULT_PROJECT, 'x'.repeat(32)])('may be %s', (name) =>
    expect(projectName.safeParse(name).success).toBe(true),
  );

  it.each(['', 'Acme', 'a.b', 'a b', '-a', 'a_b', '*', 'x'.repeat(33), 'asked'])(
    'may not be %j',
    (name) => expect(projectName.safeParse(name).success).toBe(false),
  );
});

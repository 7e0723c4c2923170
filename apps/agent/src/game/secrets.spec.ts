import { describe, expect, it } from '@jest/globals';
import { readSecrets } from './secrets.js';

describe('The secrets of a machine', () => {
  const read = (value: string) =>
    readSecrets(
      { API_KEY: { from: 'env', name: 'KEY' } },
      { folder: undefined, environment: { KEY: value } },
    );

  it('are given by the names of the variables that the build configuration asks for', async () => {
    expect(await read('of the machine')).toEqual({ API_KEY: 'of the machine' });
  });

  it('are not quoted where no variable can hold them', async () => {
    const reason = await read('of the\0machine').catch(String);
    expect(reason).toContain('the secret API_KEY of its build configuration');
    expect(reason).not.toContain('of the');
  });
});

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { receivedBy } from '../../test/support/typing.js';
import { api, onApi } from '../../test/support/typed/words.js';

describe('A flag of the agent', () => {
  const variable = 'BERTH_API';
  beforeEach(() => void (process.env[variable] = 'http://elsewhere'));
  afterEach(() => void delete process.env[variable]);

  it('belongs to check on either side of its name; the last one counts', async () => {
    const words = ['agent', '--slots', '2', '--region', 'us', 'check', '--region', 'eu'];
    expect(await receivedBy(words)).toMatchObject({
      command: 'agent check',
      options: { slots: '2', region: 'eu' },
    });
  });

  it('ends at --, whatever arguments the game gets', async () => {
    const words = ['agent', '--slots', '2', '--', 'server', '--slots', '9', '--help'];
    expect(await receivedBy(words)).toEqual({
      command: 'agent',
      args: [['server', '--slots', '9', '--help']],
      options: { slots: '2' },
    });
  });

  it('overrides the environment, as with every command', async () => {
    expect((await receivedBy(['slots'])).options).toMatchObject({ api: 'http://elsewhere' });
    expect((await receivedBy(['slots', ...api])).options).toMatchObject(onApi);
  });
});

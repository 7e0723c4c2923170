import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { answerTo } from './usage.js';
import { version } from './version.js';

const usage = {
  name: 'harbour',
  purpose: 'keeps ships',
  settings: {
    BERTH_SHIPS: z.coerce.number().int().min(1).default(4).describe('how many ships it keeps'),
    BERTH_QUAY: z.string().describe('where it keeps them'),
  },
};

describe('A service', () => {
  it('runs if its command line has no arguments', () => expect(answerTo([], usage)).toBeNull());

  it.each(['--help', '-h'])('lists its settings with %s', (word) => {
    const said = answerTo([word], usage);
    expect(said?.exitCode).toBe(0);
    expect(said?.text).toContain('BERTH_SHIPS\n      how many ships it keeps\n');
    expect(said?.text).toContain('whole number, 1 or more; default 4\n');
    expect(said?.text).toContain('text; required\n');
  });

  it('prints its version', () => {
    expect(answerTo(['--version'], usage)).toEqual({ text: `${version}\n`, exitCode: 0 });
  });

  it.each([['--hepl'], ['start'], ['--regions', 'eu'], ['']])(
    'does not run with %j',
    (...words) => {
      const said = answerTo(words, usage);
      expect(said?.exitCode).toBe(2);
      expect(said?.text).toContain(`unknown argument "${words[0]}"`);
    },
  );
});

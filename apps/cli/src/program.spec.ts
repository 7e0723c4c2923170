import { describe, expect, it } from '@jest/globals';
import { everyCommand, isRunnable, nameOf, receivedBy } from '../test/support/typing.js';
import { audit } from '../test/support/typed/audit.js';
import { deploying } from '../test/support/typed/deploying.js';
import { installing } from '../test/support/typed/installing.js';
import { operating } from '../test/support/typed/operating.js';
import { program } from './program.js';

/** Every command with every option, and what its action must receive. */
const TYPED = [...installing, ...deploying, ...operating, ...audit];

const runnable = everyCommand(program(() => undefined)).filter(isRunnable);
const commandIn = (words: readonly string[]) =>
  runnable
    .map(nameOf)
    .filter((name) => `${words.join(' ')} `.startsWith(`${name} `))
    .sort((one, other) => other.length - one.length)[0];

describe('A command line', () => {
  it.each(TYPED.map((row) => [commandIn(row[0]), row] as const))(
    'calls %s with its options',
    async (command, [words, args, options]) => {
      expect(await receivedBy(words)).toEqual({ command, args, options });
    },
  );

  it('is tested here for every command and every option', () => {
    const missing = runnable.flatMap((command) => {
      const rows = TYPED.filter(([words]) => commandIn(words) === nameOf(command));
      const options = command.options.filter(
        ({ long }) => !rows.some(([words]) => words.includes(long ?? '')),
      );
      return rows.length === 0
        ? [nameOf(command)]
        : options.map(({ long }) => `${nameOf(command)} ${long}`);
    });
    expect(missing).toEqual([]);
  });

  it('is refused if no command accepts it', async () => {
    for (const words of [
      ['slots', '--nothing'],
      ['slots', 'extra'],
      ['nothing'],
      ['fleet', 'no'],
    ]) {
      await expect(receivedBy(words)).rejects.toThrow(/unknown|too many/);
    }
  });
});

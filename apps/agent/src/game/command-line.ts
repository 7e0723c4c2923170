import { PLACEHOLDERS } from './launch-context.js';

/**
 * The command with its placeholders filled in: `{port}`, or `$$port$$` as Multiplay writes it.
 * Unknown placeholders stay as they are, so that arguments may be JSON.
 */
export function fillIn(
  command: readonly string[],
  words: Readonly<Record<string, string>>,
): readonly string[] {
  return command.map((argument) =>
    argument.replace(
      /\{([a-z_][a-z0-9_]*)\}|\$\$([a-z_][a-z0-9_]*)\$\$/g,
      (text, plain?: string, multiplay?: string) => words[plain ?? multiplay ?? ''] ?? text,
    ),
  );
}

const WHOLE = 'commandline';

/**
 * The arguments of a game. `$$commandline$$` in an argument is replaced by all the other arguments,
 * filled in and joined by spaces: for programs that start the game with a command line of their
 * own.
 */
export function argumentsOf(
  written: readonly string[],
  words: Readonly<Record<string, string>>,
): readonly string[] {
  const others = written.filter((argument) => !isWhole(argument));
  return fillIn(written, { ...words, [WHOLE]: fillIn(others, words).join(' ') });
}

/** Whether `$$name$$` is replaced in an argument. */
export function isPlaceholder(name: string): boolean {
  return name === WHOLE || PLACEHOLDERS.some((known) => known === name);
}

function isWhole(argument: string): boolean {
  return argument.includes(`$$${WHOLE}$$`) || argument.includes(`{${WHOLE}}`);
}

import type { Command } from 'commander';
import { flagOf } from '../environment.js';
import type { print, Shape } from '../terminal.js';
import { Api } from './api.js';

/** Prints a command's output. */
export type Print = typeof print;

export interface CommonOptions {
  readonly api: string;
  readonly json?: true;
}

/** Adds the options of every command that prints an answer of the API. */
export function onApi(command: Command): Command {
  return command
    .addOption(flagOf('--api <url>', 'BERTH_API'))
    .option('--json', 'print what the API answers');
}

/**
 * Reads the access token from the environment only: other users of the machine can see the
 * arguments of a command.
 */
export function apiOf({ api }: Pick<CommonOptions, 'api'>): Api {
  return new Api(api, process.env['BERTH_TOKEN'] || undefined);
}

/** Prints the answer as JSON if `--json` was given, otherwise as text. */
export function show<T>(
  print: Print,
  { json }: { readonly json?: true | undefined },
  answer: T,
  text: (answer: T) => string,
  shape?: Shape,
) {
  if (json) print(JSON.stringify(answer, null, 2), 'verbatim');
  else print(text(answer), shape);
}

/** Collects an option that may be repeated. `<value...>` would also take the arguments after it. */
export function collected(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

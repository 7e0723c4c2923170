import type { Command } from 'commander';
import { flagOf } from '../environment.js';
import { Api } from './api.js';

/** Where a command's output goes. */
export type Print = (text: string) => void;

export interface CommonOptions {
  readonly api: string;
  readonly json?: true;
}

/** What every command that prints an answer of the API understands. */
export function onApi(command: Command): Command {
  return whereApiIs(command).option('--json', 'print what the API answers');
}

export function whereApiIs(command: Command): Command {
  return command.addOption(flagOf('--api <url>', 'BERTH_API'));
}

/** The access token comes from the environment alone: what is typed, others on the machine can see. */
export function apiOf({ api }: Pick<CommonOptions, 'api'>): Api {
  return new Api(api, process.env['BERTH_TOKEN'] || undefined);
}

/** Prints the answer as it is where that was asked for, else as text. */
export function show<T>(
  print: Print,
  { json }: CommonOptions,
  answer: T,
  text: (answer: T) => string,
) {
  print(json ? JSON.stringify(answer, null, 2) : text(answer));
}

/** For an option that may be repeated. `<value...>` would take the arguments behind it as well. */
export function collected(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

import type { Launch } from '../process/processes.js';
import { argumentsOf } from '../game/command-line.js';
import { placeholders, variables, type LaunchContext } from '../game/launch-context.js';
import type { Recipe } from './build-preparer.js';

/** What distinguishes one start from all others. */
export type Start = Pick<Launch, 'id' | 'token' | 'startedAt'>;

/** How to start a recipe in a slot. */
export function launchOf(
  { run, configuration, installed }: Recipe,
  context: LaunchContext,
  inherited: Readonly<Record<string, string>>,
  start: Start,
  secrets: Readonly<Record<string, string>> = {},
): Launch {
  const { executable, folder, group } = installed;
  const words = placeholders(context, executable, start.startedAt);
  const isInBuild = configuration.workingDirectory === 'build' && folder !== null;
  return {
    ...start,
    ...run,
    command: [executable, ...argumentsOf(configuration.arguments, words)],
    environment: environmentOf(context, { ...inherited, ...secrets }, start.token),
    workingDirectory: isInBuild ? folder : context.home,
    ...(group !== undefined && { group }),
    limits: configuration,
  };
}

/** Berth's own variables come last, so that no other variable replaces them. */
export function environmentOf(
  context: LaunchContext,
  inherited: Readonly<Record<string, string>>,
  token: string,
): Record<string, string> {
  return { ...inherited, ...context.variables, ...variables(context, token) };
}

/**
 * The answer of a game that gave none itself: those of the named variables that are set; null if
 * there are none.
 */
export function answerOf(
  names: readonly string[],
  environment: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> | null {
  const found = names.flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return found.length === 0 ? null : Object.fromEntries(found);
}

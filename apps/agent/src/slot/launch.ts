import type { Launch } from '../process/processes.js';
import { argumentsOf } from '../game/command-line.js';
import { placeholders, variables, type Surroundings } from '../game/surroundings.js';
import type { Recipe } from './preparation.js';

/** What tells one start from all others. */
export type Start = Pick<Launch, 'id' | 'token' | 'startedAt'>;

/** How a recipe is started at this place. */
export function launchOf(
  { run, configuration, installed }: Recipe,
  place: Surroundings,
  inherited: Readonly<Record<string, string>>,
  start: Start,
): Launch {
  const { executable, folder } = installed;
  const words = placeholders(place, executable, start.startedAt);
  const isInBuild = configuration.workingDirectory === 'build' && folder !== null;
  return {
    ...start,
    ...run,
    command: [executable, ...argumentsOf(configuration.arguments, words)],
    environment: environmentOf(place, inherited, start.token),
    ...(isInBuild && { workingDirectory: folder }),
  };
}

/** Berth's own variables come last: nothing else may have their names. */
export function environmentOf(
  place: Surroundings,
  inherited: Readonly<Record<string, string>>,
  token: string,
): Record<string, string> {
  return { ...inherited, ...place.variables, ...variables(place, token) };
}

/** What a game answers that gave no answer of its own: variables, by their names. */
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

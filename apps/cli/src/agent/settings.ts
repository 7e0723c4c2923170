import { resolve } from 'node:path';
import { COMMAND, DATA_DEFAULT, flags } from './flags.js';
import { didYouMean } from './nearest.js';
import { readSettingsFile } from './settings-file.js';

/** Flags that were typed, by the names that commander gives them (`coldStartMs`). */
export type Typed = Readonly<Record<string, string | undefined>>;

/**
 * The settings of an agent. A flag takes precedence over the environment, and the environment over
 * the file. The rest of the environment is included, because games inherit the variables that are
 * listed.
 */
export function settingsOf(
  typed: Typed,
  words: readonly string[],
  env: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  const path = typed['config'] ?? env['BERTH_CONFIG'];
  const inFile = path === undefined || path === '' ? {} : readSettingsFile(path);
  const inEnvironment = Object.entries(env).filter(([, value]) => !!value);
  const onLine = flags.flatMap(({ setting, name }): [string, string][] => {
    const value = typed[camelCase(name)];
    return value === undefined ? [] : [[setting, value]];
  });
  return {
    BERTH_DATA: DATA_DEFAULT,
    ...inFile,
    ...Object.fromEntries(inEnvironment),
    ...Object.fromEntries(onLine),
    ...(words.length > 0 && { [COMMAND]: JSON.stringify(found(words)) }),
  };
}

/** Variables that other commands read, and the name of the settings file. */
const OF_BERTH = ['BERTH_CONFIG', 'BERTH_API', 'BERTH_TOKEN', 'BERTH_TOKENS'];

/**
 * `BERTH_` variables that an agent does not know, each with a suggestion if a known name is near.
 */
export function strangersIn(env: NodeJS.ProcessEnv): readonly string[] {
  const known = [...flags.map(({ setting }) => setting), ...OF_BERTH];
  return Object.keys(env)
    .filter((name) => name.startsWith('BERTH_') && !known.includes(name))
    .map((name) => `${name}${didYouMean(name, known)}`);
}

/** Replaces names of settings in a message by flags, because the user types flags. */
export function inFlags(message: string): string {
  return flags.reduce(
    (text, { setting, name }) => text.replaceAll(`  ${setting}:`, `  --${name} (${setting}):`),
    message.replace(`  ${COMMAND}: Invalid input: expected string, received undefined`, NO_COMMAND),
  );
}

const NO_COMMAND =
  '  no command: say how the game is run, as in: berth agent -- ./server -port {port}';

/** Makes a path absolute, because games run in folders of their own. */
function found([executable = '', ...rest]: readonly string[]): readonly string[] {
  return [executable.includes('/') ? resolve(executable) : executable, ...rest];
}

function camelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

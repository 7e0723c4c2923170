import type { SecretPlace } from '#build';
import { errorMessage, TransientError } from '#kernel';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The secrets that this machine gives to games whose build configuration names them. */
export interface MachineSecrets {
  /** A folder with one file for each; undefined: build configurations get no files. */
  readonly folder: string | undefined;
  /** Those in the agent's own environment, by the names of their variables. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * The values of a build configuration's secrets, read anew for each start of a game, so that a rotated one
 * is used from the next start on.
 *
 * @throws {TransientError} the machine does not have one of them, or no variable can hold it.
 */
export async function readSecrets(
  places: Readonly<Record<string, SecretPlace>>,
  machine: MachineSecrets,
): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const [variable, { from, name }] of Object.entries(places)) {
    const read = from === 'file' ? inFile : inEnv;
    const value = await read(variable, name, machine);
    // No variable can hold it, and the error of the start would quote the value.
    if (value.includes('\0')) throw unusable(variable, 'its value has a zero byte');
    values[variable] = value;
  }
  return values;
}

/** Without the line break that editors put at a file's end. */
async function inFile(variable: string, file: string, { folder }: MachineSecrets): Promise<string> {
  if (folder === undefined) throw unusable(variable, 'this machine has no BERTH_SECRETS_FOLDER');
  try {
    return (await readFile(join(folder, file), 'utf8')).replace(/\r?\n$/, '');
  } catch (error) {
    throw unusable(variable, errorMessage(error));
  }
}

function inEnv(variable: string, listed: string, { environment }: MachineSecrets): string {
  const value = environment[listed];
  if (value !== undefined) return value;
  const says = `BERTH_SECRET_ENV of this machine does not list ${listed}, or it is not set`;
  throw unusable(variable, says);
}

function unusable(variable: string, because: string): TransientError {
  return new TransientError(`the secret ${variable} of its build configuration: ${because}`);
}

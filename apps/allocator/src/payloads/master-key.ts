import { errorMessage } from '#kernel';
import { ConfigInvalid } from '#service-runtime';
import { readFileSync } from 'node:fs';
import { KEY_BYTES } from './cipher.js';

const SETTING = 'BERTH_PAYLOAD_MASTER_KEY_FILE';

/** The master keys: the first encrypts, any of them decrypts. None: nothing is encrypted with one. */
export type MasterKeys = () => readonly Uint8Array[];

/**
 * Reads a file with a master key on each line, now and each time that the keys are asked for, so a
 * rotation needs no restart.
 *
 * @param warn called if the file cannot be used any more; the keys that were read last stay valid
 * @throws {ConfigInvalid} the file cannot be used now.
 */
export function masterKeysIn(file: string | undefined, warn: (says: string) => void): MasterKeys {
  if (file === undefined) return () => [];
  let keys = keysIn(file);
  return () => {
    try {
      keys = keysIn(file);
    } catch (error) {
      warn(errorMessage(error));
    }
    return keys;
  };
}

function keysIn(file: string): readonly Uint8Array[] {
  const lines = textIn(file)
    .split('\n')
    .filter((line) => line.trim() !== '');
  const keys = lines.map((line) => Buffer.from(line.trim(), 'base64'));
  const wrong = keys.length === 0 ? Buffer.of() : keys.find(({ length }) => length !== KEY_BYTES);
  if (wrong === undefined) return keys;
  const must = `must have ${KEY_BYTES} in base64 on each line: openssl rand -base64 ${KEY_BYTES}`;
  throw new ConfigInvalid(`${SETTING}: ${file} has ${wrong.length} bytes, and ${must}`);
}

function textIn(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ConfigInvalid(`${SETTING} cannot be read: ${errorMessage(cause)}`, { cause });
  }
}

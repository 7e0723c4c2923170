import { errorMessage } from '#kernel';
import { readFileSync, statSync } from 'node:fs';

/** The login to NATS is contradictory, or one of its files is not usable. */
export class LoginInvalid extends Error {
  override readonly name = 'LoginInvalid';
}

/** Called with a problem that does not stop the program. */
export type Warn = (text: string) => void;

/** Permissions that a secret should not have: read by everybody, write by others than the owner. */
const TOO_WIDE = 0o026;

/**
 * Reads a file with a secret.
 *
 * @param called the name of the file in messages
 * @param warn called if the mode of the file lets others read or change it
 * @throws {LoginInvalid} it cannot be read.
 */
export function readSecret(called: string, path: string, warn?: Warn): string {
  try {
    const text = readFileSync(path, 'utf8');
    const mode = statSync(path).mode & 0o777;
    if ((mode & TOO_WIDE) !== 0) {
      warn?.(`${called} is open to others (mode ${mode.toString(8)}): chmod 600 ${path}`);
    }
    return text;
  } catch (cause) {
    throw new LoginInvalid(`${called} cannot be read: ${errorMessage(cause)}`, { cause });
  }
}

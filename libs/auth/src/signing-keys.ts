import { errorMessage, type Cancel } from '#kernel';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { followFile, type FollowOptions } from './follow-file.js';

/** Shorter keys could be guessed: 256 bits in base64 are 44 characters, in hexadecimal 64. */
const KEY_LENGTH_MIN = 43;

/** One that signs, one or two that are being replaced, and one that will sign. */
const KEYS_MAX = 4;

/** The file of keys cannot be used; `message` tells the operator why, without quoting it. */
class KeyFileInvalid extends Error {
  override readonly name = 'KeyFileInvalid';
}

/** Keys of JSON Web Tokens: the first one signs, and all of them are valid. */
export type SigningKeys = readonly [string, ...string[]];

/** A key that nobody else knows, so that what it signs is good in this process alone. */
export function ownKeys(): SigningKeys {
  return [randomBytes(32).toString('base64')];
}

/**
 * Follows a file of keys, one on each line, as `followFile` does.
 *
 * @throws {KeyFileInvalid} if the file is invalid at the start
 */
export function followKeys(path: string, options: FollowOptions<SigningKeys>): Promise<Cancel> {
  const invalid = (what: string) => new KeyFileInvalid(`the file of keys ${path} ${what}`);
  const read = () =>
    readFile(path, 'utf8').catch((error: unknown) => {
      throw invalid(`cannot be read: ${errorMessage(error)}`);
    });
  const parse = (text: string): SigningKeys => {
    const [first, ...more] = text.split(/\s+/).filter((line) => line !== '');
    if (first === undefined) throw invalid('holds no key');
    if (more.length >= KEYS_MAX) throw invalid(`holds more than ${KEYS_MAX} keys`);
    if ([first, ...more].some(({ length }) => length < KEY_LENGTH_MIN)) {
      throw invalid(
        `holds a key of less than ${KEY_LENGTH_MIN} characters; make one: openssl rand -base64 32`,
      );
    }
    return [first, ...more];
  };
  return followFile(read, parse, options);
}

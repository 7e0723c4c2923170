import { errorMessage, Unparsable, type Cancel } from '#kernel';
import { chmod, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { parseTokens, tokensText, type AccessToken } from './access-token.js';
import { followFile, type FollowOptions } from './follow-file.js';

const READABLE_BY_OWNER = 0o600;

/** The file of tokens cannot be used; `message` tells the operator why. */
export class TokenFileInvalid extends Error {
  override readonly name = 'TokenFileInvalid';
}

/** Reads a file of tokens. Throws `TokenFileInvalid`. */
export async function readTokens(path: string): Promise<readonly AccessToken[]> {
  return parsed(path, await textOf(path));
}

/**
 * Follows a file of tokens, as `followFile` does.
 *
 * @throws {TokenFileInvalid} if the file is invalid at the start
 */
export function followTokens(
  path: string,
  options: FollowOptions<readonly AccessToken[]>,
): Promise<Cancel> {
  return followFile(
    () => textOf(path),
    (text) => parsed(path, text),
    options,
  );
}

/**
 * Changes a file of tokens, or creates it, by rename: readers see the old file or the new one.
 *
 * @throws {TokenFileInvalid} if the file cannot be read, or another process is changing it
 */
export async function changeTokens(
  path: string,
  change: (tokens: readonly AccessToken[]) => readonly AccessToken[],
): Promise<void> {
  const next = `${path}.new`;
  const file = await open(next, 'wx', READABLE_BY_OWNER).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw unusable(path, `cannot be written: ${error.message}`);
    throw unusable(path, `is being changed by somebody else; if not, delete ${next}`);
  });
  try {
    const mode = (await stat(path).catch(() => undefined))?.mode;
    const before = mode === undefined ? [] : await readTokens(path);
    await file.writeFile(tokensText(change(before)));
    await file.sync();
    if (mode !== undefined) await chmod(next, mode & 0o777);
    await rename(next, path);
  } catch (error) {
    await rm(next, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw unusable(path, `cannot be read: ${errorMessage(error)}`);
  }
}

function parsed(path: string, text: string): readonly AccessToken[] {
  try {
    return parseTokens(text);
  } catch (error) {
    if (error instanceof Unparsable) throw unusable(path, `is broken: ${error.message}`);
    throw error;
  }
}

function unusable(path: string, what: string): TokenFileInvalid {
  return new TokenFileInvalid(`the file of tokens ${path} ${what}`);
}

import { errorMessage, Unparsable, type Cancel, type Clock } from '#kernel';
import { chmod, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { parseTokens, tokensText, type AccessToken } from './access-token.js';

/**
 * How often (ms) the file is read. It is read whole, because a file watcher can miss a rename or a
 * mount.
 */
export const REREAD_MS = 1_000;

const READABLE_BY_OWNER = 0o600;

/** The file of tokens cannot be used; `message` tells the operator why. */
export class TokenFileInvalid extends Error {
  override readonly name = 'TokenFileInvalid';
}

interface TokenFileOptions {
  readonly clock: Clock;
  /** Called when the file has changed; the new tokens apply from now on. */
  readonly changed: (tokens: readonly AccessToken[]) => void;
  /** Called when the file cannot be read, once for each reason. The earlier tokens stay valid. */
  readonly broken: (reason: string) => void;
}

/** Reads a file of tokens. Throws `TokenFileInvalid`. */
export async function readTokens(path: string): Promise<readonly AccessToken[]> {
  return parsed(path, await textOf(path));
}

/**
 * Follows a file of tokens. A change applies at most a second after it was written. If the file
 * becomes invalid or is removed, the last valid tokens continue to apply.
 *
 * @throws {TokenFileInvalid} if the file is invalid at the start
 */
export async function followTokens(path: string, options: TokenFileOptions): Promise<Cancel> {
  let last = await textOf(path);
  let reason = '';
  let isReading = false;
  options.changed(parsed(path, last));

  const reread = async () => {
    try {
      const text = await textOf(path);
      if (text !== last) options.changed(parsed(path, text));
      last = text;
      reason = '';
    } catch (error) {
      if (errorMessage(error) !== reason) options.broken(errorMessage(error));
      reason = errorMessage(error);
    }
  };
  return options.clock.every(REREAD_MS, () => {
    if (isReading) return;
    isReading = true;
    void reread().finally(() => (isReading = false));
  });
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

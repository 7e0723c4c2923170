import {
  changeTokens,
  mintToken,
  readTokens,
  type AccessToken,
  type Scope,
  type TokenWish,
} from '#auth';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file of access tokens for specs, in its own folder. */
export class TestTokens {
  private constructor(private readonly folder: string) {}

  static async create(): Promise<TestTokens> {
    const tokens = new TestTokens(await mkdtemp(join(tmpdir(), 'berth-tokens-')));
    await changeTokens(tokens.path, () => []);
    return tokens;
  }

  get path(): string {
    return join(this.folder, 'tokens.json');
  }

  /** Adds a token, and returns the text that its holder sends. */
  async add(scopes: readonly Scope[], wish: Partial<TokenWish> = {}): Promise<string> {
    const { token, text } = mintToken({ name: 'test', scopes, ...wish }, randomBytes, Date.now());
    await changeTokens(this.path, (tokens) => [...tokens, token]);
    return text;
  }

  async keep(wanted: (token: AccessToken) => boolean): Promise<void> {
    await changeTokens(this.path, (tokens) => tokens.filter(wanted));
  }

  list(): Promise<readonly AccessToken[]> {
    return readTokens(this.path);
  }

  /** Writes any text into the file. */
  write(text: string): Promise<void> {
    return writeFile(this.path, text);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

export function bearer(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}` };
}

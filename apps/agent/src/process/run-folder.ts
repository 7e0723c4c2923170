import { parseBorn, type Born } from '#folder-lock';
import { readJson, readText, writeWhole } from '#slot-owner';
import type { ProcessExit } from '#slot';
import { chmod, mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readOwn } from '../machine/game-files.js';
import { makeOwn } from '../machine/game-users.js';
import { exitOfStatus } from './exit-status.js';

/** What the agent writes down before it starts the game. */
const started = z.object({
  id: z.string(),
  token: z.string(),
  startedAt: z.number(),
  buildConfiguration: z.string(),
  version: z.int().nonnegative().default(0),
});
export type Started = z.output<typeof started>;

/** The game, and the keeper that leads its process group. */
export interface Kept {
  readonly game: Born;
  readonly keeper: Born;
}

/**
 * The files of one start of a game: the agent writes `started`, the keeper writes `pid` and `exit`.
 */
export class RunFolder {
  private readonly path: string;
  /** Where the keeper writes. */
  readonly keeperPath: string;

  /**
   * @param user the user that keeper and game run as; null: the agent's own. A user can write its
   * part alone, and what it writes there is not trusted.
   */
  constructor(
    folder: string,
    readonly user: number | null,
  ) {
    this.path = join(folder, 'run');
    this.keeperPath = user === null ? this.path : join(this.path, 'keeper');
  }

  /** Removes the files of the previous run and writes `started`. */
  async prepare(start: Started): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
    await mkdir(this.path, { recursive: true });
    if (this.user !== null) {
      await chmod(this.path, 0o711);
      makeOwn(this.keeperPath, this.user);
    }
    writeWhole(join(this.path, 'started'), JSON.stringify(start));
  }

  started(): Started | null {
    return readJson(join(this.path, 'started'), started);
  }

  /** Null until the keeper has started the game. */
  async kept(): Promise<Kept | null> {
    const lines = (await this.read('pid'))?.split('\n') ?? [];
    const [game, keeper] = lines.map(parseBorn);
    if (!game || !keeper) return null;
    return (await this.areOwn([game, keeper])) ? { game, keeper } : null;
  }

  /** Null until the keeper has seen the game end. */
  async exit(): Promise<ProcessExit | null> {
    const text = await this.read('exit');
    return text === null ? null : exitOfStatus(Number.parseInt(text, 10));
  }

  /**
   * Notes that the game is being ended because it is unhealthy, so that a restarted agent knows it.
   */
  condemn(): void {
    writeWhole(join(this.path, 'condemned'), '');
  }

  async isCondemned(): Promise<boolean> {
    return readText(join(this.path, 'condemned')) !== null;
  }

  /** A game must not name processes of others, which the agent would then stop for it. */
  private async areOwn(named: readonly Born[]): Promise<boolean> {
    if (this.user === null) return true;
    for (const { pid } of named) {
      const uid = (await stat(`/proc/${pid}`).catch(() => null))?.uid;
      if (uid !== undefined && uid !== this.user) return false;
    }
    return true;
  }

  private async read(name: string): Promise<string | null> {
    const path = join(this.keeperPath, name);
    if (this.user !== null) return readOwn(path, this.user);
    try {
      return await readFile(path, 'utf8');
    } catch {
      return null;
    }
  }
}

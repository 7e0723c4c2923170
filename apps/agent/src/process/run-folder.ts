import { parseBorn, type Born } from '#folder-lock';
import { readJson, writeWhole } from '#slot-owner';
import type { ProcessExit } from '#slot';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
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
  readonly path: string;

  constructor(home: string) {
    this.path = join(home, 'run');
  }

  /** Removes the files of the previous run and writes `started`. */
  async prepare(start: Started): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
    await mkdir(this.path, { recursive: true });
    writeWhole(join(this.path, 'started'), JSON.stringify(start));
  }

  started(): Started | null {
    return readJson(join(this.path, 'started'), started);
  }

  /** Null until the keeper has started the game. */
  async kept(): Promise<Kept | null> {
    const lines = (await this.read('pid'))?.split('\n') ?? [];
    const [game, keeper] = lines.map(parseBorn);
    return game && keeper ? { game, keeper } : null;
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
    return (await this.read('condemned')) !== null;
  }

  private async read(name: string): Promise<string | null> {
    try {
      return await readFile(join(this.path, name), 'utf8');
    } catch {
      return null;
    }
  }
}

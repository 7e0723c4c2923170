import { parseBorn, type Born } from '#folder-lock';
import { readJson, writeWhole } from '#slot-owner';
import type { ProcessExit } from '#slot';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { exitOfStatus } from './exit-status.js';

/** What the agent wrote down before it started the game. */
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

/** What is known on disk of one start of a game: `started` by us, `pid` and `exit` by its keeper. */
export class RunFolder {
  readonly path: string;

  constructor(home: string) {
    this.path = join(home, 'run');
  }

  /** Forgets the run before. */
  async prepare(start: Started): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
    await mkdir(this.path, { recursive: true });
    writeWhole(join(this.path, 'started'), JSON.stringify(start));
  }

  started(): Started | null {
    return readJson(join(this.path, 'started'), started);
  }

  /** Null as long as the keeper has not started the game. */
  async kept(): Promise<Kept | null> {
    const lines = (await this.read('pid'))?.split('\n') ?? [];
    const [game, keeper] = lines.map(parseBorn);
    return game && keeper ? { game, keeper } : null;
  }

  /** Null as long as the keeper has not seen the game end. */
  async exit(): Promise<ProcessExit | null> {
    const text = await this.read('exit');
    return text === null ? null : exitOfStatus(Number.parseInt(text, 10));
  }

  /** That the run is being ended because it was not well, for an agent that comes later. */
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

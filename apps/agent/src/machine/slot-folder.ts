import { printJson } from '#json';
import { readJson, readText, writeInPlace, writeWhole } from '#slot-owner';
import { chmodSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { sessionRecord, type SessionRecord } from '../slot/session-record.js';
import { makeFolder, writeInto } from './game-files.js';
import { makeOwn } from './game-users.js';

const port = z.int().min(1).max(65_535);

/**
 * One port for players, one for queries, one for the callback. Extra ports are listed by name;
 * `extra` is missing if there are none.
 */
const slotPorts = z.object({
  game: port,
  query: port,
  callback: port,
  extra: z.record(z.string(), z.object({ first: port, last: port })).optional(),
});
export type SlotPorts = z.output<typeof slotPorts>;

const keptSlot = z.object({ ports: slotPorts.nullable(), retired: z.boolean() });

/** What `slot.json` keeps of a slot, across sessions and restarts of the agent. */
export type KeptSlot = z.output<typeof keptSlot>;

/** The files of a slot on its machine. They survive the agent. */
export abstract class SlotFolder {
  /** The game's working directory and `$HOME`. */
  abstract readonly home: string;
  abstract readonly logs: string;
  /** The user that the slot's games run as; null: the agent's own. */
  abstract readonly user: number | null;

  abstract readKept(): Promise<KeptSlot | null>;
  abstract writeKept(kept: KeptSlot): Promise<void>;
  abstract readRecord(): Promise<SessionRecord | null>;
  abstract writeRecord(record: SessionRecord): Promise<void>;
  /** Does not write the file if it has this text already: games watch it for writes. */
  abstract writeServerJson(text: string): Promise<void>;
}

export class DiskSlotFolder extends SlotFolder {
  readonly home: string;
  readonly logs: string;

  private constructor(
    private readonly folder: string,
    readonly user: number | null,
  ) {
    super();
    this.home = homeIn(folder, user);
    this.logs = join(this.home, 'logs');
  }

  /**
   * @param user the user that the slot's games run as. Then they have a folder of their own, `home`,
   * in the slot's, and cannot write to the others in it.
   * @throws {TransientError} if its home is another user's
   */
  static async open(
    dataFolder: string,
    slot: string,
    user: number | null = null,
  ): Promise<DiskSlotFolder> {
    const folder = new DiskSlotFolder(join(dataFolder, slot), user);
    // The output of games, which the agent reads.
    const output = join(folder.folder, 'logs');
    await mkdir(output, { recursive: true });
    if (user === null) return folder;
    chmodSync(folder.folder, 0o711);
    chmodSync(output, 0o700);
    makeOwn(folder.home, user);
    for (const own of [folder.logs, temporaryIn(folder.home)]) makeFolder(own, user);
    return folder;
  }

  async readKept(): Promise<KeptSlot | null> {
    return readJson(join(this.folder, 'slot.json'), keptSlot);
  }

  async writeKept(kept: KeptSlot): Promise<void> {
    writeWhole(join(this.folder, 'slot.json'), JSON.stringify(kept));
  }

  async readRecord(): Promise<SessionRecord | null> {
    return readJson(join(this.folder, 'session.json'), sessionRecord);
  }

  async writeRecord(record: SessionRecord): Promise<void> {
    writeWhole(join(this.folder, 'session.json'), printJson(record));
  }

  async writeServerJson(text: string): Promise<void> {
    const path = join(this.home, 'server.json');
    if (this.user !== null) writeInto(path, text, this.user);
    else if (readText(path) !== text) writeInPlace(path, text);
  }
}

/** The folder of a slot's games, in the slot's folder. */
function homeIn(folder: string, user: number | null): string {
  return user === null ? folder : join(folder, 'home');
}

/** The folder for temporary files of a game that has a user of its own. */
export function temporaryIn(home: string): string {
  return join(home, 'tmp');
}

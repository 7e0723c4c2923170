import { printJson } from '#json';
import { readJson, readText, writeInPlace, writeWhole } from '#slot-owner';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { sessionRecord, type SessionRecord } from '../slot/session-record.js';

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

  abstract readKept(): Promise<KeptSlot | null>;
  abstract writeKept(kept: KeptSlot): Promise<void>;
  abstract readRecord(): Promise<SessionRecord | null>;
  abstract writeRecord(record: SessionRecord): Promise<void>;
  /** Does not write the file if it has this text already: games watch it for writes. */
  abstract writeServerJson(text: string): Promise<void>;
}

export class DiskSlotFolder extends SlotFolder {
  readonly logs: string;

  private constructor(readonly home: string) {
    super();
    this.logs = join(home, 'logs');
  }

  static async open(dataFolder: string, slot: string): Promise<DiskSlotFolder> {
    const folder = new DiskSlotFolder(join(dataFolder, slot));
    await mkdir(folder.logs, { recursive: true });
    return folder;
  }

  async readKept(): Promise<KeptSlot | null> {
    return readJson(join(this.home, 'slot.json'), keptSlot);
  }

  async writeKept(kept: KeptSlot): Promise<void> {
    writeWhole(join(this.home, 'slot.json'), JSON.stringify(kept));
  }

  async readRecord(): Promise<SessionRecord | null> {
    return readJson(join(this.home, 'session.json'), sessionRecord);
  }

  async writeRecord(record: SessionRecord): Promise<void> {
    writeWhole(join(this.home, 'session.json'), printJson(record));
  }

  async writeServerJson(text: string): Promise<void> {
    const path = join(this.home, 'server.json');
    if (readText(path) !== text) writeInPlace(path, text);
  }
}

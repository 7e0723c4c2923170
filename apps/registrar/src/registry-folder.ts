import { printJson } from '#json';
import { readJson, writeWhole } from '#slot-owner';
import { Unparsable } from '#kernel';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { registration, type Registration } from './registration.js';

/** The registrations on disk, one small file each, readable by the registrar's user only. */
export class RegistryFolder {
  private readonly folder: string;

  constructor(dataFolder: string) {
    this.folder = join(dataFolder, 'servers');
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
  }

  /** @param setAside called for each file that cannot be read; its slot is retired as unknown */
  read(setAside: (file: string, reason: string) => void): readonly Registration[] {
    const files = readdirSync(this.folder).filter((name) => name.endsWith('.json'));
    return files.flatMap((file) => {
      try {
        const kept = readJson(join(this.folder, file), registration);
        return kept === null ? [] : [kept];
      } catch (error) {
        if (!(error instanceof Unparsable)) throw error;
        setAside(file, error.message);
        return [];
      }
    });
  }

  write(kept: Registration): void {
    writeWhole(this.fileOf(kept.slot), printJson(kept));
  }

  remove(slot: string): void {
    rmSync(this.fileOf(slot), { force: true });
  }

  private fileOf(slot: string): string {
    return join(this.folder, `${slot}.json`);
  }
}

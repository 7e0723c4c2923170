import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ClaimIndex } from './claim-index.js';
import { isDamage, removeDatabase } from './claims-database.js';

/** The files of a region's indexes: `<region>.<number>.sqlite`, the latest with the highest number. */
export class IndexFiles {
  private newest = 0;

  constructor(
    private readonly folder: string,
    private readonly region: string,
  ) {}

  /**
   * The latest index that is whole, or else the latest that was begun, or an empty one. Files of
   * others are removed: they are damaged, or of a building that was interrupted.
   */
  latest(open: (path: string) => ClaimIndex): ClaimIndex {
    const paths = this.present();
    const usable = paths.flatMap((path) => opened(path, open));
    const chosen = usable.find(({ isBuilt }) => isBuilt) ?? usable[0];
    for (const index of usable) if (index !== chosen) index.discard();
    return chosen ?? open(this.newPath());
  }

  newPath(): string {
    this.newest += 1;
    return this.pathOf(this.newest);
  }

  /** The latest first. */
  private present(): readonly string[] {
    const numbers = readdirSync(this.folder).flatMap((name) => {
      const [region, number, ...rest] = name.split('.');
      const isOurs = region === this.region && rest.join('.') === 'sqlite';
      return isOurs && /^\d+$/.test(number ?? '') ? [Number(number)] : [];
    });
    this.newest = Math.max(0, ...numbers);
    return numbers.sort((one, other) => other - one).map((number) => this.pathOf(number));
  }

  private pathOf(number: number): string {
    return join(this.folder, `${this.region}.${number}.sqlite`);
  }
}

function opened(path: string, open: (path: string) => ClaimIndex): readonly ClaimIndex[] {
  try {
    return [open(path)];
  } catch (error) {
    if (!isDamage(error)) throw error;
    removeDatabase(path);
    return [];
  }
}

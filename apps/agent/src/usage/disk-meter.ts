import type { Cancel, Clock } from '#kernel';
import type { Disk } from '#wire';
import { statfs } from 'node:fs/promises';

/** How often it is measured (ms). */
const EVERY_MS = 10_000;

/** How much room is left on the disk with the data folder, which has the files of builds. */
export class DiskMeter {
  /** Undefined while it is not known. */
  measured: Disk | undefined;
  private cancel: Cancel = () => undefined;

  constructor(
    private readonly folder: string,
    private readonly clock: Clock,
  ) {}

  start(): void {
    void this.measure();
    this.cancel = this.clock.every(EVERY_MS, () => void this.measure());
  }

  stop(): void {
    this.cancel();
  }

  private async measure(): Promise<void> {
    try {
      const { bavail, blocks, bsize } = await statfs(this.folder);
      this.measured = { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
    } catch {
      this.measured = undefined;
    }
  }
}

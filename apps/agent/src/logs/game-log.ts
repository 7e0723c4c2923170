import { mkdir, open, rename, stat, truncate, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { LAST_LINE_MAX } from '#slot';
import { lastLineIn } from './text.js';

/** How much of the games' output is kept. */
export interface LogBounds {
  /** A file larger than this is copied to `game.log.1` and emptied. */
  readonly bytesMax: number;
  /** How many earlier files are kept beside `game.log`. */
  readonly filesMax: number;
}

const logBounds: LogBounds = { bytesMax: 8 * 1024 * 1024, filesMax: 4 };

/**
 * How many bytes of the end of the log are searched for the last line; of a longer line, only its
 * end is read.
 */
const LINE_BYTES_MAX = 4 * 1024;

/** How many bytes are read, or copied, at once. */
const BLOCK_BYTES = 64 * 1024;

/**
 * The output of one slot's games: `game.log`, and before it `game.log.1`, `game.log.2` and so on.
 * The games write to `game.log` themselves, through a descriptor that outlives the agent. So a full
 * file is copied and then emptied in place. Two losses are possible: what is written between the
 * last read and the emptying, and the beginning of what a game writes between two checks, if that
 * is more than one file holds.
 */
export class GameLog {
  /**
   * Position of the first byte in `game.log`. Position 0 is where the file began when the agent
   * started.
   */
  private before = 0;
  private turning: Promise<void> = Promise.resolve();

  constructor(
    private readonly folder: string,
    private readonly bounds: LogBounds = logBounds,
  ) {}

  /** Opens the file for a game to write to. */
  async open(): Promise<FileHandle> {
    await mkdir(this.folder, { recursive: true });
    // If the file cannot be emptied, the game starts all the same: playing matters more than its
    // log.
    await this.turnIfFull().catch(() => undefined);
    return open(this.path(0), 'a');
  }

  /** Position of the next byte that is written. */
  async end(): Promise<number> {
    return this.before + (await sizeOf(this.path(0)));
  }

  /** Copies and empties `game.log` if it is full. */
  turnIfFull(): Promise<void> {
    const turning = this.turning.then(() => this.turn());
    this.turning = turning.catch(() => undefined);
    return turning;
  }

  /**
   * The output from a position on, at most `bytesMax` bytes. If that part has been moved out of
   * `game.log`, the output from the beginning of the file on.
   */
  async read(from: number, bytesMax: number): Promise<{ from: number; bytes: Buffer }> {
    await this.turning;
    const at = Math.max(from - this.before, 0);
    const bytes = await readAt(this.path(0), at, bytesMax);
    return { from: this.before + at, bytes };
  }

  /**
   * The last `bytesMax` bytes of the output, from earlier files too, and the position of their end.
   */
  async last(bytesMax: number): Promise<{ end: number; bytes: Buffer }> {
    await this.turning;
    const blocks: Buffer[] = [];
    let lacking = bytesMax;
    let end = 0;
    for (let file = 0; file <= this.bounds.filesMax && lacking > 0; file += 1) {
      const size = await sizeOf(this.path(file));
      const bytes = await readAt(this.path(file), Math.max(0, size - lacking), lacking);
      if (file === 0) end = this.before + Math.max(0, size - lacking) + bytes.length;
      lacking -= bytes.length;
      blocks.unshift(bytes);
    }
    return { end, bytes: Buffer.concat(blocks) };
  }

  /**
   * The last line of the log, shortened to `LAST_LINE_MAX`; empty if nothing was written since
   * `since` (epoch ms).
   */
  async lastLine(since: number): Promise<string> {
    await this.turning;
    const { mtimeMs, size } = await stat(this.path(0)).catch(() => ({ mtimeMs: 0, size: 0 }));
    if (mtimeMs < since) return '';
    const from = Math.max(0, size - LINE_BYTES_MAX);
    return lastLineIn(await readAt(this.path(0), from, LINE_BYTES_MAX), LAST_LINE_MAX);
  }

  private path(file: number): string {
    return join(this.folder, file === 0 ? 'game.log' : `game.log.${file}`);
  }

  private async turn(): Promise<void> {
    const size = await sizeOf(this.path(0));
    if (size <= this.bounds.bytesMax) return;
    const copied = await this.copy(Math.max(0, size - this.bounds.bytesMax));
    for (let file = this.bounds.filesMax; file > 1; file -= 1) {
      await rename(this.path(file - 1), this.path(file)).catch(ignoreMissing);
    }
    await rename(`${this.path(0)}.new`, this.path(1));
    await truncate(this.path(0));
    this.before += copied;
  }

  /**
   * Copies the file from a position on to `game.log.new`; returns the position where the copy
   * ended.
   */
  private async copy(from: number): Promise<number> {
    const to = await open(`${this.path(0)}.new`, 'w');
    try {
      for (let at = from; ;) {
        const block = await readAt(this.path(0), at, BLOCK_BYTES);
        // Stops after twice the size of a file: a game may write faster than this loop reads.
        if (block.length === 0 || at - from > 2 * this.bounds.bytesMax) return at;
        await to.write(block);
        at += block.length;
      }
    } finally {
      await to.close();
    }
  }
}

/**
 * The logs of all slots: one `GameLog` for each slot, shared by those who read it and those who
 * empty it.
 */
export class GameLogs {
  private readonly logs = new Map<string, GameLog>();

  constructor(
    private readonly dataFolder: string,
    private readonly bounds: LogBounds = logBounds,
  ) {}

  of(slot: string): GameLog {
    const log =
      this.logs.get(slot) ?? new GameLog(join(this.dataFolder, slot, 'logs'), this.bounds);
    this.logs.set(slot, log);
    return log;
  }

  async turnFull(): Promise<void> {
    for (const log of this.logs.values()) await log.turnIfFull();
  }
}

async function readAt(path: string, at: number, bytesMax: number): Promise<Buffer> {
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      const bytes = Buffer.alloc(Math.max(0, Math.min(bytesMax, size - at)));
      const { bytesRead } = await file.read(bytes, 0, bytes.length, at);
      return bytes.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    ignoreMissing(error);
    return Buffer.alloc(0);
  }
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

function ignoreMissing(error: unknown): void {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
}

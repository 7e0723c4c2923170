import { readdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { birthOf } from './birth.js';

/** A living process holds the lock; it may be this one. */
export class LockHeld extends Error {
  override readonly name = 'LockHeld';

  constructor(
    readonly path: string,
    /** Process id of the holder. */
    readonly pid: number,
  ) {
    super(`process ${pid} holds the lock ${path}`);
  }
}

/** Target of the link of a released lock. */
const FREE = 'free';

/**
 * How many times a process tries. Processes that start at the same time may make each other try
 * again.
 */
const TRIES_MAX = 16;

/**
 * Takes a lock that is held until this process ends. Returns a function that releases it.
 *
 * The lock is a series of symbolic links: `path` (from earlier versions), `path.1`, `path.2` and so
 * on. The target of the highest link names the holder. A process that finds the holder dead creates
 * the next link, in which only one of several processes can succeed. The highest link is never
 * removed, even when the lock is released, so that a process that read the folder long ago cannot
 * create a link that existed before.
 *
 * @throws {LockHeld} if a living process holds the lock
 * @throws the errors of the file system
 */
export async function acquireLock(path: string): Promise<() => void> {
  const self = `${process.pid} ${await birthOf(process.pid)}`;
  for (let tries = 1; tries <= TRIES_MAX; tries += 1) {
    const last = highest(path);
    const pid = last < 0 ? null : await livingHolder(linkOf(path, last));
    if (pid !== null) throw new LockHeld(path, pid);
    const mine = Math.max(1, last + 1);
    if (!made(self, linkOf(path, mine))) continue;
    // A directory listing may miss a link that is created while the one before it is removed.
    if (highest(path) > mine) {
      rmSync(linkOf(path, mine), { force: true });
      continue;
    }
    removeBelow(path, mine);
    return () => giveUp(linkOf(path, mine));
  }
  throw new Error(`the lock ${path} could not be taken: too many try at the same time`);
}

/** Process id of the holder; null if the holder is dead, or the lock was released. */
async function livingHolder(link: string): Promise<number | null> {
  const [pid = '', ...birth] = targetOf(link).split(' ');
  return (await birthOf(Number(pid))) === birth.join(' ') ? Number(pid) : null;
}

function made(target: string, link: string): boolean {
  try {
    symlinkSync(target, link);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function giveUp(link: string): void {
  const marker = `${link}.${process.pid}`;
  rmSync(marker, { force: true });
  symlinkSync(FREE, marker);
  renameSync(marker, link);
}

function removeBelow(path: string, number: number): void {
  for (const below of numbersOf(path)) {
    if (below < number) rmSync(linkOf(path, below), { force: true });
  }
}

/** The number of the highest link; -1 if there is none. */
function highest(path: string): number {
  return Math.max(-1, ...numbersOf(path));
}

/** Numbers of the existing links; 0 is the link without a number. */
function numbersOf(path: string): readonly number[] {
  const name = basename(path);
  return readdirSync(dirname(path)).flatMap((entry) => {
    if (entry === name) return [0];
    const number = entry.startsWith(`${name}.`) ? entry.slice(name.length + 1) : '';
    return /^[1-9]\d*$/.test(number) ? [Number(number)] : [];
  });
}

function linkOf(path: string, number: number): string {
  return number === 0 ? path : `${path}.${number}`;
}

function targetOf(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return '';
  }
}

import { readdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { birthOf } from './birth.js';

/** Another living process, or this one, holds the lock. */
export class LockHeld extends Error {
  override readonly name = 'LockHeld';

  constructor(
    readonly path: string,
    /** Of the holder. */
    readonly pid: number,
  ) {
    super(`process ${pid} holds the lock ${path}`);
  }
}

/** What the link of a lock that was given up points to. */
const FREE = 'free';

/** Starters that come in at the same time may each make the others look once more. */
const TRIES_MAX = 16;

/**
 * Takes a lock that lives as long as this process, and returns what gives it up.
 *
 * The lock is a row of symbolic links: `path` (from earlier versions), `path.1`, `path.2` and so
 * on. The target of the highest names the holder. Who finds a dead holder makes the next link,
 * which only one of any number of starters can. The highest link is never removed, not even when
 * the lock is given up, so a starter that looked long ago cannot make one that existed before.
 *
 * @throws {LockHeld}
 * @throws what the disk throws
 */
export async function acquireLock(path: string): Promise<() => void> {
  const self = `${process.pid} ${await birthOf(process.pid)}`;
  for (let tries = 1; tries <= TRIES_MAX; tries += 1) {
    const last = highest(path);
    const pid = last < 0 ? null : await livingHolder(linkOf(path, last));
    if (pid !== null) throw new LockHeld(path, pid);
    const mine = Math.max(1, last + 1);
    if (!made(self, linkOf(path, mine))) continue;
    // A listing may miss a link that is made while the one before it is removed.
    if (highest(path) > mine) {
      rmSync(linkOf(path, mine), { force: true });
      continue;
    }
    removeBelow(path, mine);
    return () => giveUp(linkOf(path, mine));
  }
  throw new Error(`the lock ${path} could not be taken: too many try at the same time`);
}

/** Null where the holder is dead, or the lock was given up. */
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

/** -1 where there is no link yet. */
function highest(path: string): number {
  return Math.max(-1, ...numbersOf(path));
}

/** 0 stands for the link without a number. */
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

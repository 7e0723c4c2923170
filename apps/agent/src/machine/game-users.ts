import { TransientError } from '#kernel';
import type { SlotRef } from '#slot';
import { chmodSync, chownSync, lstatSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Numbers of users or groups, first and last included. */
export interface IdRange {
  readonly first: number;
  readonly last: number;
}

/**
 * The users that games run as: one for each slot, from the lower half of a range. Groups of builds
 * are from the upper half, so that no group of a build is that of a slot.
 */
export class GameUsers {
  private readonly middle: number;

  constructor(private readonly range: IdRange) {
    this.middle = range.first + Math.floor((range.last - range.first + 1) / 2);
  }

  /** The user of a slot, and the number of its own group. Throws `TransientError`. */
  of(slot: SlotRef['slot']): number {
    const id = this.range.first + Number(slot) - 1;
    if (id < this.middle) return id;
    throw new TransientError(`BERTH_GAME_USERS has no user for slot ${slot}: widen the range`);
  }

  /** Each build's files belong to one of these groups. */
  get groups(): IdRange {
    return { first: this.middle, last: this.range.last };
  }
}

/**
 * Lets users of games through to what is theirs in the data folder, and list nothing in it.
 *
 * @throws {TransientError} if they cannot get to the data folder at all
 */
export function letThrough(folder: string): void {
  chmodSync(folder, 0o711);
  const above = closedAbove(folder);
  if (above === undefined) return;
  throw new TransientError(
    `users of games cannot get to ${folder}: ${above} lets no other user through (chmod o+x)`,
  );
}

/** The nearest existing folder above that lets no other user through; undefined if all do. */
export function closedAbove(folder: string): string | undefined {
  for (let above = dirname(folder); ; above = dirname(above)) {
    const mode = statSync(above, { throwIfNoEntry: false })?.mode;
    if (mode !== undefined && (mode & 0o001) === 0) return above;
    if (above === dirname(above)) return undefined;
  }
}

/**
 * Makes a folder that one user alone may look into.
 *
 * @param folder in a folder that the user cannot write to
 * @throws {TransientError} if it belongs to somebody else
 */
export function makeOwn(folder: string, user: number): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid } = lstatSync(folder);
  if (uid !== user && uid !== 0) {
    throw new TransientError(
      `${folder} belongs to user ${uid}, and the slot has user ${user}: remove the folder`,
    );
  }
  chownSync(folder, user, user);
  chmodSync(folder, 0o700);
}

import { errorMessage } from '#kernel';
import type { Command } from 'commander';
import { setTimeout as sleep } from 'node:timers/promises';
import { clearScreen } from '../terminal.js';
import { isAway } from './api.js';
import { onApi, type CommonOptions, type Print } from './common-options.js';

/** Pause between two looks (ms). */
const WATCH_MS = 2_000;

export interface WatchOptions extends CommonOptions {
  readonly watch?: true;
}

/** Adds `--watch` to the options of a command that shows the present. */
export function watchable(command: Command): Command {
  return onApi(command).option('-w, --watch', 'repeat every two seconds');
}

/**
 * Looks and tells once, or with `--watch` again and again on an empty screen until it is
 * interrupted. An API that goes away meanwhile may come back.
 */
export async function watched<T>(
  { watch }: Pick<WatchOptions, 'watch'>,
  print: Print,
  look: () => Promise<T>,
  tell: (seen: T) => void,
): Promise<void> {
  const first = await look();
  if (watch) clearScreen();
  tell(first);
  while (watch) {
    await sleep(WATCH_MS);
    const text = await look().then(
      (seen) => () => tell(seen),
      (error: unknown) => () => {
        if (!isAway(error)) throw error;
        print(`berth: ${errorMessage(error)}`);
      },
    );
    clearScreen();
    text();
  }
}

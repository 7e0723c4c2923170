import { acquireLock, LockHeld } from '#folder-lock';
import { readFileSync } from 'node:fs';
import type { Layout } from './configuration.js';
import { DataDirectoryInUse, NatsServerFailed } from './errors.js';
import { commandLineOf } from './processes.js';
import { poll } from './waiting.js';

const terminateMsMax = 10_000;
const killMsMax = 5_000;

/**
 * Makes this process the only one that may run a nats-server on the data folder.
 *
 * @returns a function that releases the data folder
 * @throws {DataDirectoryInUse} if a living process owns it
 */
export async function claimDataDirectory(layout: Layout): Promise<() => void> {
  try {
    return await acquireLock(layout.ownerLink);
  } catch (error) {
    if (error instanceof LockHeld) throw new DataDirectoryInUse(layout.dataDirectory, error.pid);
    throw error;
  }
}

/**
 * Ends the nats-server that an earlier run left behind when it was killed with SIGKILL, because two
 * servers must not share a store. Another process that has the same id by chance is left alone.
 *
 * @throws {NatsServerFailed} if it survives SIGKILL
 */
export async function endLeftover(layout: Layout): Promise<void> {
  const pid = leftoverPid(layout);
  if (pid === undefined) return;
  const isGone = (): true | undefined => (leftoverPid(layout) === pid ? undefined : true);

  // A paused process gets SIGTERM only when it is continued.
  for (const signal of ['SIGTERM', 'SIGCONT'] as const) signalLeftover(pid, signal);
  if (await poll(isGone, terminateMsMax)) return;
  signalLeftover(pid, 'SIGKILL');
  if (await poll(isGone, killMsMax)) return;
  throw new NatsServerFailed(
    `An earlier nats-server, process ${pid}, still runs on ${layout.dataDirectory}`,
    '',
  );
}

function leftoverPid(layout: Layout): number | undefined {
  let text: string;
  try {
    text = readFileSync(layout.pidFile, 'utf8');
  } catch {
    return undefined;
  }
  const pid = Number.parseInt(text, 10);
  if (!(pid > 1)) return undefined;
  return commandLineOf(pid).endsWith(`--config ${layout.configFile}`) ? pid : undefined;
}

function signalLeftover(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // The process may end before it gets the signal. If the signal is not allowed, the server
    // survives, and the caller notices that.
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

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
 * @returns what gives the claim up again.
 * @throws {DataDirectoryInUse} if the owner is another run that still lives.
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
 * Ends the nats-server that an earlier run left behind when it was killed with SIGKILL: two
 * servers must not share a store. A process that merely got the same id is left alone.
 *
 * @throws {NatsServerFailed} if it survives even SIGKILL.
 */
export async function endLeftover(layout: Layout): Promise<void> {
  const pid = leftoverPid(layout);
  if (pid === undefined) return;
  const isGone = (): true | undefined => (leftoverPid(layout) === pid ? undefined : true);

  // A paused process sees SIGTERM only once it is continued.
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
    // It may end between the look and the signal; a signal that is not allowed shows up as a
    // server that survives.
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

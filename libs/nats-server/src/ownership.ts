import { readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import type { Layout } from './configuration.js';
import { DataDirectoryInUse, NatsServerFailed } from './errors.js';
import { lookUpProcess } from './processes.js';
import { poll } from './waiting.js';

const claimAttemptsMax = 3;
const terminateMsMax = 10_000;
const killMsMax = 5_000;

/**
 * Makes this process the only one that may run a nats-server on the data folder. The claim is a
 * symbolic link whose target names its owner: it is created whole or not at all.
 *
 * @returns what gives the claim up again.
 * @throws {DataDirectoryInUse} if the owner is another run that still lives.
 */
export function claimDataDirectory(layout: Layout): () => void {
  const self = `${process.pid} ${lookUpProcess(process.pid)?.startedAt ?? ''}`;
  for (let attempt = 1; attempt <= claimAttemptsMax; attempt += 1) {
    try {
      symlinkSync(self, layout.ownerLink);
      return () => rmSync(layout.ownerLink, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const ownerPid = livingOwner(layout);
    if (ownerPid !== undefined) throw new DataDirectoryInUse(layout.dataDirectory, ownerPid);
    rmSync(layout.ownerLink, { force: true });
  }
  throw new NatsServerFailed(`${layout.ownerLink} could not be claimed`, '');
}

function livingOwner(layout: Layout): number | undefined {
  const [pid = '', ...startedAt] = readOwner(layout.ownerLink).split(' ');
  const owner = lookUpProcess(Number(pid));
  return owner?.startedAt === startedAt.join(' ') ? Number(pid) : undefined;
}

/** Empty if the link is gone, or is no link: then nobody owns the folder. */
function readOwner(ownerLink: string): string {
  try {
    return readlinkSync(ownerLink);
  } catch {
    return '';
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
  const running = lookUpProcess(pid);
  return running?.commandLine.endsWith(`--config ${layout.configFile}`) ? pid : undefined;
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

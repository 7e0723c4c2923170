import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { configurationText, type Configuration, type Layout } from './configuration.js';
import { NatsServerFailed, PortTaken } from './errors.js';
import type { NatsServerBinary } from './find.js';
import { openLog, readLogTail } from './log.js';
import { claimDataDirectory, endLeftover } from './ownership.js';
import { isPortTaken } from './ports.js';
import { lookWhetherReady, type ServerReady } from './ready.js';
import { poll } from './waiting.js';

/** How a process ended: by itself with a code, or by a signal. */
export interface NatsServerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** One nats-server process that accepts connections. */
export interface Run {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly ready: ServerReady;
  readonly exited: Promise<NatsServerExit>;
}

/**
 * Before its first connection the server reads its store, which takes long if the history is long.
 */
const readyMsMax = 60_000;

/** The servers that are ended if this process exits without having stopped them. */
const running = new Set<ChildProcess>();

/**
 * Starts nats-server and waits until it accepts connections. The server gets a process group of its
 * own, so that Ctrl-C reaches only Berth, which then stops everything in order.
 *
 * @throws {DataDirectoryInUse | PortTaken | NatsServerFailed}
 */
export async function launch(
  binary: NatsServerBinary,
  configuration: Configuration,
  layout: Layout,
): Promise<Run> {
  const release = await claimDataDirectory(layout);
  let started: Omit<Run, 'ready'>;
  try {
    await endLeftover(layout);
    await refuseTakenPorts(configuration);
    started = await start(binary, configuration, layout, release);
  } catch (error) {
    release();
    throw error;
  }
  const ready = await waitUntilReady(started, binary, configuration, layout);
  return { ...started, ready };
}

/** Spawns the process. From then on the data folder is released when the process exits. */
async function start(
  binary: NatsServerBinary,
  configuration: Configuration,
  layout: Layout,
  release: () => void,
): Promise<Omit<Run, 'ready'>> {
  rmSync(layout.pidFile, { force: true });
  rmSync(layout.portsDirectory, { recursive: true, force: true });
  mkdirSync(layout.portsDirectory);
  writeFileSync(layout.configFile, configurationText(configuration, layout));

  const log = openLog(layout.logFile);
  try {
    const child = spawn(binary.path, ['--config', layout.configFile], {
      cwd: layout.dataDirectory,
      detached: true,
      stdio: ['ignore', log, log],
    });
    const exited = new Promise<NatsServerExit>((resolve) => {
      child.once('exit', (code, signal) => {
        running.delete(child);
        release();
        resolve({ code, signal });
      });
    });
    await once(child, 'spawn');
    running.add(child);
    return { child, pid: child.pid as number, exited };
  } catch (cause) {
    throw new NatsServerFailed(`${binary.path} could not be run`, '', { cause });
  } finally {
    closeSync(log);
  }
}

async function waitUntilReady(
  { child, pid, exited }: Omit<Run, 'ready'>,
  binary: NatsServerBinary,
  configuration: Configuration,
  layout: Layout,
): Promise<ServerReady> {
  const hasExited = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const look = async (): Promise<ServerReady | 'exited' | undefined> =>
    hasExited()
      ? 'exited'
      : lookWhetherReady(layout.portsDirectory, binary.path, pid, configuration.host);
  const ready = await poll(look, readyMsMax);
  if (ready !== undefined && ready !== 'exited') return ready;

  if (ready === undefined) child.kill('SIGKILL');
  const { code, signal } = await exited;
  if (ready === 'exited') await refuseTakenPorts(configuration);
  throw new NatsServerFailed(
    ready === undefined
      ? `nats-server accepted no connection within ${readyMsMax / 1000} s`
      : `nats-server ended with ${signal ?? `code ${code}`} before it accepted connections`,
    readLogTail(layout.logFile),
  );
}

/**
 * Called before the start, to avoid a useless one, and after an early exit, as its likeliest cause.
 */
async function refuseTakenPorts({ host, port, monitorPort }: Configuration): Promise<void> {
  for (const wanted of [port, monitorPort]) {
    if (wanted === undefined || wanted < 1) continue;
    if (await isPortTaken(host, wanted)) throw new PortTaken(host, wanted);
  }
}

/** A paused process gets SIGTERM only when it is continued. */
export function terminate(child: ChildProcess): void {
  child.kill('SIGTERM');
  child.kill('SIGCONT');
}

process.once('exit', () => running.forEach(terminate));

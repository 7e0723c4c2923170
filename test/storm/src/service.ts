import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';

/** Pause before a service that ended by itself is started again (ms), like an init system does. */
const AGAIN_MS = 300;

/** How long a service may take to stop in order (ms). */
const STOP_MS = 12_000;

export interface ServiceOptions {
  readonly name: string;
  /** The main module of the service, or what chooses one at each start. */
  readonly main: URL | (() => URL);
  readonly words?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly logFile: string;
}

/**
 * A process that is kept running: if it dies, it is started again. It has its own process group, so
 * that Ctrl-C reaches the storm only; if the storm dies, the channel closes, and the process ends
 * too.
 */
export class Service {
  /** Number of ends without a fault: the service gave up by itself after it had been ready. */
  failures = 0;
  /** Number of failed starts: nothing can start while the log is away. */
  failedStarts = 0;
  private wanted = false;
  private isOver = false;
  private child: ChildProcess | undefined;
  private readonly listeners: ((message: unknown) => void)[] = [];

  constructor(private readonly options: ServiceOptions) {}

  get name(): string {
    return this.options.name;
  }

  get logFile(): string {
    return this.options.logFile;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  onMessage(listener: (message: unknown) => void): void {
    this.listeners.push(listener);
  }

  /** Resolves when the service says that it is ready, after any number of starts. */
  async start(): Promise<void> {
    this.wanted = !this.isOver;
    while (this.wanted) {
      const child = this.spawn();
      const exited = once(child, 'exit').then(() => 'exited' as const);
      const ready = once(child, 'message').then(() => 'ready' as const);
      if ((await Promise.race([ready, exited])) === 'ready') {
        child.once('exit', () => void this.startAgain());
        if (hasExited(child)) await this.startAgain();
        return;
      }
      if (this.wanted) this.failedStarts += 1;
      if (this.wanted) await pause(AGAIN_MS);
    }
  }

  send(message: object): void {
    this.child?.send(message);
  }

  /** Ends the service for good, whatever else is under way. */
  async abolish(): Promise<void> {
    this.isOver = true;
    await this.kill();
  }

  /** Kills the service and does not start it again; resolves when it is gone. */
  async kill(): Promise<void> {
    this.wanted = false;
    await this.end('SIGKILL');
  }

  pause(): void {
    this.child?.kill('SIGSTOP');
  }

  resume(): void {
    this.child?.kill('SIGCONT');
  }

  /** Stops the service in order, for good; with SIGKILL if that takes too long. */
  async stop(): Promise<void> {
    this.isOver = true;
    this.wanted = false;
    this.resume();
    const timer = setTimeout(() => this.child?.kill('SIGKILL'), STOP_MS);
    await this.end('SIGTERM');
    clearTimeout(timer);
  }

  /** Resolves when the service has ended by itself, as it was asked to. */
  async ended(): Promise<void> {
    this.wanted = false;
    if (this.child !== undefined && !hasExited(this.child)) await once(this.child, 'exit');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const { child } = this;
    if (child === undefined || hasExited(child)) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }

  private spawn(): ChildProcess {
    const { main, words = [], env = {}, logFile } = this.options;
    const log = openSync(logFile, 'a');
    const child = fork(main instanceof URL ? main : main(), words, {
      env: { ...process.env, ...env },
      detached: true,
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    child.on('message', (message) => this.listeners.forEach((listener) => listener(message)));
    child.on('error', () => undefined);
    this.child = child;
    return child;
  }

  private async startAgain(): Promise<void> {
    if (!this.wanted) return;
    this.failures += 1;
    await pause(AGAIN_MS);
    if (this.wanted) await this.start();
  }
}

function hasExited({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

function pause(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}

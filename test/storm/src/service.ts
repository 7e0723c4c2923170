import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';

/** A service that ends by itself is started again after this (ms), as an init system does it. */
const AGAIN_MS = 300;

/** How long one may take to stop in order (ms). */
const STOP_MS = 12_000;

export interface ServiceOptions {
  readonly name: string;
  /** The module that is its main. */
  readonly main: URL;
  readonly words?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly logFile: string;
}

/**
 * A process that is kept running: one that dies is started again. It has a process group of its own,
 * so that Ctrl-C reaches the storm only; should the storm die, the channel closes, and it ends too.
 */
export class Service {
  /** Ends that nobody had asked for: it gave up by itself, after it had been ready. */
  failures = 0;
  /** Starts that failed: where the log is away, nothing can start. */
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

  /** Resolves when it says that it is ready, after however many starts. */
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

  /** Ends it for good, whatever else is under way. */
  async abolish(): Promise<void> {
    this.isOver = true;
    await this.kill();
  }

  /** Resolves when it is gone, and does not start it again. */
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

  /** Ends it in order, for good; with SIGKILL where that takes too long. */
  async stop(): Promise<void> {
    this.isOver = true;
    this.wanted = false;
    this.resume();
    const timer = setTimeout(() => this.child?.kill('SIGKILL'), STOP_MS);
    await this.end('SIGTERM');
    clearTimeout(timer);
  }

  /** Resolves when it has ended by itself, as it was asked to. */
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
    const child = fork(main, words, {
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

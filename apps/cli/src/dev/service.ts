import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * New objects are given 64 MB instead of 16: fewer requests are under way when they are collected, and
 * so have to be copied. It takes a seventh of a busy allocator's processor time away.
 */
const MORE_YOUNG_MEMORY = '--max-semi-space-size=64';

/** A service that ends by itself is started again, after this. */
const RESTART_AFTER_MS = 500;

/** It is given up when it has not become ready this many times in a row. */
const STARTS_MAX = 5;

const READY_WITHIN_MS = 20_000;
const STOP_WITHIN_MS = 12_000;

export interface ServiceSettings {
  readonly name: string;
  readonly main: string;
  readonly env: NodeJS.ProcessEnv;
  readonly logDirectory: string;
}

/** One of Berth's services as a child process: started, kept running, stopped in its turn. */
export class Service {
  private child: ChildProcess | undefined;
  private stopping = false;

  constructor(
    private readonly settings: ServiceSettings,
    private readonly tell: (line: string) => void,
  ) {}

  get logFile(): string {
    return join(this.settings.logDirectory, `${this.settings.name}.log`);
  }

  /** Resolves when the service says it is ready; rejects where it ends before. */
  async start(): Promise<void> {
    const child = this.spawn();
    const ended = once(child, 'exit').then(() => {
      throw new Error(`${this.settings.name} did not start; see ${this.logFile}`);
    });
    const late = sleep(READY_WITHIN_MS, undefined, { ref: false }).then(() => {
      throw new Error(`${this.settings.name} is not ready after 20 s; see ${this.logFile}`);
    });
    await Promise.race([once(child, 'message'), ended, late]);
    ended.catch(() => undefined);
    late.catch(() => undefined);
    child.once('exit', (code, signal) => void this.restart(signal ?? `exit code ${code}`));
  }

  async stop(): Promise<void> {
    this.stopping = true;
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    const force = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
    await exited;
    clearTimeout(force);
  }

  /**
   * In a process group of its own: Ctrl-C reaches `berth dev` alone, which stops the services in
   * order. Should `berth dev` be killed, the closed IPC channel tells the service to stop.
   */
  private spawn(): ChildProcess {
    const log = openSync(this.logFile, 'a');
    try {
      this.child = fork(this.settings.main, [], {
        env: { ...process.env, ...this.settings.env },
        execArgv: ['--enable-source-maps', MORE_YOUNG_MEMORY],
        stdio: ['ignore', log, log, 'ipc'],
        detached: true,
      });
      return this.child;
    } finally {
      closeSync(log);
    }
  }

  private async restart(cause: string): Promise<void> {
    for (let starts = 1; !this.stopping; starts += 1) {
      this.tell(`${this.settings.name} ended (${cause}); starting it again`);
      await sleep(RESTART_AFTER_MS * starts);
      if (this.stopping) return;
      try {
        return await this.start();
      } catch (error) {
        if (starts < STARTS_MAX) continue;
        this.tell(`${this.settings.name} does not stay up: ${String(error)}`);
        return;
      }
    }
  }
}

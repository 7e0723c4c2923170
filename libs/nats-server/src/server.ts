import { mkdir, realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { layoutOf, type Configuration, type Layout } from './configuration.js';
import { findNatsServer, type NatsServerBinary } from './find.js';
import { launch, terminate, type NatsServerExit, type Run } from './launch.js';
import { urlOf } from './ports.js';
import { isWithin } from './waiting.js';

/** How a nats-server is to be run. */
export interface NatsServerOptions {
  /** Holds the store, the configuration file, the pid file and the log; made if missing. */
  readonly dataDirectory: string;
  /** Default -1: a free one, chosen by the server itself. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Opens the HTTP monitoring port; -1 for a free one. Default: no monitoring. */
  readonly monitorPort?: number;
  /**
   * Syncs to disk before each acknowledgement. Default true; with false the server syncs every two
   * minutes, and a power cut takes what was acknowledged since.
   */
  readonly syncAlways?: boolean;
  /** Default nats-server.log in the data folder. The log of the run before is kept beside it. */
  readonly logFile?: string;
  /** The server's name, which a cluster needs. Default: one that the server makes up. */
  readonly name?: string;
  /** Appended to the configuration file, in nats-server's own syntax. */
  readonly extraConfig?: string;
  /** Default: what `findNatsServer` finds. */
  readonly binary?: NatsServerBinary;
}

/** How long a server may take to end in order before it is killed. */
const stopMsMax = 10_000;

/**
 * Starts a nats-server with JetStream, and waits until it accepts connections. One that an earlier
 * run left behind on the same data folder is ended first. Should this process exit without
 * stopping it, it is sent SIGTERM; should this process be killed, it runs on until the next start.
 *
 * @throws {NatsServerNotFound} if there is none to start.
 * @throws {PortTaken} if something else listens on the port or on the monitoring port.
 * @throws {DataDirectoryInUse} if another living process, or this one, runs a server there.
 * @throws {NatsServerFailed} if it ends early or accepts no connection within a minute.
 */
export async function startNatsServer(options: NatsServerOptions): Promise<NatsServer> {
  const binary = options.binary ?? (await findNatsServer(process.env));
  const wanted = resolve(options.dataDirectory);
  await mkdir(wanted, { recursive: true });
  const logFile = options.logFile === undefined ? undefined : resolve(options.logFile);
  const layout = layoutOf(await realpath(wanted), logFile);
  const configuration: Configuration = {
    host: options.host ?? '127.0.0.1',
    port: options.port ?? -1,
    monitorPort: options.monitorPort,
    syncAlways: options.syncAlways ?? true,
    name: options.name,
    extraConfig: options.extraConfig ?? '',
  };
  const run = await launch(binary, configuration, layout);
  return new NatsServer(binary, configuration, layout, run);
}

/** A nats-server process of ours, through any number of restarts. */
export class NatsServer {
  private readonly binary: NatsServerBinary;
  private readonly configuration: Configuration;
  private readonly layout: Layout;
  private run: Run;
  /** Stops and restarts happen one after the other: a stop ends what a restart has started. */
  private turn: Promise<unknown> = Promise.resolve();

  /** Made by `startNatsServer`. */
  constructor(binary: NatsServerBinary, configuration: Configuration, layout: Layout, run: Run) {
    this.binary = binary;
    this.layout = layout;
    this.run = run;
    const { port, monitorPort } = run.ready;
    this.configuration = { ...configuration, port, monitorPort };
  }

  /** Where clients connect: nats://127.0.0.1:4222. It outlives restarts. */
  get url(): string {
    return urlOf('nats', this.configuration.host, this.port);
  }

  get port(): number {
    return this.configuration.port;
  }

  /** Where its monitoring answers, if a monitoring port was asked for. */
  get monitorUrl(): string | undefined {
    const { host, monitorPort } = this.configuration;
    return monitorPort === undefined ? undefined : urlOf('http', host, monitorPort);
  }

  /** Of the current process, or of the last one. */
  get pid(): number {
    return this.run.pid;
  }

  /** As the server itself says, without a leading 'v'. */
  get version(): string {
    return this.run.ready.version;
  }

  /** Absolute, with symbolic links followed. */
  get dataDirectory(): string {
    return this.layout.dataDirectory;
  }

  get logFile(): string {
    return this.layout.logFile;
  }

  /** How the current process ended, once it has. After a restart it is another promise. */
  get exited(): Promise<NatsServerExit> {
    return this.run.exited;
  }

  /** Ends it in order, or with SIGKILL after ten seconds. Resolves when it is gone. */
  stop(): Promise<void> {
    return this.inTurn(() => this.end());
  }

  /** Ends it with SIGKILL, at once even while it is being stopped. Resolves when it is gone. */
  kill(): Promise<void> {
    this.run.child.kill('SIGKILL');
    return this.inTurn(async () => {
      this.run.child.kill('SIGKILL');
      await this.run.exited;
    });
  }

  /** Freezes it with SIGSTOP: connections stay open, and nothing answers. */
  pause(): void {
    this.run.child.kill('SIGSTOP');
  }

  /** Lets it go on after `pause`. */
  resume(): void {
    this.run.child.kill('SIGCONT');
  }

  /**
   * Starts it again on the same ports and data; stops it first if it still runs.
   *
   * @throws as `startNatsServer`; it can then be tried again.
   */
  restart(): Promise<void> {
    return this.inTurn(async () => {
      await this.end();
      this.run = await launch(this.binary, this.configuration, this.layout);
    });
  }

  private async end(): Promise<void> {
    const { child, exited } = this.run;
    terminate(child);
    if (!(await isWithin(exited, stopMsMax))) child.kill('SIGKILL');
    await exited;
  }

  private inTurn(act: () => Promise<void>): Promise<void> {
    const done = this.turn.then(act);
    this.turn = done.catch(() => undefined);
    return done;
  }
}

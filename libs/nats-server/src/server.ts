import { writeFileSync } from 'node:fs';
import { mkdir, realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { configurationText, layoutOf, type Configuration, type Layout } from './configuration.js';
import { findNatsServer, type NatsServerBinary } from './find.js';
import { launch, terminate, type NatsServerExit, type Run } from './launch.js';
import { urlOf } from './ports.js';
import { reload } from './reload.js';
import { isWithin } from './waiting.js';

/** How to run a nats-server. */
export interface NatsServerOptions {
  /** Holds the store, the configuration file, the pid file and the log. Created if missing. */
  readonly dataDirectory: string;
  /** Default -1: a free port that the server chooses. */
  readonly port?: number;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Opens the HTTP monitoring port; -1 for a free one. Default: no monitoring. */
  readonly monitorPort?: number;
  /**
   * Whether the server syncs to disk before each acknowledgement; default true. If false, it syncs
   * every two minutes, and a power cut loses what was acknowledged since the last sync.
   */
  readonly syncAlways?: boolean;
  /** Default nats-server.log in the data folder. The previous log is kept beside it. */
  readonly logFile?: string;
  /** The server's name, which a cluster needs. Default: a name that the server makes up. */
  readonly name?: string;
  /** Appended to the configuration file, in nats-server's own syntax. */
  readonly extraConfig?: string;
  /** Default: the one that `findNatsServer` finds. */
  readonly binary?: NatsServerBinary;
}

/** How long (ms) a server may take to stop in order before it is killed. */
const stopMsMax = 10_000;

/**
 * Starts a nats-server with JetStream and waits until it accepts connections. First ends a server
 * that an earlier run left behind on the same data folder. If this process exits without stopping
 * the server, the server gets SIGTERM. If this process is killed, the server runs on until the next
 * start.
 *
 * @throws {NatsServerNotFound} if there is none to start
 * @throws {PortTaken} if another program listens on the port or on the monitoring port
 * @throws {DataDirectoryInUse} if a living process, this one included, runs a server there
 * @throws {NatsServerFailed} if the server ends early or accepts no connection within a minute
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

/** A nats-server process that this process started, across restarts. */
export class NatsServer {
  private readonly binary: NatsServerBinary;
  private configuration: Configuration;
  private readonly layout: Layout;
  private run: Run;
  /** Stops and restarts run one after the other, so that a stop ends what a restart has started. */
  private turn: Promise<unknown> = Promise.resolve();

  /** Made by `startNatsServer`. */
  constructor(binary: NatsServerBinary, configuration: Configuration, layout: Layout, run: Run) {
    this.binary = binary;
    this.layout = layout;
    this.run = run;
    const { port, monitorPort } = run.ready;
    this.configuration = { ...configuration, port, monitorPort };
  }

  /** The URL for clients, such as nats://127.0.0.1:4222. It stays the same across restarts. */
  get url(): string {
    return urlOf('nats', this.configuration.host, this.port);
  }

  get port(): number {
    return this.configuration.port;
  }

  /** The URL of the monitoring port, if there is one. */
  get monitorUrl(): string | undefined {
    const { host, monitorPort } = this.configuration;
    return monitorPort === undefined ? undefined : urlOf('http', host, monitorPort);
  }

  /** Process id of the current process, or of the last one. */
  get pid(): number {
    return this.run.pid;
  }

  /** The version that the server reports, without a leading 'v'. */
  get version(): string {
    return this.run.ready.version;
  }

  /** Absolute path, with symbolic links resolved. */
  get dataDirectory(): string {
    return this.layout.dataDirectory;
  }

  get logFile(): string {
    return this.layout.logFile;
  }

  /**
   * Resolves when the current process has ended, with how it ended. A restart makes a new promise.
   */
  get exited(): Promise<NatsServerExit> {
    return this.run.exited;
  }

  /** Stops the server in order, or with SIGKILL after ten seconds. Resolves when it is gone. */
  stop(): Promise<void> {
    return this.inTurn(() => this.end());
  }

  /** Ends the server with SIGKILL, at once even during a stop. Resolves when it is gone. */
  kill(): Promise<void> {
    this.run.child.kill('SIGKILL');
    return this.inTurn(async () => {
      this.run.child.kill('SIGKILL');
      await this.run.exited;
    });
  }

  /** Freezes the server with SIGSTOP: connections stay open, but nothing answers. */
  pause(): void {
    this.run.child.kill('SIGSTOP');
  }

  /** Continues the server after `pause`. */
  resume(): void {
    this.run.child.kill('SIGCONT');
  }

  /**
   * Starts the server again on the same ports and data; stops it first if it still runs.
   *
   * @throws as `startNatsServer`; the restart can then be tried again
   */
  restart(): Promise<void> {
    return this.inTurn(async () => {
      await this.end();
      this.run = await launch(this.binary, this.configuration, this.layout);
    });
  }

  /**
   * Makes the server read its files, with another `extraConfig` if one is given. Connections stay open,
   * except those whose user is gone or has other credentials now.
   *
   * @throws {NatsServerFailed} the server rejects it, and goes on as before.
   */
  reload(extraConfig = this.configuration.extraConfig): Promise<void> {
    return this.inTurn(async () => {
      const changed = { ...this.configuration, extraConfig };
      writeFileSync(this.layout.configFile, configurationText(changed, this.layout));
      await reload(this.run.pid, this.layout.logFile);
      this.configuration = changed;
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

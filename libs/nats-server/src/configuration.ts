import { join } from 'node:path';

/** The content of the configuration file. */
export interface Configuration {
  readonly host: string;
  /** -1 lets the server choose a free port. */
  readonly port: number;
  /** -1 lets the server choose a free port; undefined for no monitoring. */
  readonly monitorPort: number | undefined;
  readonly syncAlways: boolean;
  readonly name: string | undefined;
  /** Appended as it is, in nats-server's own syntax. */
  readonly extraConfig: string;
}

/** Where files are in the data folder. */
export interface Layout {
  readonly dataDirectory: string;
  readonly configFile: string;
  /** Written by nats-server itself, so that it exists even if Berth was killed meanwhile. */
  readonly pidFile: string;
  readonly portsDirectory: string;
  readonly ownerLink: string;
  readonly logFile: string;
}

/** nats-server warns above 8 MiB. */
const maxPayloadBytes = 8 * 1024 * 1024;

/** The layout of a data folder; nats-server adds its own folder `jetstream` to it. */
export function layoutOf(dataDirectory: string, logFile?: string): Layout {
  return {
    dataDirectory,
    configFile: join(dataDirectory, 'nats-server.conf'),
    pidFile: join(dataDirectory, 'nats-server.pid'),
    portsDirectory: join(dataDirectory, 'ports'),
    ownerLink: join(dataDirectory, 'owner'),
    logFile: logFile ?? join(dataDirectory, 'nats-server.log'),
  };
}

/** The text of the configuration file. */
export function configurationText(configuration: Configuration, layout: Layout): string {
  const { host, port, monitorPort, name, syncAlways, extraConfig } = configuration;
  return [
    '# Written by Berth at each start: changes are lost.',
    `host: ${JSON.stringify(host)}`,
    `port: ${port}`,
    ...(monitorPort === undefined ? [] : [`http_port: ${monitorPort}`]),
    ...(name === undefined ? [] : [`server_name: ${JSON.stringify(name)}`]),
    `max_payload: ${maxPayloadBytes}`,
    `pid_file: ${JSON.stringify(layout.pidFile)}`,
    `ports_file_dir: ${JSON.stringify(layout.portsDirectory)}`,
    'jetstream {',
    `  store_dir: ${JSON.stringify(layout.dataDirectory)}`,
    ...(syncAlways ? ['  sync_interval: always'] : []),
    '}',
    extraConfig,
    '',
  ].join('\n');
}

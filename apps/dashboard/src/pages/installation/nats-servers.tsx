import { Table } from '../../parts/table.js';
import type { Region } from '../../types.js';
import { counted } from '../../words.js';
import { ServerName } from './server-name.js';

interface NatsServer {
  readonly name: string;
  /** Undefined if no service is connected to it. */
  readonly version: string | undefined;
  readonly leads: number;
  readonly behind: number;
}

/** The nats-servers that services are connected to, or that have a stream. */
export function NatsServers({ regions }: { readonly regions: readonly Region[] }) {
  const servers = serversOf(regions);
  return (
    <>
      <h2>nats-servers</h2>
      {servers.length === 0 && <p>None: no service says to which it is connected.</p>}
      <Table
        title="nats-servers"
        columns={['Server', 'Version', 'Leads', 'Replicas behind']}
        items={servers}
        keyOf={({ name }) => name}
        cells={({ name, version, leads, behind }) => [
          <ServerName name={name} />,
          version ?? 'no service is connected to it',
          counted(leads, 'stream'),
          behind > 0 ? <span class="lost">{behind}</span> : 'none',
        ]}
      />
    </>
  );
}

function serversOf(regions: readonly Region[]): readonly NatsServer[] {
  const connected = regions.flatMap(({ services }) =>
    services.flatMap(({ server }) => server ?? []),
  );
  const streams = regions.flatMap((region) => region.streams ?? []);
  const replicas = streams.flatMap((stream) => stream.replicas);
  const names = [
    ...connected.map(({ name }) => name),
    ...streams.flatMap(({ leader }) => leader ?? []),
    ...replicas.map(({ server }) => server),
  ];
  return [...new Set(names)].toSorted().map((name) => ({
    name,
    version: connected.find((server) => server.name === name)?.version,
    leads: streams.filter(({ leader }) => leader === name).length,
    behind: replicas.filter(({ server, isCurrent }) => server === name && !isCurrent).length,
  }));
}

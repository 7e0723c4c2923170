import { Instant } from '../../parts/instant.js';
import { Table } from '../../parts/table.js';
import type { Region } from '../../types.js';
import { ServerName } from './server-name.js';

/** The allocators and gateways that are heard now. */
export function Services({ regions }: { readonly regions: readonly Region[] }) {
  const all = regions.flatMap(({ region, services }) =>
    services.map((service) => ({ region, ...service })),
  );
  return (
    <>
      <h2>Allocators and gateways</h2>
      <Table
        title="Allocators and gateways"
        columns={['Service', 'Region', 'Version', 'Since', 'Serves', 'Waiting', 'At nats-server']}
        items={all}
        keyOf={({ region, service, id }) => `${region} ${service} ${id}`}
        cells={({ region, service, id, version, startedAt, notReadyBecause, waiting, server }) => [
          `${service} ${id}`,
          region,
          version,
          <Instant at={startedAt} />,
          notReadyBecause === null ? 'yes' : <span class="lost">{notReadyBecause}</span>,
          waiting,
          server && <ServerName name={server.name} />,
        ]}
      />
    </>
  );
}

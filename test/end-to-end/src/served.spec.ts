import { startNatsServer, type NatsServer } from '#nats-server';
import { allEndpoints, type Role } from '#wire';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BerthDev } from './berth-dev.js';

interface Subscribed {
  /** The name of the connection, which a service chooses. */
  readonly by: string;
  readonly subject: string;
  readonly queue: string | undefined;
}

type Endpoint = (typeof allEndpoints)[number];

/** NATS's own subjects: answers, JetStream's API, the services protocol. */
const OF_NATS = /^(_INBOX|\$JS|\$SRV)\./;
/** The subjects on which streams republish; their rows have the kind `stored`. */
const REPEATED = /^live\./;

describe('Every endpoint of the table', () => {
  const folder = mkdtempSync(join(tmpdir(), 'berth-served-'));
  let nats: NatsServer;
  let berth: BerthDev;
  let subscribed: readonly Subscribed[];

  beforeAll(async () => {
    nats = await startNatsServer({ dataDirectory: folder, port: -1, monitorPort: -1 });
    berth = new BerthDev({ ...process.env, NATS_URL: nats.url });
    await berth.start(1);
    subscribed = await subscriptionsOf(nats.monitorUrl ?? '');
  }, 60_000);

  afterAll(async () => {
    await berth.dispose();
    await nats.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 30_000);

  const rowsOf = <Kind extends Endpoint['kind']>(kind: Kind) =>
    allEndpoints
      .filter((row): row is Endpoint & { kind: Kind } => row.kind === kind)
      .map((row) => [row.subject.text, row] as const);

  it.each(rowsOf('asked'))(
    '%s is served by the program in the table, in its queue group',
    (_, row) => {
      const found = subscribed.filter(({ subject }) => row.subject.match(subject));
      expect(found).not.toEqual([]);
      for (const { by, queue } of found) {
        expect({ by, queue }).toEqual({ by: namedAs(row.servedBy), queue: row.queue });
      }
    },
  );

  // An operator listens only while a command runs.
  const heard = rowsOf('told').filter(([, { heardBy }]) => !heardBy.includes('operator'));
  it.each(heard)('%s is received by the programs in the table', (_, row) => {
    const found = subscribed.filter(({ subject }) => row.subject.match(subject));
    expect(new Set(found.map(({ by }) => by))).toEqual(
      new Set(row.heardBy.map((role) => namedAs(role) as unknown)),
    );
  });

  it('is in the table: no other subject has subscribers', () => {
    const others = subscribed.filter(
      ({ subject }) =>
        !OF_NATS.test(subject) &&
        !allEndpoints.some(({ subject: row }) => row.match(subject.replace(REPEATED, ''))),
    );
    expect(others).toEqual([]);
  });
});

/** The name of a service's connection begins with its role; replicas append their id. */
function namedAs(role: Role): string {
  return expect.stringMatching(new RegExp(`^berth-${role}\\b`)) as unknown as string;
}

async function subscriptionsOf(monitor: string): Promise<readonly Subscribed[]> {
  const response = await fetch(`${monitor}/connz?subs=detail&limit=1000`);
  const { connections } = (await response.json()) as {
    connections: {
      name?: string;
      subscriptions_list_detail?: { subject: string; qgroup?: string }[];
    }[];
  };
  return connections.flatMap(({ name = '', subscriptions_list_detail: list = [] }) =>
    list.map(({ subject, qgroup }) => ({ by: name, subject, queue: qgroup })),
  );
}

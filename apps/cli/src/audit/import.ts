import type { ExportedMessage } from '#audit';
import { connectNats, ensureStream, reach, slotStreamConfig } from '#jetstream';
import type { NatsServer } from '#nats-server';
import { slotOfSubject } from '#wire';
import { jetstream, type JetStreamClient } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { readExport } from './read-export.js';

/** So many events are on their way to the server at once. */
const SENT_MAX = 500;

export interface Imported {
  readonly region: string;
  readonly events: number;
  /** Lines whose events could not be read when they were exported. */
  readonly leftOut: number;
}

/**
 * Stores the events of an export in the log of a server that has none, in their order. Sequences are
 * new, for an export may have gaps; each event expects the one that its slot had before it.
 *
 * @throws where a line is none of an export, or one of another region
 */
export async function importFile(path: string, server: NatsServer): Promise<Imported> {
  const connection = await connectNats({ servers: server.url, name: 'berth-audit-import' });
  const copying = new Import(connection);
  try {
    return await copying.read(path);
  } finally {
    await copying.settled();
    await connection.close();
  }
}

class Import {
  private readonly client: JetStreamClient;
  private region = '';
  private events = 0;
  private leftOut = 0;
  /** Where the last event of each slot was, and where it is now. */
  private readonly last = new Map<string, { readonly was: number; readonly is: number }>();
  private sent: Promise<unknown>[] = [];

  constructor(private readonly connection: NatsConnection) {
    this.client = jetstream(connection);
  }

  async read(path: string): Promise<Imported> {
    await readExport(path, (message) => this.take(message));
    await Promise.all(this.sent);
    return { region: this.region, events: this.events, leftOut: this.leftOut };
  }

  /** Waits for what is on its way, also where reading has failed. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.sent);
  }

  private async take({ subject, sequence, expected, body }: ExportedMessage): Promise<void> {
    await this.begin(slotOfSubject(subject).region);
    if (body === null) return void (this.leftOut += 1);
    this.events += 1;
    const before = this.last.get(subject);
    this.last.set(subject, { was: sequence, is: this.events });
    this.sent.push(
      // Ids of long ago come again here within the time in which the server takes them for one.
      reach(this.client.publish(subject, body, expecting(expected, before))),
    );
    if (this.sent.length < SENT_MAX) return;
    await Promise.all(this.sent);
    this.sent = [];
  }

  private async begin(region: string): Promise<void> {
    if (this.region === region) return;
    if (this.region !== '') throw new Error(`is of ${region}, the others of ${this.region}`);
    this.region = region;
    const config = slotStreamConfig(region);
    // A copy forgets nothing of what was exported.
    await ensureStream(this.connection, { ...config, max_msgs_per_subject: -1 });
  }
}

/** What the event expects in the copy: nothing where the event before it is not in the export. */
function expecting(
  expected: number | null,
  before: { readonly was: number; readonly is: number } | undefined,
) {
  if (expected === 0 && before === undefined) return { expect: { lastSubjectSequence: 0 } };
  if (before === undefined || expected === null || expected !== before.was) return {};
  return { expect: { lastSubjectSequence: before.is } };
}

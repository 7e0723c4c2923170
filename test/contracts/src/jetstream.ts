import { appendUntilKnown, type Clock, type EventLog } from '#kernel';
import { connectNats, ensureStream, JetStreamEventLog, slotStreamConfig } from '#jetstream';
import { startNatsServer, type NatsServer, type NatsServerOptions } from '#nats-server';
import { SystemClock } from '#service-runtime';
import type { NatsConnection } from '@nats-io/transport-node';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogUnderTest } from './event-log/log-under-test.js';
import { aNote, noteCodec, type Note } from './note.js';

/** A log on its own stream, with the settings of the slots' stream. */
export interface JetStreamUnderTest extends LogUnderTest {
  readonly stream: string;
  readonly connection: NatsConnection;
  /** The errors that the log has passed to `onError`. */
  readonly errors: readonly unknown[];
}

/** How long an append is repeated (ms): longer than a server takes to come back. */
export const SETTLE_MS = 15_000;

/** A server that does not answer a ping for this long (ms) is frozen. */
const silenceMs = 200;

/** One nats-server for all tests of a file. */
export class JetStreamBench {
  private logs = 0;

  static async start(options: Partial<NatsServerOptions> = {}): Promise<JetStreamBench> {
    const dataDirectory = await mkdtemp(join(tmpdir(), 'berth-contract-'));
    const server = await startNatsServer({ dataDirectory, ...options });
    const connection = await connectNats({ servers: server.url, name: 'contract' });
    return new JetStreamBench(server, connection, dataDirectory);
  }

  private constructor(
    readonly server: NatsServer,
    readonly connection: NatsConnection,
    readonly dataDirectory: string,
  ) {}

  /** @param consumers whether the log is read by consumers, or by direct gets */
  makeLog(consumers = true): Promise<JetStreamUnderTest> {
    this.logs += 1;
    return makeJetStreamLog(this.connection, `r${this.logs}`, { consumers });
  }

  /** Freezes the server; resolves when it is frozen, since a signal takes effect a moment later. */
  async freeze(): Promise<void> {
    this.server.pause();
    const silent = () => new SystemClock().sleep(silenceMs).then(() => false);
    const answered = () => this.connection.flush().then(() => true);
    while (await Promise.race([answered(), silent()]));
  }

  async stop(): Promise<void> {
    await this.connection.close();
    await this.server.kill();
    await rm(this.dataDirectory, { recursive: true, force: true });
  }
}

/** A log on its own stream; `replicas` is the number of servers that store it. */
export async function makeJetStreamLog(
  connection: NatsConnection,
  region: string,
  { replicas = 1, consumers = true },
): Promise<JetStreamUnderTest> {
  const config = slotStreamConfig(region, { replicas });
  await ensureStream(connection, config);
  const errors: unknown[] = [];
  const clock = new SystemClock();
  const log: EventLog<Note> = await JetStreamEventLog.open(connection, {
    stream: config.name,
    codec: noteCodec,
    clock,
    onError: (error) => errors.push(error),
    consumers,
  });
  await untilServed(log, region, clock);
  return {
    log,
    stream: config.name,
    connection,
    errors,
    root: `slot.${region}`,
    corrupt: async (subject, body) => void (await connection.request(subject, body)),
    nextInstant: async () => {
      const now = clock.now();
      while (clock.now() < now + 2) await clock.sleep(1);
      return clock.now();
    },
  };
}

/**
 * A stream on several servers is made before all of them know its leader. This append does not fit, so
 * that a leader refuses it and nothing is stored.
 */
async function untilServed(log: EventLog<Note>, region: string, clock: Clock): Promise<void> {
  const append = { subject: `slot.${region}.nobody.1`, expected: 1, record: aNote('refused') };
  while ((await log.append(append)).kind !== 'conflict') await clock.sleep(10);
}

/** Appends until the message is stored, whatever happens to the server; returns its sequence. */
export async function writeSurely(
  log: EventLog<Note>,
  subject: string,
  expected: number,
  text: string,
): Promise<number> {
  const clock = new SystemClock();
  const append = { subject, expected, record: aNote(text) };
  const outcome = await appendUntilKnown(log, append, clock, clock.now() + SETTLE_MS);
  if (outcome.kind !== 'stored') throw new Error(`settled as ${outcome.kind}`);
  return outcome.sequence;
}

/** The sequences of a log from which nothing is missing. */
export function upTo(sequence: number): number[] {
  return Array.from({ length: sequence }, (_, index) => index + 1);
}

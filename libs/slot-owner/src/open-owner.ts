import { connectWhenThere, JetStreamEventLog, NatsBus, slotStreamName } from '#jetstream';
import type { Bus, Clock, EventLog, Random } from '#kernel';
import type { NatsConnection } from '@nats-io/transport-node';
import { slotRecordCodec, type SlotRecord } from '#wire';
import { mkdir } from 'node:fs/promises';
import { lockFolder } from './folder-lock.js';
import { identify, type Identity } from './identity.js';

export interface OwnerSettings {
  /** Names the connection: `berth-<kind>-<name>`. */
  readonly kind: 'agent' | 'registrar';
  /** The folder that is the owner. */
  readonly data: string;
  readonly region: string;
  /** Of a new owner; the host's name if missing. */
  readonly name: string | undefined;
  readonly natsUrl: string;
}

/** An owner of slots with its folder taken and its connection open. */
export interface OpenOwner {
  readonly identity: Identity;
  readonly connection: NatsConnection;
  readonly eventLog: EventLog<SlotRecord>;
  readonly bus: Bus;
  /** Sends what is under way, hangs up, and gives the folder up. */
  close(): Promise<void>;
}

/**
 * Takes the data folder and connects, waiting for NATS as long as it takes.
 *
 * @param onWait told why it waits, once for each reason
 * @throws {FolderTaken}
 * @throws {CredentialsRefused}
 * @throws {TransientError} where the folder belongs to another region
 */
export async function openOwner(
  { kind, data, region, name, natsUrl }: OwnerSettings,
  clock: Clock,
  random: Random,
  onWait: (reason: string) => void,
): Promise<OpenOwner> {
  await mkdir(data, { recursive: true, mode: 0o700 });
  const unlock = await lockFolder(data);
  const identity = identify(data, { region, name }, clock.now(), random);
  const to = { servers: natsUrl, name: `berth-${kind}-${identity.agent}` };
  const connection = await connectWhenThere(to, clock, onWait);
  const stream = slotStreamName(region);
  const codec = slotRecordCodec;
  const eventLog = await JetStreamEventLog.open(connection, { stream, codec, clock });
  const close = async () => {
    await connection.drain();
    unlock();
  };
  return { identity, connection, eventLog, bus: new NatsBus(connection), close };
}

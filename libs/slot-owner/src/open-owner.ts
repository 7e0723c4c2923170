import {
  ConnectionWatch,
  JetStreamEventLog,
  loginLeftMs,
  NatsBus,
  slotStreamName,
} from '#jetstream';
import type { Bus, Clock, EventLog, Random } from '#kernel';
import type { NatsConnection } from '@nats-io/transport-node';
import { slotRecordCodec, type SlotRecord } from '#wire';
import { mkdir } from 'node:fs/promises';
import { lockFolder } from './folder-lock.js';
import { identify, type Identity } from './identity.js';

export interface OwnerSettings {
  /** The data folder, which holds the owner's identity. */
  readonly data: string;
  readonly region: string;
  /** Name of a new owner; the host's name if undefined. */
  readonly name: string | undefined;
  /** Its exact name, if it has been enrolled under one. */
  readonly machine: string | undefined;
  /** @param agent the name of the owner */
  readonly connect: (agent: string) => Promise<NatsConnection>;
}

/** An owner of slots that has locked its folder and opened its connection. */
export interface OpenOwner {
  readonly identity: Identity;
  readonly connection: NatsConnection;
  readonly eventLog: EventLog<SlotRecord>;
  readonly bus: Bus;
  /** Why NATS cannot be used now; null if it can. */
  readonly awayBecause: () => string | null;
  /** For how long its login is good (ms); null: for ever, or it is not known. */
  readonly loginLeftMs: () => number | null;
  /** Sends what is buffered, closes the connection, and releases the folder. */
  close(): Promise<void>;
}

/**
 * Locks the data folder and connects.
 *
 * @throws {FolderTaken} if a running agent owns the folder
 * @throws what `connect` throws
 * @throws {TransientError} if the folder belongs to another region or machine
 */
export async function openOwner(
  { data, region, name, machine, connect }: OwnerSettings,
  clock: Clock,
  random: Random,
): Promise<OpenOwner> {
  await mkdir(data, { recursive: true, mode: 0o700 });
  const unlock = await lockFolder(data);
  const identity = identify(data, { region, name, machine }, clock.now(), random);
  const connection = await connect(identity.agent);
  const stream = slotStreamName(region);
  const codec = slotRecordCodec;
  const eventLog = await JetStreamEventLog.open(connection, { stream, codec, clock });
  const close = async () => {
    await connection.drain();
    unlock();
  };
  const awayBecause = () => ConnectionWatch.of(connection).awayBecause();
  return {
    ...{ identity, connection, eventLog, bus: new NatsBus(connection) },
    ...{ awayBecause, loginLeftMs: () => loginLeftMs(connection, clock), close },
  };
}

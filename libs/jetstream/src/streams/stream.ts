import { DUPLICATE_WINDOW_MS, LogRefused, TransientError } from '#kernel';
import { checkServerVersion } from '#nats-server';
import { endpoints, liveSubject } from '#wire';
import {
  DiscardPolicy,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type JetStreamManager,
  type StreamConfig,
} from '@nats-io/jetstream';
import { nanos, type NatsConnection } from '@nats-io/transport-node';
import { reach } from '../connection/failures.js';

/**
 * How long an answer may take (ms): long enough for a cluster to choose the leader of a new stream.
 */
const ANSWER_MS = 10_000;

const STREAM_NOT_FOUND = 10059;
const STREAM_NAME_IN_USE = 10058;

export type SlotStreamConfig = Partial<StreamConfig> & Pick<StreamConfig, 'name' | 'num_replicas'>;

export interface SlotStreamOptions {
  /** Number of copies: 1, in production 3. Default 1. */
  readonly replicas?: number;
  /** Number of events that are kept of each slot. Default 4096. */
  readonly messagesPerSlotMax?: number;
}

export function slotStreamName(region: string): string {
  return `${endpoints.slot.stream}_${region}`;
}

/** A region's slot events: the settings of the stream, each with its reason. */
export function slotStreamConfig(
  region: string,
  { replicas = 1, messagesPerSlotMax = 4_096 }: SlotStreamOptions = {},
): SlotStreamConfig {
  const below = endpoints.slot.subject.below(region);
  return {
    name: slotStreamName(region),
    // One subject is one slot's history.
    subjects: [endpoints.slot.subject.filter({ region })],
    storage: StorageType.File,
    num_replicas: replicas,
    retention: RetentionPolicy.Limits,
    // No limit for the stream as a whole, in number, size or age: such a limit could remove a
    // slot's last event. The slot's expected sequence would then be 0 again, and the slot
    // forgotten, while a session runs on it.
    max_msgs: -1,
    max_bytes: -1,
    max_age: 0,
    // A slot's oldest events make way for its new ones. DiscardPolicy.New would refuse the new
    // ones.
    discard: DiscardPolicy.Old,
    // De-duplication ids are rebuilt from retained messages when a server starts, so the history
    // kept must span the duplicate window at the fastest turnover. At about five events from one
    // claim to the next, this is 800 claims of one slot within the window.
    max_msgs_per_subject: messagesPerSlotMax,
    // Each id costs 165 bytes of the server's memory for this time.
    duplicate_window: nanos(DUPLICATE_WINDOW_MS),
    // One event holds the slot's whole state, with the request's payload and the game's answer.
    max_msg_size: 1_048_576,
    // Agents and the gateway listen to core NATS: they need no consumer each.
    republish: { src: below, dest: liveSubject(below) },
    // They also read the present without a consumer.
    allow_direct: true,
    // History is never edited.
    deny_delete: true,
    // A retired slot is forgotten by a purge of its subject, so purging cannot be denied here: the
    // permissions on $JS.API.STREAM.PURGE must.
    deny_purge: false,
    // One header could erase the whole log, and with nats-server 2.11 it harms the archive (ADR
    // 0017).
    allow_rollup_hdrs: false,
    // No message has a time to live; but a stream created with this setting cannot lose it again.
    allow_msg_ttl: true,
  };
}

/** A stream of this name exists, and cannot be changed into the one that is needed. */
export class StreamDiffers extends Error {
  override readonly name = 'StreamDiffers';

  constructor(
    readonly stream: string,
    /** Names of the settings that differ. */
    readonly settings: readonly string[],
    options?: ErrorOptions,
  ) {
    super(`stream ${stream} exists with another ${settings.join(', ')}`, options);
  }
}

/**
 * Creates the stream, or updates an existing one to the settings. The number of copies is only ever
 * raised: a service started with the default must not remove production's copies.
 *
 * @throws {ServerTooOld} the server cannot keep Berth's promises; nothing was changed.
 * @throws {StreamDiffers} an existing stream differs in a setting that cannot be changed.
 * @throws {CannotStore} there is no room for the stream.
 * @throws {LogRefused | TransientError}
 */
export async function ensureStream(
  connection: NatsConnection,
  config: SlotStreamConfig,
): Promise<void> {
  const { info } = connection;
  if (info === undefined) throw new TransientError('the connection to NATS is not open');
  const clustered = info.cluster !== undefined && info.cluster !== '';
  checkServerVersion({ version: info.version, replicas: config.num_replicas, clustered });
  const manager = await jetstreamManager(connection, { checkAPI: false, timeout: ANSWER_MS });
  const existing = await find(manager, config.name);
  if (existing === undefined) return create(manager, config);
  await adjust(manager, existing, config);
}

async function find(manager: JetStreamManager, name: string): Promise<StreamConfig | undefined> {
  try {
    return (await reach(manager.streams.info(name), { stream: name })).config;
  } catch (error) {
    if (error instanceof LogRefused && error.code === STREAM_NOT_FOUND) return undefined;
    throw error;
  }
}

async function create(manager: JetStreamManager, config: SlotStreamConfig): Promise<void> {
  try {
    // The client modifies the object it is given.
    await reach(manager.streams.add({ ...config }), storageFor(config));
  } catch (error) {
    if (!(error instanceof LogRefused) || error.code !== STREAM_NAME_IN_USE) throw error;
    // Another service created the stream meanwhile, with its own settings.
    await adjust(manager, (await reach(manager.streams.info(config.name))).config, config);
  }
}

async function adjust(
  manager: JetStreamManager,
  existing: StreamConfig,
  config: SlotStreamConfig,
): Promise<void> {
  const replicas = Math.max(existing.num_replicas, config.num_replicas);
  const wanted = { ...config, num_replicas: replicas };
  const differing = differences(existing, wanted);
  if (differing.length === 0) return;
  const fixed = differing.filter((setting) => isFixed(setting, existing));
  if (fixed.length > 0) throw new StreamDiffers(config.name, fixed);
  await reach(manager.streams.update(config.name, wanted), storageFor(config));
}

/** What the stream is to reserve, for the error that says that there is no room. */
function storageFor({ name, max_bytes = -1 }: SlotStreamConfig) {
  return { stream: name, needBytes: max_bytes > 0 ? max_bytes : undefined };
}

function differences(existing: StreamConfig, wanted: SlotStreamConfig): (keyof StreamConfig)[] {
  const settings = Object.keys(wanted) as (keyof StreamConfig)[];
  // The server's answer leaves out settings that are off.
  const told = (config: Partial<StreamConfig>, setting: keyof StreamConfig) =>
    JSON.stringify(config[setting] || false);
  return settings.filter((setting) => told(existing, setting) !== told(wanted, setting));
}

/**
 * The settings that nats-server does not let an update change (configUpdateCheck in stream.go), and
 * subjects.
 */
function isFixed(setting: keyof StreamConfig, existing: StreamConfig): boolean {
  switch (setting) {
    case 'storage':
    case 'retention':
    // Other subjects would leave slots out of the log, or let in messages that are no slot events.
    case 'subjects':
    case 'mirror':
      return true;
    // These can be switched on, but never off again.
    case 'deny_delete':
    case 'deny_purge':
    case 'allow_msg_ttl':
      return existing[setting] === true;
    default:
      return false;
  }
}

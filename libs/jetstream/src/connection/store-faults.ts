import { CannotStore, type StoreFault } from '#kernel';

/** nats-server's codes (server/errors.json) for a store that takes nothing now. */
const FAULTS: ReadonlyMap<number, StoreFault> = new Map([
  [10002, 'no-room'], // the account's limit
  [10023, 'no-room'], // the server's limit, when a message is stored
  [10047, 'no-room'], // the server's limit, when a stream is created
  [10077, 'write-failed'],
  [10039, 'disabled'], // in this account
  [10076, 'disabled'],
]);

const SAYS: Readonly<Record<StoreFault, string>> = {
  'no-room': 'has no room: the storage that nats-server may use is used up or reserved',
  'write-failed': 'stores nothing: nats-server cannot write to its disk',
  unanswered: 'can be read but stores nothing: nats-server does not answer what is appended',
  disabled: 'cannot be used: JetStream is disabled in nats-server, or its cluster has no leader',
};

const PAGE = 'docs/operating.md, "When the disk is full"';
const RESTART = `free space on the disk of nats-server, then restart nats-server: ${PAGE}`;

/** Whether the server recovers by itself differs; see ADR 40 for what was measured. */
const REMEDIES: Readonly<Record<StoreFault, string>> = {
  'no-room': `remove what is not needed, or raise max_file_store and restart nats-server: ${PAGE}`,
  'write-failed': `free space on the disk of nats-server: ${PAGE}`,
  unanswered: RESTART,
  disabled: RESTART,
};

/** What the store's error code means; undefined for any other error. */
export function storeFaultOf(code: number): StoreFault | undefined {
  return FAULTS.get(code);
}

/**
 * Nobody answers a direct get. nats-server does not say which of the two it is: questions about
 * streams are answered, or not, apart from those for their messages.
 */
export function nobodyServes(stream: string, cause: unknown): CannotStore {
  const what = `stream ${stream} is not there, or JetStream is disabled in nats-server`;
  const remedy = `start an allocator of its region, which creates it; if one runs: ${RESTART}`;
  return new CannotStore('disabled', what, remedy, { cause });
}

/**
 * @param what the stream, or what else was to be stored
 * @param needBytes how much was to be stored or reserved
 */
export function cannotStore(
  fault: StoreFault,
  what: string,
  { needBytes, cause }: { readonly needBytes?: number | undefined; readonly cause?: unknown } = {},
): CannotStore {
  const need = needBytes === undefined ? '' : `; ${needBytes} bytes are needed`;
  return new CannotStore(fault, `${what} ${SAYS[fault]}${need}`, REMEDIES[fault], { cause });
}

import type { Role } from '#wire';

/**
 * JetStream streams of a region, one of each kind; `builds` is the object store with the files of
 * builds.
 */
export type StreamName =
  | 'SLOTS'
  | 'ARCHIVE'
  | 'FLEETS'
  | 'MACHINES'
  | 'CONFIGURATIONS'
  | 'REQUESTS'
  | 'OUTCOMES'
  | 'KEYS'
  | 'builds';

/**
 * How a role uses a stream.
 *
 * - `make`: creates it and updates its settings.
 * - `look`: reads everything, by direct gets and by requests to the leader: whichever subjects it
 *   wants is said in a request's body, which permissions cannot limit.
 * - `follow`: makes consumers. They deliver to any subject that their maker names, other streams'
 *   included, so only those may make them who write the log anyway.
 * - `own`: reads the last messages of its own, exact subjects.
 * - `forget`: purges subjects.
 * - `erase`: overwrites single messages.
 * - `work`: uses its one consumer together with others of its role.
 * - `fetch`: reads files.
 * - `store`: stores and deletes files.
 */
export type StreamUse =
  'make' | 'look' | 'follow' | 'own' | 'forget' | 'erase' | 'work' | 'fetch' | 'store';

type Uses = Readonly<Partial<Record<Role, readonly StreamUse[]>>>;

export const STREAM_USES: Readonly<Record<StreamName, Uses>> = {
  SLOTS: {
    allocator: ['make', 'look', 'follow', 'forget'],
    gateway: ['look'],
    registrar: ['look'],
    agent: ['own'],
    auditor: ['look'],
  },
  ARCHIVE: { allocator: ['make', 'look'], gateway: ['look'], auditor: ['look'] },
  FLEETS: { allocator: ['make', 'look'], gateway: ['look'] },
  MACHINES: { allocator: ['make', 'look'], gateway: ['look'] },
  CONFIGURATIONS: { allocator: ['make', 'look'], gateway: ['look'], agent: ['look'] },
  REQUESTS: { allocator: ['make', 'work', 'erase'] },
  OUTCOMES: { allocator: ['make', 'look'], gateway: ['look'], client: ['own'], operator: ['own'] },
  KEYS: { allocator: ['make', 'look', 'erase'] },
  builds: {
    allocator: ['make', 'fetch', 'store'],
    // Who may change a stream's settings can have it repeat what it stores on any subject, a log's included.
    gateway: ['fetch', 'store'],
    agent: ['fetch'],
  },
};

/** The durable consumer of published requests. */
export const REQUESTS_CONSUMER = 'allocators';

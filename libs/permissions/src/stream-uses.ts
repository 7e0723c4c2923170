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
 * - `read`: reads its history with consumers, and any message by its sequence.
 * - `look`: reads the last messages of subjects that match a pattern. The pattern is in the
 *   request's body, which permissions cannot limit, so this allows reading everything.
 * - `own`: reads the last messages of its own, exact subjects.
 * - `forget`: purges subjects.
 * - `erase`: overwrites single messages.
 * - `work`: uses its one consumer together with others of its role.
 * - `fetch`: reads files.
 * - `store`: stores and deletes files.
 */
export type StreamUse =
  'make' | 'read' | 'look' | 'own' | 'forget' | 'erase' | 'work' | 'fetch' | 'store';

type Uses = Readonly<Partial<Record<Role, readonly StreamUse[]>>>;

export const STREAM_USES: Readonly<Record<StreamName, Uses>> = {
  SLOTS: {
    allocator: ['make', 'read', 'forget'],
    gateway: ['read', 'look'],
    registrar: ['read', 'look'],
    agent: ['own'],
    auditor: ['read', 'look'],
  },
  ARCHIVE: {
    allocator: ['make', 'read'],
    gateway: ['read', 'look'],
    auditor: ['read', 'look'],
  },
  FLEETS: { allocator: ['make', 'read', 'look'] },
  MACHINES: { allocator: ['make', 'read', 'look'] },
  CONFIGURATIONS: { allocator: ['make', 'read', 'look'], agent: ['look'] },
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

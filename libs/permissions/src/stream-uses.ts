import type { Role } from '#wire';

/** JetStream streams of a region, one of each kind; `builds` is the object store of builds' files. */
export type StreamName =
  'SLOTS' | 'ARCHIVE' | 'FLEETS' | 'CONFIGURATIONS' | 'REQUESTS' | 'OUTCOMES' | 'builds';

/**
 * What a role does with a stream.
 *
 * - `make`: sees to its settings.
 * - `read`: reads its history by consumers, and any message of it by its place.
 * - `look`: reads the present of what matches a pattern. The pattern stands in the request's body,
 *   which no permission can confine: this reads everything.
 * - `own`: reads the last message of exact subjects of its own.
 * - `forget`: takes subjects out of it.
 * - `work`: shares its one consumer with others of its role.
 * - `fetch`: reads files out of it.
 * - `store`: puts files into it, and takes them out.
 */
export type StreamUse = 'make' | 'read' | 'look' | 'own' | 'forget' | 'work' | 'fetch' | 'store';

type Uses = Readonly<Partial<Record<Role, readonly StreamUse[]>>>;

export const STREAM_USES: Readonly<Record<StreamName, Uses>> = {
  SLOTS: {
    allocator: ['make', 'read', 'forget'],
    gateway: ['read', 'look'],
    registrar: ['read', 'look'],
    agent: ['own'],
    auditor: ['read'],
  },
  ARCHIVE: { allocator: ['make', 'read'], gateway: ['read'], auditor: ['read'] },
  FLEETS: { allocator: ['make', 'read', 'look'] },
  CONFIGURATIONS: { allocator: ['make', 'read', 'look'], agent: ['look'] },
  REQUESTS: { allocator: ['make', 'work'] },
  OUTCOMES: { allocator: ['make', 'look'], gateway: ['look'], client: ['own'], operator: ['own'] },
  builds: {
    allocator: ['make', 'fetch', 'store'],
    agent: ['fetch'],
    operator: ['make', 'fetch', 'store'],
  },
};

/** The durable consumer of published requests. */
export const REQUESTS_CONSUMER = 'allocators';

/** How often each thing happened. */
export type Counts = Record<
  | 'requests'
  | 'allocations'
  | 'refusals'
  | 'uncertain'
  | 'cancelled'
  | 'published'
  | 'directed'
  | 'sized'
  | 'beyond'
  | 'ends'
  | 'events'
  | 'kills'
  | 'freezes'
  | 'messages'
  | 'lost'
  | 'repeated'
  | 'conflicts'
  | 'duplicates'
  | 'unknown'
  | 'returns'
  | 'forgotten'
  | 'restored'
  | 'full'
  | 'unreadable'
  | 'old'
  | 'suspended',
  number
>;

export function noCounts(): Counts {
  return {
    requests: 0,
    allocations: 0,
    refusals: 0,
    uncertain: 0,
    cancelled: 0,
    published: 0,
    directed: 0,
    sized: 0,
    beyond: 0,
    ends: 0,
    events: 0,
    kills: 0,
    freezes: 0,
    messages: 0,
    lost: 0,
    repeated: 0,
    conflicts: 0,
    duplicates: 0,
    unknown: 0,
    returns: 0,
    forgotten: 0,
    restored: 0,
    full: 0,
    unreadable: 0,
    old: 0,
    suspended: 0,
  };
}

import type { Random } from '#kernel';
import { Pool } from '#pool';
import { blank, type Offer } from '#slot';
import { slotOfSubject } from '#wire';
import type { Demand, Wish } from './demand.js';

export interface Rules {
  /** The slots that there are to be, by subject. */
  readonly offers: ReadonlyMap<string, Offer>;
  /** How long a request waits for a slot before it is refused (ms). */
  readonly waitMs: number;
}

/** What would have happened, at an instant (epoch ms). */
export interface Moment {
  readonly at: number;
  readonly kind: 'served' | 'waiting' | 'refused' | 'ended';
  readonly id: string;
  /** Slots with a session, after it. */
  readonly busy: number;
}

/** What would have been. */
export interface WhatIf {
  readonly slots: number;
  readonly requests: number;
  readonly served: number;
  /** Of those served, so many had to wait. */
  readonly waited: number;
  readonly waitMsMax: number;
  readonly refused: readonly { readonly id: string; readonly at: number }[];
  /** The most slots with a session at a time. */
  readonly busyMax: number;
  /** So many slots would have served every request at once, by fleet and in all. */
  readonly needed: { readonly slots: number; readonly fleets: Readonly<Record<string, number>> };
}

/** The least is chosen of what is equal, so the same record always plays the same. */
const noRandom: Random = { fraction: () => 0, id: () => '' };

interface Ending {
  readonly at: number;
  readonly id: string;
  readonly subject: string;
}

interface Waiting {
  readonly until: number;
  readonly wish: Wish;
}

/**
 * Plays recorded requests against other slots: the pool of an allocator chooses, and a slot is taken for
 * as long as the request had one. Yields what happens in its order; returns what came of it.
 */
export function* play(demand: Demand, rules: Rules): Generator<Moment, WhatIf> {
  const { wishes } = demand;
  const player = new Player(rules);
  let next = 0;
  for (;;) {
    const [wish, ending, waiting] = [wishes[next], player.nextEnding, player.nextRefusal];
    const at = Math.min(wish?.at ?? Infinity, ending?.at ?? Infinity, waiting?.until ?? Infinity);
    if (at === Infinity) break;
    if (ending?.at === at) yield* player.end(ending);
    else if (waiting?.until === at) yield player.refuse(waiting.wish, at);
    else if (wish !== undefined) {
      next += 1;
      yield player.ask(wish);
    }
  }
  return { ...player.outcome, requests: wishes.length, needed: neededFor(wishes) };
}

class Player {
  private readonly pool = new Pool({
    random: noRandom,
    agentOf: (subject) => slotOfSubject(subject).agent,
  });
  /** In the order of their instants. */
  private readonly endings: Ending[] = [];
  /** In the order in which they came, which is that in which they are refused. */
  private readonly waiting: Waiting[] = [];
  private readonly waitMs: number;
  private served = 0;
  private waited = 0;
  private waitMsMax = 0;
  private busyMax = 0;
  private readonly refused: { id: string; at: number }[] = [];

  constructor({ offers, waitMs }: Rules) {
    this.waitMs = waitMs;
    let sequence = 0;
    for (const [subject, offer] of offers) {
      const state = { value: { available: 'cold' }, context: { ...blank, offer } } as const;
      this.pool.apply({ subject, sequence: (sequence += 1), at: 0, state });
    }
  }

  get nextEnding(): Ending | undefined {
    return this.endings[0];
  }

  get nextRefusal(): Waiting | undefined {
    return this.waiting[0];
  }

  get outcome() {
    const { served, waited, waitMsMax, refused, busyMax } = this;
    return { slots: this.pool.counts.slots, served, waited, waitMsMax, refused, busyMax };
  }

  ask(wish: Wish): Moment {
    if (this.serve(wish, wish.at)) return this.moment('served', wish.id, wish.at);
    if (this.waitMs === 0) return this.refuse(wish, wish.at);
    this.waiting.push({ wish, until: wish.at + this.waitMs });
    return this.moment('waiting', wish.id, wish.at);
  }

  refuse({ id }: Wish, at: number): Moment {
    const place = this.waiting.findIndex(({ wish }) => wish.id === id);
    if (place >= 0) this.waiting.splice(place, 1);
    this.refused.push({ id, at });
    return this.moment('refused', id, at);
  }

  /** Frees the slot, for the first who waits and whom it fits. */
  *end({ at, id, subject }: Ending): Generator<Moment, void> {
    this.endings.shift();
    this.pool.release(subject);
    yield this.moment('ended', id, at);
    const place = this.waiting.findIndex(({ wish }) => this.serve(wish, at));
    const [first] = place < 0 ? [] : this.waiting.splice(place, 1);
    if (first === undefined) return;
    this.waited += 1;
    this.waitMsMax = Math.max(this.waitMsMax, at - first.wish.at);
    yield this.moment('served', first.wish.id, at);
  }

  private serve({ id, requirements, heldMs }: Wish, at: number): boolean {
    const held = this.pool.hold(requirements);
    if (held === undefined) return false;
    const ending = { at: at + heldMs, id, subject: held.subject };
    this.endings.splice(placeIn(this.endings, ending.at), 0, ending);
    this.served += 1;
    this.busyMax = Math.max(this.busyMax, this.endings.length);
    return true;
  }

  private moment(kind: Moment['kind'], id: string, at: number): Moment {
    return { at, kind, id, busy: this.endings.length };
  }
}

/** Behind all that end by then. */
function placeIn(endings: readonly Ending[], at: number): number {
  let [low, high] = [0, endings.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((endings[middle]?.at ?? Infinity) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function neededFor(wishes: readonly Wish[]): WhatIf['needed'] {
  const fleets = [...new Set(wishes.map(({ fleet }) => fleet))].sort();
  return {
    slots: mostAtOnce(wishes),
    fleets: Object.fromEntries(
      fleets.map((name) => [name, mostAtOnce(wishes.filter(({ fleet }) => fleet === name))]),
    ),
  };
}

/** The most that have a slot at a time if each is served at once. */
function mostAtOnce(wishes: readonly Wish[]): number {
  const steps = wishes
    .flatMap(({ at, heldMs }) => [
      { at, by: 1 },
      { at: at + heldMs, by: -1 },
    ])
    // A slot that is freed at an instant serves a request of that instant.
    .sort((one, other) => one.at - other.at || one.by - other.by);
  let [now, most] = [0, 0];
  for (const { by } of steps) most = Math.max(most, (now += by));
  return most;
}

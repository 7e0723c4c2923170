import type { PackedSlots } from './collections/packed-slots.js';
import type { PlacedList } from './collections/placed-list.js';
import type { SlotHead } from './slot-head.js';
import type { Offered } from './slot-requirements.js';

/**
 * All that a pool keeps of one slot. The indexes refer to it, and each keeps its own place for the
 * slot in a field here: so a slot takes one record, however many indexes there are.
 */
export class SlotEntry {
  /** Whether a request of this allocator is about to claim it. */
  isHeld = false;

  /** The end of the pause after failed starts (epoch ms) that it is offered again after; 0: none. */
  pauseOver = 0;

  /** What it offers; undefined: it was never free yet. */
  offerClass: OfferClass | undefined;
  /** Where requests find it; undefined: it cannot be given to any now. */
  shape: Shape | undefined;

  /** What it is to its fleet; undefined: nothing, for it cannot be given to a request. */
  fleet: FleetPlace | undefined;
  /** How far it is on the way to what it is assigned; undefined: its agent runs one thing only. */
  rollout: RolloutPlace | undefined;

  agentPlace = -1;
  shapePlace = -1;
  fleetPlace = -1;
  rolloutPlace = -1;

  constructor(
    readonly agent: AgentEntry,
    public head: SlotHead,
  ) {}
}

export interface AgentEntry {
  readonly name: string;
  /** Those that are not retired. */
  readonly slots: PlacedList<'agentPlace', SlotEntry>;
  /** The latest start of the agent that the log tells of (epoch ms). */
  incarnation: number;
  /** Whether this allocator does not offer its slots, because it does not hear the agent. */
  isCordoned: boolean;
}

/** Slots that offer the same: the same requirements fit them. */
export interface OfferClass {
  readonly key: string;
  readonly offered: Offered;
  /** By what their processes are. */
  readonly shapes: Map<string, Shape>;
  /** Slots of the class, free or not. */
  slots: number;
}

/** Free slots that are alike to a request: they offer the same, and run the same. */
export interface Shape {
  readonly key: string;
  readonly offerClass: OfferClass;
  /** Whether its games failed to start last. */
  readonly isFailing: boolean;
  /** What the process is that stands ready, as `version@buildConfiguration`; null: there is none. */
  readonly runs: string | null;
  /** Whether that is what the slot is to run. */
  readonly isReady: boolean;
  readonly slots: PackedSlots<'shapePlace', SlotEntry>;
}

/** What a slot without a session is to its fleet: warm or cold by the log, or left to its agent. */
export type FreeSlot = 'desiredWarm' | 'desiredCold' | 'unmanagedWarm' | 'unmanagedCold';

/** What a slot is to its fleet; `taken`: it has a session, or is about to have one. */
export type SlotAvailability = 'taken' | FreeSlot;

export interface FleetEntry {
  readonly name: string;
  readonly free: Readonly<Record<FreeSlot, PackedSlots<'fleetPlace', SlotEntry>>>;
  taken: number;
  /** Free slots where a process stands ready. */
  ready: number;
  slots: number;
  /** What its slots may be to it, as far as any was: slots alike share one. */
  readonly places: FleetPlace[];
}

export interface FleetPlace {
  readonly fleet: FleetEntry;
  readonly availability: SlotAvailability;
  readonly isReady: boolean;
}

/**
 * What it takes to change what a free slot is to run. `changing`: it changes already, from one thing
 * to another; `cold`: no process has to make way; `warm`: one has to, or is about to start.
 */
export type ChangeCost = 'changing' | 'cold' | 'warm';

/** The slots of a fleet that are assigned the same. */
export interface RolloutGroup {
  readonly fleet: string;
  /** What they are assigned. */
  readonly key: string;
  readonly free: Readonly<Record<ChangeCost, PlacedList<'rolloutPlace', SlotEntry>>>;
  slots: number;
  outOfService: number;
  inChange: number;
  failed: number;
  /** Where its slots may be on the way, as far as any was: slots alike share one. */
  readonly places: RolloutPlace[];
}

export interface RolloutPlace {
  readonly group: RolloutGroup;
  /** Null: it cannot be changed now. */
  readonly cost: ChangeCost | null;
  /** Whether it is drained or in maintenance. */
  readonly isOutOfService: boolean;
  readonly inChange: boolean;
  readonly failed: boolean;
  /** Whether a process had to make way for what it is assigned, and none has started since. */
  readonly hasMadeWay: boolean;
  readonly hasProcess: boolean;
}

import type { PackedSlots } from './collections/packed-slots.js';
import type { ObstacleCount } from './obstacle.js';
import type { PlacedList } from './collections/placed-list.js';
import type { SlotHead } from './slot-head.js';
import type { Offered } from './slot-requirements.js';

/**
 * All that a pool keeps about one slot. The indexes refer to it, and each keeps its own place for
 * the slot in a field here: a slot takes one record, however many indexes there are.
 */
export class SlotEntry {
  /** Whether a request of this allocator is about to claim the slot. */
  isHeld = false;

  /**
   * The end of the pause after failed starts (epoch ms) since which the slot is offered again; 0:
   * none.
   */
  pauseOver = 0;

  /** The class of its offer; undefined if it was never registered. */
  offerClass: OfferClass | undefined;
  /** Where requests find it; undefined if it cannot be given to a request now. */
  shape: Shape | undefined;

  /**
   * The count of its class in which it is included; undefined if it is retired, or was never
   * registered.
   */
  obstructed: ObstacleCount | undefined;

  /** Its place in its fleet; undefined if it cannot be given to a request. */
  fleet: FleetPlace | undefined;
  /**
   * Its progress to what it is assigned; undefined if its agent runs one build configuration only.
   */
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
  /** The agent's slots that are not retired. */
  readonly slots: PlacedList<'agentPlace', SlotEntry>;
  /** The latest start of the agent according to the log (epoch ms). */
  incarnation: number;
  /**
   * Whether this allocator does not offer the agent's slots, because it does not hear the agent.
   */
  isCordoned: boolean;
}

/** Slots that offer the same, and so fit the same requirements. */
export interface OfferClass {
  readonly key: string;
  readonly offered: Offered;
  /** The shapes of the class, by what their processes run. */
  readonly shapes: Map<string, Shape>;
  /** The class's slots by obstacle; only obstacles that have occurred. */
  readonly obstructed: ObstacleCount[];
  /** Number of slots in the class, free or not. */
  slots: number;
}

/** Free slots that are the same to a request: they offer the same and run the same. */
export interface Shape {
  readonly key: string;
  readonly offerClass: OfferClass;
  /** Whether the last start of their games failed. */
  readonly isFailing: boolean;
  /** What the ready process runs, as `version@buildConfiguration`; null if there is no process. */
  readonly runs: string | null;
  /** Whether the ready process runs what the slot is to run. */
  readonly isReady: boolean;
  readonly slots: PackedSlots<'shapePlace', SlotEntry>;
}

/**
 * The availability of a slot without a session: desired by the log, or unmanaged (left to its
 * agent).
 */
export type FreeSlot = 'desiredWarm' | 'desiredCold' | 'unmanagedWarm' | 'unmanagedCold';

/** The availability of a slot in its fleet; `taken`: it has a session, or is about to have one. */
export type SlotAvailability = 'taken' | FreeSlot;

export interface FleetEntry {
  readonly name: string;
  readonly free: Readonly<Record<FreeSlot, PackedSlots<'fleetPlace', SlotEntry>>>;
  taken: number;
  /** Number of free slots where a process stands ready. */
  ready: number;
  slots: number;
  /** The places that slots of this fleet have had so far; slots with equal values share one. */
  readonly places: FleetPlace[];
}

export interface FleetPlace {
  readonly fleet: FleetEntry;
  readonly availability: SlotAvailability;
  readonly isReady: boolean;
}

/**
 * What it costs to change what a free slot is to run. `changing`: the slot is in change already;
 * `cold`: no process has to make way; `warm`: a process has to make way, or is about to start.
 */
export type ChangeCost = 'changing' | 'cold' | 'warm';

/** The slots of a fleet that are assigned the same configuration. */
export interface RolloutGroup {
  readonly fleet: string;
  /** What they are assigned, as `version@buildConfiguration`; empty: their agents' own setting. */
  readonly key: string;
  readonly free: Readonly<Record<ChangeCost, PlacedList<'rolloutPlace', SlotEntry>>>;
  slots: number;
  outOfService: number;
  inChange: number;
  failed: number;
  /** The places that slots of this group have had so far; slots with equal values share one. */
  readonly places: RolloutPlace[];
}

export interface RolloutPlace {
  readonly group: RolloutGroup;
  /** Null if the slot cannot be changed now. */
  readonly cost: ChangeCost | null;
  /** Whether the slot is drained or in maintenance. */
  readonly isOutOfService: boolean;
  readonly inChange: boolean;
  readonly failed: boolean;
  /** Whether a process made way for the assigned configuration, and none has started since. */
  readonly hasMadeWay: boolean;
  readonly hasProcess: boolean;
}

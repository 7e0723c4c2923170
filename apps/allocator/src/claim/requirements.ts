import type { Pool, SlotHead, SlotRequirements } from '#pool';
import {
  DEFAULT_PROJECT,
  canRun,
  projectOf,
  servesProject,
  type Assignment,
  type SessionTerms,
} from '#slot';
import { slotNamed, slotSubject, type AllocationRequest, type Refused } from '#wire';
import { refusedAnswer } from './answers.js';
import { unknownFleet } from './refusals.js';

/** What a claim needs to know of a region's build configurations. */
export interface KnownConfigurations {
  /** The current version; undefined if there is no configuration of this name. */
  current(name: string): Assignment | undefined;
  /** The terms that a version sets for sessions; undefined if the version is not kept. */
  termsOf(assignment: Assignment): SessionTerms | undefined;
}

/** The fleets of a region that were ever given a size or a build configuration. */
export interface KnownFleetSettings {
  has(fleet: string): boolean;
}

/** Translates requests into requirements of slots, and finds the terms of their sessions. */
export class RequirementResolver {
  constructor(
    private readonly pool: Pool,
    private readonly configurations: KnownConfigurations,
    private readonly fleets: KnownFleetSettings,
  ) {}

  requirementsOf({
    fleet,
    fleets,
    buildConfiguration,
    attributes,
    restart,
    slot,
    allocationId = '',
  }: AllocationRequest): SlotRequirements {
    const project = projectOf(allocationId);
    const version = this.currentOf(buildConfiguration)?.version;
    const named = slot === undefined ? undefined : slotNamed(slot);
    return {
      ...(project !== DEFAULT_PROJECT && { project }),
      fleet,
      fleets,
      buildConfiguration,
      version,
      restart,
      attributes,
      slot: slot === undefined ? undefined : named === undefined ? slot : slotSubject(named),
    };
  }

  /** Why no slot can fit as things are; null if one may. */
  refusalOf(request: AllocationRequest): Refused | null {
    const { region, buildConfiguration, slot, allocationId = '' } = request;
    const project = projectOf(allocationId);
    if (slot !== undefined) {
      const ref = slotNamed(slot);
      const offer = ref && this.pool.slots.get(slotSubject(ref))?.state.context.offer;
      if (offer === undefined || (offer !== null && !servesProject(offer, project))) {
        const message = `no slot ${slot} is known in region ${region}`;
        return refusedAnswer(undefined, 'unknown-slot', message);
      }
    }
    // Whether a fleet of other projects has this name is not told.
    const isOwn = project === DEFAULT_PROJECT;
    if (isOwn && !this.knowsFleetOf(request)) return unknownFleet(request);
    if (buildConfiguration === undefined) return null;
    if (this.currentOf(buildConfiguration) !== undefined) return null;
    if (this.pool.slots.hasConfigured(buildConfiguration)) return null;
    const message = `there is no build configuration ${buildConfiguration} in region ${region}; set it, or name another`;
    return refusedAnswer(undefined, 'unknown-build-configuration', message);
  }

  /**
   * The terms of the session's build configuration; null if it is the one that the agent is set to.
   */
  termsFor({ state }: SlotHead, { buildConfiguration }: AllocationRequest): SessionTerms | null {
    const { offer, assigned } = state.context;
    if (offer?.runsAny !== true) return null;
    const run = buildConfiguration === undefined ? assigned : this.currentOf(buildConfiguration);
    if (run == null || !canRun(state, run.buildConfiguration)) return null;
    // For a version that is not kept any more only the number is known; the agent may still have
    // it.
    const { limits } = offer;
    const unknown = { version: run.version, limits, readiness: false };
    return this.configurations.termsOf(run) ?? unknown;
  }

  /**
   * Whether the log tells of any fleet that the request names. A region without any slot knows no
   * names yet: its agents may be about to register.
   */
  private knowsFleetOf({ fleet, fleets }: AllocationRequest): boolean {
    const { slots } = this.pool;
    const isKnown = (name: string) => slots.hasFleet(name) || this.fleets.has(name);
    if (slots.size === 0) return true;
    return (fleet === undefined || isKnown(fleet)) && (fleets?.some(isKnown) ?? true);
  }

  private currentOf(name: string | undefined): Assignment | undefined {
    return name === undefined ? undefined : this.configurations.current(name);
  }
}

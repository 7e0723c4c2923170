import type { Pool, SlotHead, SlotRequirements } from '#pool';
import { canRun, type Assignment, type SessionTerms } from '#slot';
import { slotNamed, slotSubject, type AllocationRequest, type Refused } from '#wire';
import { refusedAnswer } from './answers.js';

/** The build configurations of a region, as a claim needs them. */
export interface KnownConfigurations {
  /** The version that is current; undefined: there is none of this name. */
  current(name: string): Assignment | undefined;
  /** What a version says of sessions; undefined: it is not at hand. */
  termsOf(assignment: Assignment): SessionTerms | undefined;
}

/** What requests ask for, in terms of slots, and what sessions on these are to be. */
export class RequirementResolver {
  constructor(
    private readonly pool: Pool,
    private readonly configurations: KnownConfigurations,
  ) {}

  requirementsOf({
    fleet,
    fleets,
    buildConfiguration,
    attributes,
    restart,
    slot,
  }: AllocationRequest): SlotRequirements {
    const version = this.currentOf(buildConfiguration)?.version;
    const named = slot === undefined ? undefined : slotNamed(slot);
    return {
      fleet,
      fleets,
      buildConfiguration,
      version,
      restart,
      attributes,
      slot: slot === undefined ? undefined : named === undefined ? slot : slotSubject(named),
    };
  }

  /** Why no slot could ever fit, as things are; null where one may. */
  refusalOf({ region, buildConfiguration, slot }: AllocationRequest): Refused | null {
    if (slot !== undefined) {
      const ref = slotNamed(slot);
      if (ref === undefined || this.pool.slots.get(slotSubject(ref)) === undefined) {
        const message = `no slot ${slot} is known in region ${region}`;
        return refusedAnswer(undefined, 'unknown-slot', message);
      }
    }
    if (buildConfiguration === undefined) return null;
    if (this.currentOf(buildConfiguration) !== undefined) return null;
    if (this.pool.slots.hasConfigured(buildConfiguration)) return null;
    const message = `there is no build configuration ${buildConfiguration} in region ${region}; set it, or name another`;
    return refusedAnswer(undefined, 'unknown-build-configuration', message);
  }

  /** What the session's build configuration says; null: it is the one the agent is set to. */
  termsFor({ state }: SlotHead, { buildConfiguration }: AllocationRequest): SessionTerms | null {
    const { offer, assigned } = state.context;
    if (offer?.runsAny !== true) return null;
    const run = buildConfiguration === undefined ? assigned : this.currentOf(buildConfiguration);
    if (run == null || !canRun(state, run.buildConfiguration)) return null;
    // Of a version that is not at hand any more, only the number is known; the agent may have it.
    const { limits } = offer;
    const unknown = { version: run.version, limits, readiness: false };
    return this.configurations.termsOf(run) ?? unknown;
  }

  private currentOf(name: string | undefined): Assignment | undefined {
    return name === undefined ? undefined : this.configurations.current(name);
  }
}

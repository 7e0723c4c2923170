import type { SlotRequirements } from '#pool';
import { projectOf, type SlotEvent } from '#slot';
import { slotNamed, slotSubject } from '#wire';

/** What a claim says that its request required of a slot. */
export function requirementsOf({
  allocationId,
  asked = {},
  version,
  fresh,
}: SlotEvent<'AllocationRequested'>): SlotRequirements {
  const { fleet, fleets, buildConfiguration, slot, attributes = {} } = asked;
  const named = slot === undefined ? undefined : slotNamed(slot);
  return {
    project: projectOf(allocationId),
    ...{ fleet, fleets, buildConfiguration, attributes },
    // 0: the configuration that the agent is set to, which has no version of the region.
    version: version === 0 ? undefined : version,
    restart: fresh,
    slot: named && slotSubject(named),
  };
}

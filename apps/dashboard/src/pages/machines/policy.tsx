import { Instant } from '../../parts/instant.js';
import type { Machine } from '../../types.js';

/** What the policy of a machine limits. */
export function Policy({ machine }: { readonly machine: Machine | undefined }) {
  if (machine === undefined) return null;
  return (
    <>{machine.policy === null ? 'none' : limitsOf(machine.policy).join('; ') || 'no limits'}</>
  );
}

/** The last registration that the policy refused, and why. */
export function Refused({ machine }: { readonly machine: Machine | undefined }) {
  if (!machine?.refused) return null;
  const { slot, reason, at } = machine.refused;
  return (
    <span class="lost">
      {slot} <Instant at={at} />: {reason}
    </span>
  );
}

type Limits = NonNullable<Machine['policy']>;

function limitsOf({ slotsMax, fleets, addresses, priorityMin, projects }: Limits) {
  return [
    slotsMax !== null && `at most ${slotsMax} slots`,
    fleets !== null && `fleets ${fleets.join(', ')}`,
    addresses !== null && `addresses ${addresses.join(', ')}`,
    priorityMin !== null && `priority from ${priorityMin}`,
    projects !== null && `projects ${projects.join(', ')}`,
  ].filter((limit) => limit !== false);
}

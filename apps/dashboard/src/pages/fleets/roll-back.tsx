import type { FleetFormProps } from './fleet-form.js';

/** One button that sets what the fleet ran before; nothing if that is not known. */
export function RollBack({ fleet, change }: FleetFormProps) {
  const { previousConfiguration: previous, atATime } = fleet;
  if (previous === undefined) return null;
  const rollBack = () =>
    change('PUT', '/build-configuration', {
      ...{ buildConfiguration: previous, atATime },
      ...{ reason: `rolled back from ${nameOf(fleet.buildConfiguration)}`, by: 'dashboard' },
    });
  return (
    <p>
      <button type="button" onClick={rollBack}>
        Roll back to {nameOf(previous)}
      </button>
    </p>
  );
}

const nameOf = (configuration: string | null) => configuration ?? "the agents' own settings";

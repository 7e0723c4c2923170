import type { Decider } from '#kernel';
import type { ConfigurationEvent } from './configuration.events.js';
import type { BuildConfiguration, ConfigurationState } from './configuration.state.js';

/** Versions kept at hand, for slots that run an earlier one until they clear. */
export const VERSIONS_MAX = 8;

/** Sets a build configuration, or removes it (null). */
export interface SetConfiguration {
  readonly type: 'SetConfiguration';
  readonly at: number;
  readonly configuration: BuildConfiguration | null;
  readonly reason: string;
  readonly by: string;
}

/** The decider of one build configuration. What it says is checked where it is parsed. */
export const buildConfiguration: Decider<ConfigurationState, SetConfiguration, ConfigurationEvent> =
  {
    initial: { version: 0, configuration: null, versions: {} },

    decide(state, { configuration, at, reason, by }) {
      if (isSame(state.configuration, configuration)) return { kind: 'accepted', steps: [] };
      const event: ConfigurationEvent =
        configuration === null
          ? { type: 'ConfigurationRemoved', at, reason, by }
          : {
              type: 'ConfigurationSet',
              at,
              version: state.version + 1,
              configuration,
              reason,
              by,
            };
      return { kind: 'accepted', steps: [{ event, state: evolve(state, event) }] };
    },

    evolve,
  };

function evolve(state: ConfigurationState, event: ConfigurationEvent): ConfigurationState {
  switch (event.type) {
    case 'ConfigurationSet': {
      const { version, configuration } = event;
      const known: Record<string, BuildConfiguration> = {
        ...state.versions,
        [version]: configuration,
      };
      const kept = Object.entries(known).filter(([key]) => Number(key) > version - VERSIONS_MAX);
      return { version, configuration, versions: Object.fromEntries(kept) };
    }
    case 'ConfigurationRemoved':
      return { ...state, configuration: null };
    default:
      return event satisfies never;
  }
}

/** Both come from one schema, which says the order of their keys. */
function isSame(one: BuildConfiguration | null, other: BuildConfiguration | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

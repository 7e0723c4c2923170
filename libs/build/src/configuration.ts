import { decider, type Proposal } from '#kernel';
import type { SetConfiguration } from './configuration.commands.js';
import type { ConfigurationEvent } from './configuration.events.js';
import type { BuildConfiguration, ConfigurationState } from './configuration.state.js';

/** Versions that the state keeps, for slots that run an earlier one until they clear. */
export const VERSIONS_MAX = 8;

/**
 * The decider of one build configuration. The configuration's content is checked when it is parsed.
 */
export const buildConfiguration = decider<ConfigurationState, SetConfiguration, ConfigurationEvent>(
  { version: 0, configuration: null, versions: {} },
  propose,
  {
    ConfigurationSet: ({ versions }, { version, configuration }) => ({
      version,
      configuration,
      versions: latest({ ...versions, [version]: configuration }, version),
    }),
    ConfigurationRemoved: (state) => ({ ...state, configuration: null }),
  },
);

function propose(
  state: ConfigurationState,
  { configuration, at, reason, by }: SetConfiguration,
): Proposal<ConfigurationEvent> {
  if (isSame(state.configuration, configuration)) return [];
  if (configuration === null) return [{ type: 'ConfigurationRemoved', at, reason, by }];
  const version = state.version + 1;
  return [{ type: 'ConfigurationSet', at, version, configuration, reason, by }];
}

function latest(versions: ConfigurationState['versions'], version: number) {
  const kept = Object.entries(versions).filter(([key]) => Number(key) > version - VERSIONS_MAX);
  return Object.fromEntries(kept);
}

/** Both were parsed by the same schema, which fixes the order of their keys. */
function isSame(one: BuildConfiguration | null, other: BuildConfiguration | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

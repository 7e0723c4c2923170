import { fleet, type FleetCommand, type FleetEvent, type FleetState } from '#fleet';
import { endpoints } from '#wire';
import { Settings, type SettingsKind, type SettingsDeps } from '../operate/settings.js';

export type FleetSettings = Settings<FleetState, FleetCommand, FleetEvent>;
export type FleetDeps = SettingsDeps<FleetState, FleetEvent>;

/**
 * The settings of a region's fleets.
 *
 * @param changed called with every new state
 */
export function fleetSettings(
  allocator: string,
  region: string,
  deps: FleetDeps,
  changed: (fleet: string, state: FleetState) => void,
): FleetSettings {
  const kind: SettingsKind<FleetState, FleetCommand, FleetEvent> = {
    noun: 'fleet',
    filter: endpoints.fleet.subject.filter({ region }),
    subjectOf: (name) => endpoints.fleet.subject.of({ region, fleet: name }),
    nameOf: (subject) => endpoints.fleet.subject.parse(subject).fleet,
    decider: fleet,
  };
  return new Settings(allocator, kind, deps, changed);
}

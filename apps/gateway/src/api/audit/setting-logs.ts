import type { EventLog } from '#kernel';
import { endpoints, type EventRecord, type SettingChange } from '#wire';

type AnyEvent = { readonly type: string; readonly at: number };

/** The histories of one kind of what people set. */
export type SettingLog = Pick<EventLog<EventRecord<AnyEvent, unknown>>, 'read'>;

/** The histories of all that people set in one region. */
export type SettingLogs = Readonly<Record<SettingChange['setting'], SettingLog>>;

/** Where the histories of one kind are, and whose one of them is: `region.name`. */
export interface SettingPlace {
  filter(region: string): string;
  idOf(subject: string): string;
}

const { fleet, configuration, build, machine } = endpoints;

export const SETTING_PLACES: Readonly<Record<SettingChange['setting'], SettingPlace>> = {
  fleet: placeOf(fleet.subject),
  configuration: placeOf(configuration.subject),
  build: placeOf(build.subject),
  machine: placeOf(machine.subject),
};

/** Their subjects are a word, the region and the name. */
function placeOf(subject: {
  filter(of: { readonly region: string }): string;
  parse(subject: string): Readonly<Record<string, string>>;
}): SettingPlace {
  return {
    filter: (region) => subject.filter({ region }),
    idOf: (name) => Object.values(subject.parse(name)).join('.'),
  };
}

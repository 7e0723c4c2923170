export { counted } from '#audit';
import type { BuildEvent, ConfigurationEvent } from '#build';
import type { FleetEvent } from '#fleet';
import type { SlotEvent as Recorded } from '#slot';
import type { Slot, SlotEvent } from './types.js';

/** A slot's state in one word: `warm`, `live`, `drained`, or `lost` if its agent is lost. */
export function stateOf({
  agentLost,
  phase,
  status,
}: Pick<Slot, 'agentLost' | 'phase' | 'status'>): string {
  return agentLost ? 'lost' : (phase ?? status);
}

/** The fleet's id, `region.fleet`. */
export const fleetOf = ({ region, fleet }: Pick<Slot, 'region' | 'fleet'>) => `${region}.${fleet}`;

/** The id of its machine, `region.agent`. */
export const machineOf = ({ region, agent }: Pick<Slot, 'region' | 'agent'>) =>
  `${region}.${agent}`;

/** All states, in the order in which they are shown. */
export const STATES = [
  ...([
    'warm',
    'cold',
    'awaiting',
    'live',
    'idle',
    'deallocated',
    'drained',
    'maintenance',
    'lost',
  ] as const),
];

export const timeOf = (at: number | undefined) =>
  at === undefined ? '' : new Date(at).toLocaleTimeString(undefined, { hour12: false });

/** `230 ms`, `2.1 s`, `12 min`, `5 h`. */
export function durationOf(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  return ms < 3_600_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 3_600_000)} h`;
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `512 B`, `3.2 MiB` */
export function bytesOf(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${UNITS[power]}`;
}

/** A build configuration and its version; version 0 is what an agent is set to. */
export const versioned = (name: string, version: number | undefined) =>
  version ? `${name}, version ${version}` : `${name}, as its agent is set`;

/** When it happened (epoch ms); undefined if the event cannot be read. */
export const instantOf = (event: SlotEvent) => ('at' in event ? event.at : undefined);

/** Events of fleets, build configurations, builds and policies, which people change. */
type SettingEvent =
  | FleetEvent['type']
  | ConfigurationEvent['type']
  | BuildEvent['type']
  | 'PolicySet'
  | 'PolicyRemoved';

const SENTENCES: Readonly<Record<Recorded['type'] | SettingEvent | 'SetAside', string>> = {
  SlotRegistered: 'Its agent registered it',
  SlotRetired: 'Taken out of service for ever',
  ProcessStarted: 'A game process was started',
  ProcessStopped: 'The game process was stopped',
  AllocationRequested: 'Claimed for a request',
  CallbackAcked: 'The game accepted its session',
  CallbackRefused: 'The game refused the session',
  CallbackTimedOut: 'The game did not answer in time',
  WentActive: 'Players joined',
  WentIdle: 'The last player left',
  ExitedZero: 'The game ended its session',
  Crashed: 'The game crashed',
  TtlExpired: 'The session ran out of time',
  DeallocationRequested: 'The session was released',
  SlotCleared: 'The slot was cleaned up',
  CheckFailed: 'A check of the game failed',
  DrainRequested: 'A drain was requested',
  DrainWithdrawn: 'The drain was withdrawn',
  MaintenanceRequested: 'Maintenance was requested',
  MaintenanceEnded: 'Maintenance ended',
  WarmthSet: 'Set to stay warm or cold',
  ConfigurationAssigned: 'Assigned another build configuration',
  HoldSet: 'The game asked not to be stopped',
  SlotRepaired: 'An operator set aside an unreadable event',
  SessionRestored: 'A session that the log had lost was restored',
  AgentLost: 'Its agent is lost',
  AgentReturned: 'Its agent is back',
  SetAside: 'An event that cannot be read',
  FleetSized: 'The size of the fleet was set',
  FleetUnsized: 'The size of the fleet was removed',
  FleetConfigured: 'Another build configuration was rolled out',
  ConfigurationSet: 'The build configuration was set',
  ConfigurationRemoved: 'The build configuration was removed',
  BuildPushed: 'A version was pushed',
  BuildVersionRemoved: 'A version was removed',
  PolicySet: 'The policy was set',
  PolicyRemoved: 'The policy was removed',
};

/** A sentence for a type of event; the type if this page has none for it. */
export function sentenceOf(type: string): string {
  return type in SENTENCES ? SENTENCES[type as keyof typeof SENTENCES] : type;
}

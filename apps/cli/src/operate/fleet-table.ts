import type { FleetView } from '#wire';
import { table } from './table.js';

/** Sizes, slots and rollouts of fleets, then the slots whose games do not start. */
export function fleetTable(shown: readonly FleetView[]): string {
  const rows = shown.map(({ id, size, allocated, warm, cold, rollout }) => [
    id,
    ...[size?.minAvailable ?? '', size?.buffer ?? '', size?.max ?? ''].map(String),
    ...[allocated, warm, cold].map(String),
    ...progressCells(rollout),
  ]);
  const sizes = ['min', 'buffer', 'max', 'allocated', 'warm', 'cold'];
  const fleets = table(['fleet', ...sizes, 'runs', 'done', 'changing', 'waiting', 'failed'], rows);
  const failing = shown.flatMap((fleet) => fleet.failing);
  return failing.length === 0 ? fleets : `${fleets}\n\n${failingTable(failing)}`;
}

function failingTable(failing: FleetView['failing']): string {
  const rows = failing.map(({ slot, failedStarts, offeredAgainAt, reason }) => [
    slot,
    String(failedStarts),
    offeredAgainAt === null ? 'now, after all others' : new Date(offeredAgainAt).toISOString(),
    reason,
  ]);
  return table(['failing slot', 'failed starts', 'offered', 'why'], rows);
}

function progressCells(rollout: FleetView['rollout']): readonly string[] {
  if (rollout === null) return ['', '', '', '', ''];
  const { buildConfiguration, version, done, changing, waiting, failed } = rollout;
  return [`${buildConfiguration} ${version}`, ...[done, changing, waiting, failed].map(String)];
}

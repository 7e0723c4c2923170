import type { Seen } from '#diagnosis';
import { table } from './table.js';

/** Version, readiness, slots by status and the fleets, on a few lines. */
export function summaryOf(api: string, seen: Seen): string {
  const counted = new Map<string, number>();
  const machines = seen.agents ?? [];
  for (const { statuses } of machines) {
    for (const [status, count] of Object.entries(statuses)) {
      counted.set(status, (counted.get(status) ?? 0) + count);
    }
  }
  const slotCount = machines.reduce((sum, { slots: own }) => sum + own, 0);
  const states = [...counted].map(([status, count]) => `${count} ${status}`).join(', ');
  const rows = (seen.fleets ?? []).map(({ id, allocated, warm, cold, size, rollout }) => [
    id,
    ...[allocated, warm, cold, size?.max ?? ''].map(String),
    rollout === null ? '' : `${rollout.done} done, ${rollout.changing + rollout.waiting} to go`,
  ]);
  return [
    `Berth ${seen.version} at ${api}: ${seen.notReadyBecause.length === 0 ? 'ready' : 'not ready'}`,
    `${numbered(slotCount, 'slot')} of ${numbered(machines.length, 'agent')}${states === '' ? '' : `: ${states}`}`,
    '',
    table(['fleet', 'allocated', 'warm', 'cold', 'max', 'rollout'], rows),
  ].join('\n');
}

/** "1 slot", "2 slots" */
const numbered = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;

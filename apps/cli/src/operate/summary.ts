import { counted } from '#audit';
import type { Seen } from '#diagnosis';
import { table } from './table.js';

/** Version, readiness, slots by status and the fleets, on a few lines. */
export function summaryOf(api: string, seen: Seen): string {
  const byStatus = new Map<string, number>();
  const machines = seen.agents ?? [];
  for (const { statuses } of machines) {
    for (const [status, count] of Object.entries(statuses)) {
      byStatus.set(status, (byStatus.get(status) ?? 0) + count);
    }
  }
  const slotCount = machines.reduce((sum, { slots: own }) => sum + own, 0);
  const states = [...byStatus].map(([status, count]) => `${count} ${status}`).join(', ');
  const rows = (seen.fleets ?? []).map(({ id, allocated, warm, cold, size, rollout }) => [
    id,
    ...[allocated, warm, cold, size?.max ?? ''].map(String),
    rollout === null ? '' : `${rollout.done} done, ${rollout.changing + rollout.waiting} to go`,
  ]);
  return [
    `Berth ${seen.version} at ${api}: ${seen.notReadyBecause.length === 0 ? 'ready' : 'not ready'}`,
    `${counted(slotCount, 'slot')} of ${counted(machines.length, 'agent')}${states === '' ? '' : `: ${states}`}`,
    '',
    table(['fleet', 'allocated', 'warm', 'cold', 'max', 'rollout'], rows),
  ].join('\n');
}

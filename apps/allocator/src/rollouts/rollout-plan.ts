import type { ChangeCost, RolloutCounts } from '#pool';

/**
 * Which slots may be changed now, the cheapest first. A slot in change is redirected; a slot
 * without a process loses nothing; of slots with a process, at most `atATime` are without one at
 * the same time. If a game does not start, nothing more is changed: all others would fail likewise.
 */
export function changesAllowed(
  { failed, inChange }: Pick<RolloutCounts, 'failed' | 'inChange'>,
  atATime: number,
): readonly ChangeCost[] {
  if (failed > 0) return [];
  return inChange < atATime ? ['changing', 'cold', 'warm'] : ['changing', 'cold'];
}

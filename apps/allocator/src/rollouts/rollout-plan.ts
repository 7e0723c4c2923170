import type { ChangeCost, RolloutCounts } from '#pool';

/**
 * Which slots may be changed now, the cheapest first. One that is changing already changes its
 * course; one without a process loses nothing; and of those with one, at most `atATime` are without
 * it at a time. A game that does not start stops everything: all others would fail likewise.
 */
export function changesAllowed(
  { failed, inChange }: Pick<RolloutCounts, 'failed' | 'inChange'>,
  atATime: number,
): readonly ChangeCost[] {
  if (failed > 0) return [];
  return inChange < atATime ? ['changing', 'cold', 'warm'] : ['changing', 'cold'];
}

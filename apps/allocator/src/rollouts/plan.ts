import type { Effort, RolloutCounts } from '#pool';

/**
 * Which slots may be changed now, the first of these first. One that is changing already changes its
 * course; one without a process loses nothing; and of those with one, at most `atATime` are without
 * it at a time. A game that does not start stops everything: all others would fail likewise.
 */
export function effortsFor(
  { failed, inChange }: Pick<RolloutCounts, 'failed' | 'inChange'>,
  atATime: number,
): readonly Effort[] {
  if (failed > 0) return [];
  return inChange < atATime ? ['stirred', 'atOnce', 'warm'] : ['stirred', 'atOnce'];
}

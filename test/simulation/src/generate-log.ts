import type { Random } from '#kernel';
import { CALM_AT_MS, type Fault, type Setting } from './schedule.js';
import { whole } from './seeds.js';

/** The latest time of a fault of the log: its effects are over once the run is calm (ms). */
const LATEST_MS = CALM_AT_MS - 10_000;

/** In a third of the runs the log loses its last seconds, once or twice. */
export function someReturns(random: Random): readonly Fault[] {
  if (random.fraction() < 0.67) return [];
  return Array.from({ length: whole(random, 1, 2) }, () => ({
    kind: 'logBack' as const,
    at: whole(random, 8_000, LATEST_MS),
    byMs: whole(random, 100, random.fraction() < 0.5 ? 3_000 : 15_000),
    awayMs: whole(random, 50, 3_000),
  }));
}

/** In a quarter of the runs the log has no room, once or twice. */
export function someFullLog(random: Random): readonly Fault[] {
  if (random.fraction() < 0.75) return [];
  return Array.from({ length: whole(random, 1, 2) }, () => {
    const forMs = whole(random, 500, random.fraction() < 0.5 ? 3_000 : 14_000);
    return { kind: 'logFull' as const, at: whole(random, 1_000, CALM_AT_MS - forMs), forMs };
  });
}

/** In a quarter of the runs somebody writes on the subjects of slots what nobody can read. */
export function someUnreadable(random: Random, setting: Setting): readonly Fault[] {
  if (random.fraction() < 0.75) return [];
  return Array.from({ length: whole(random, 1, 2) }, () => ({
    kind: 'unreadable' as const,
    machine: whole(random, 1, setting.machines),
    slot: String(whole(random, 1, setting.slotsPerMachine)),
    at: whole(random, 100, LATEST_MS),
    forMs: whole(random, 100, 9_000),
  }));
}

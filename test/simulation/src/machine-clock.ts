import { Clock, type Cancel } from '#kernel';
import type { Life } from './life.js';
import type { Schedule } from './schedule.js';
import { chanceOf } from './seeds.js';
import type { Timeline } from './timeline.js';

/**
 * How far a machine's clock is ahead of the world's (ms); the same for all lives of its processes.
 */
export function skewOf({ seed, setting }: Schedule, machine: string): number {
  return Math.round(setting.skewMs * (2 * chanceOf(seed, 'skew', machine).fraction() - 1));
}

/** A machine's clock as one process sees it: whole milliseconds, and possibly wrong. */
export class MachineClock extends Clock {
  constructor(
    private readonly timeline: Timeline,
    private readonly life: Life,
    private readonly skewMs: number,
  ) {
    super();
  }

  now(): number {
    return Math.floor(this.timeline.now()) + this.skewMs;
  }

  after(delayMs: number, action: () => void): Cancel {
    return this.life.after(delayMs, action);
  }
}

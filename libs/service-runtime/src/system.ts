import { Random, Clock, type Cancel } from '#kernel';
import { apart } from '#tracing';
import { randomUUID } from 'node:crypto';

/** The machine's own clock and timers. */
export class SystemClock extends Clock {
  now(): number {
    return Date.now();
  }

  after(delayMs: number, action: () => void): Cancel {
    const timer = setTimeout(apart(action), Math.max(0, delayMs));
    return () => clearTimeout(timer);
  }
}

/** Random numbers of the runtime, and random ids of the operating system. */
export class SystemRandom extends Random {
  fraction(): number {
    return Math.random();
  }

  id(): string {
    return randomUUID();
  }
}

/** Nanoseconds since some instant in the past, for measuring durations. */
export function elapsedNs(): number {
  return performance.now() * 1_000_000;
}

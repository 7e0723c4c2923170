import { createHash } from 'node:crypto';
import type { Clock } from '#kernel';
import { BEGINNING } from './timeline.js';

/** What happened in a run, one line per event: equal traces mean equal runs. */
export class Trace {
  private readonly lines: string[] = [];

  constructor(private readonly clock: Clock) {}

  note(who: string, what: string): void {
    this.lines.push(`${((this.clock.now() - BEGINNING) / 1_000).toFixed(4)} ${who}: ${what}`);
  }

  last(count: number): readonly string[] {
    return this.lines.slice(-count);
  }

  get digest(): string {
    return createHash('sha256').update(this.lines.join('\n')).digest('hex');
  }
}

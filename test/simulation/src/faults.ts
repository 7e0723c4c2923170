import type { Act, Fault } from './schedule.js';

type Of<Kind extends Fault['kind']> = Extract<Fault, { kind: Kind }>;
type Counted = 'message' | 'append' | 'read' | 'look';

/** The faults of a run that strike by count. None strikes once the world is calm. */
export class CountedFaults {
  private readonly faults = new Map<string, Fault>();
  private readonly counts = new Map<Counted, number>();
  private readonly touches = new Map<string, number>();

  constructor(
    acts: readonly Act[],
    private readonly isCalm: () => boolean,
  ) {
    for (const act of acts) {
      if (act.kind === 'killAtTouch') this.faults.set(`${act.who} ${act.nth}`, act);
      if ('nth' in act && !('who' in act)) this.faults.set(`${act.kind} ${act.nth}`, act);
    }
  }

  /** Must be called once for each thing of this kind that happens. */
  next<Kind extends Counted>(kind: Kind): Of<Kind> | undefined {
    const nth = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, nth);
    if (this.isCalm()) return undefined;
    return this.faults.get(`${kind} ${nth}`) as Of<Kind> | undefined;
  }

  /** Must be called each time a process touches the world, in any of its lives. */
  touch(who: string): Of<'killAtTouch'> | undefined {
    const nth = (this.touches.get(who) ?? 0) + 1;
    this.touches.set(who, nth);
    if (this.isCalm()) return undefined;
    return this.faults.get(`${who} ${nth}`) as Of<'killAtTouch'> | undefined;
  }

  count(kind: Counted): number {
    return this.counts.get(kind) ?? 0;
  }
}

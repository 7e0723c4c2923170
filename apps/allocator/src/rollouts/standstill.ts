/** What tells one look at a rollout from the next. */
export interface Progress {
  readonly buildConfiguration: string;
  readonly version: number;
  readonly done: number;
  readonly changing: number;
  readonly waiting: number;
}

/** Since when the rollout of each fleet stands: since no slot of it has changed. */
export class Standstill {
  private readonly seen = new Map<string, Progress & { readonly at: number }>();

  /** To be called again and again; `at` is epoch ms. */
  see(fleet: string, progress: Progress | null, at: number): void {
    const last = this.seen.get(fleet);
    if (progress === null || isOver(progress)) this.seen.delete(fleet);
    else if (last === undefined || hasMoved(last, progress))
      this.seen.set(fleet, { ...progress, at });
  }

  /** Milliseconds; undefined if nothing is left to change. */
  of(fleet: string, now: number): number | undefined {
    const last = this.seen.get(fleet);
    return last && Math.max(0, now - last.at);
  }
}

const isOver = ({ changing, waiting }: Progress) => changing + waiting === 0;

function hasMoved(last: Progress, now: Progress): boolean {
  const isSame = last.buildConfiguration === now.buildConfiguration && last.version === now.version;
  return !isSame || last.done !== now.done;
}

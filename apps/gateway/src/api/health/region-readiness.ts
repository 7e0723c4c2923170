import {
  CannotStore,
  DeadlinePassed,
  errorMessage,
  NobodyListens,
  type Bus,
  type Clock,
} from '#kernel';
import { ask } from '#rpc';
import { endpoints } from '#wire';
import type { RegionWatch } from '../slots/region-watch.js';

/** How long an answer is used again (ms): however often readiness is asked for, this is cheap. */
const RECENT_MS = 1_000;

/** Number of allocators that are asked if the first one is not ready. */
const ASKED_MAX = 2;

interface RegionReadinessDeps {
  readonly bus: Bus;
  readonly clock: Clock;
}

/** Whether requests for one region would be served now: its allocators and its log are asked. */
export class RegionReadiness {
  private askedAt = -Infinity;
  private answer: Promise<string | null> = Promise.resolve(null);

  constructor(
    private readonly watch: RegionWatch,
    private readonly deps: RegionReadinessDeps,
  ) {}

  /** Why not; null if they would. */
  because(): Promise<string | null> {
    const now = this.deps.clock.now();
    if (now - this.askedAt < RECENT_MS) return this.answer;
    this.askedAt = now;
    this.answer = this.ask();
    return this.answer;
  }

  private async ask(): Promise<string | null> {
    const { region, behindBecause } = this.watch;
    if (behindBecause !== null) return behindBecause;
    const [allocators, log] = await Promise.all([this.askAllocators(), this.askLog()]);
    const reason = log ?? allocators;
    return reason === null ? null : `region ${region}: ${reason}`;
  }

  private async askLog(): Promise<string | null> {
    try {
      await this.watch.log?.end();
      return null;
    } catch (error) {
      return error instanceof CannotStore ? error.explained : errorMessage(error);
    }
  }

  /** Each question goes to any of the region's allocators. */
  private async askAllocators(): Promise<string | null> {
    let reason: string | null = null;
    for (let asked = 0; asked < ASKED_MAX; asked += 1) {
      reason = await this.askAllocator();
      if (reason === null) return null;
    }
    return reason;
  }

  private async askAllocator(): Promise<string | null> {
    const { region } = this.watch;
    const { bus } = this.deps;
    try {
      const answer = await ask(bus, endpoints.readiness, { region }, {});
      return answer.status === 'ready' ? null : answer.message;
    } catch (error) {
      if (!(error instanceof NobodyListens)) return troubleOf(error);
    }
    // An allocator of an older version does not know the question, but knows this one.
    try {
      const answer = await ask(bus, endpoints.fleets, { region }, { region });
      return answer.status === 'fleets' ? null : answer.message;
    } catch (error) {
      return troubleOf(error);
    }
  }
}

function troubleOf(error: unknown): string {
  if (error instanceof NobodyListens) return 'no allocator is running';
  return error instanceof DeadlinePassed ? 'no allocator answers' : errorMessage(error);
}

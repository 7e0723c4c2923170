import type { Bus, Clock, Random } from '#kernel';
import { ask, tell } from '#rpc';
import {
  endpoints,
  sentRequest,
  type Allocated,
  type AllocationRequest,
  type DeallocationRequest,
} from '#wire';
import { answered } from '../../answered.js';
import { fullIdFor, idFor, signed } from '../../auth/caller.js';
import { refusalProblem } from '../../http/problems.js';
import { giveBack } from './give-back.js';

/** Asks allocators. Throws a `Problem` if there is no answer, or a refusal. */
export class Allocations {
  /** How many requests under way ask for the same allocation, by region and id. */
  private readonly asking = new Map<string, number>();

  constructor(
    private readonly bus: Bus,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /**
   * Asks once: an HTTP client has its own time limit, and asks again with the `allocationId` that
   * every answer carries.
   *
   * @param gone aborts when no one waits for the answer any more; a request that waits for a slot
   * then gives up its place. A slot that has been claimed by then stays allocated if the requester
   * named an id, so that it can ask again; if the id was made up here, the slot is given back.
   */
  async allocate(
    request: AllocationRequest,
    gone?: AbortSignal,
  ): Promise<Omit<Allocated, 'status'>> {
    const { region } = request;
    const allocationId = fullIdFor(request.allocationId ?? this.random.id());
    const shownId = idFor(allocationId);
    const leave = this.enter(region, allocationId);
    // Two connections may ask for the same allocation; one that closes must not cancel the other's
    // request.
    const hungUp = () => {
      if (leave() === 0) tell(this.bus, endpoints.cancel, { region }, { allocationId });
    };
    gone?.addEventListener('abort', hungUp, { once: true });
    const by = signed(request.by);
    const sent = sentRequest({ ...request, allocationId, by });
    const asked = ask(this.bus, endpoints.allocate, { region }, sent);
    if (gone?.aborted) hungUp();
    const answer = await answered(asked, region, shownId).finally(() => {
      gone?.removeEventListener('abort', hungUp);
      leave();
      const isOrphaned = gone?.aborted === true && request.allocationId === undefined;
      if (isOrphaned) void giveBack({ bus: this.bus, clock: this.clock }, region, allocationId);
    });
    if (answer.status === 'refused') throw refusalProblem({ ...answer, allocationId: shownId });
    const { status: _, ...allocation } = answer;
    return { ...allocation, allocationId: shownId };
  }

  /** Ends the allocation with this full id. */
  async deallocate(request: DeallocationRequest) {
    const { region } = request;
    const allocationId = idFor(request.allocationId);
    const answer = await answered(
      ask(this.bus, endpoints.deallocate, { region }, request),
      region,
      allocationId,
    );
    if (answer.status === 'refused') throw refusalProblem({ ...answer, allocationId });
    return { allocationId, slot: answer.slot };
  }

  /**
   * Counts a request; the returned function uncounts it, and returns how many are left for the same
   * allocation.
   */
  private enter(region: string, allocationId: string): () => number {
    const key = JSON.stringify([region, allocationId]);
    this.asking.set(key, (this.asking.get(key) ?? 0) + 1);
    let isHere = true;
    return () => {
      const left = (this.asking.get(key) ?? 0) - Number(isHere);
      isHere = false;
      if (left <= 0) this.asking.delete(key);
      else this.asking.set(key, left);
      return left;
    };
  }
}

import { askForAllocation, askForDeallocation } from '#client';
import { DeadlinePassed, NobodyListens, Unparsable, type Bus, type Chance } from '#kernel';
import {
  REQUEST_TIMEOUT_MS,
  type Allocated,
  type AllocationRequest,
  type DeallocationRequest,
} from '#wire';
import { Problem, noAllocator, refusalProblem } from '../problems.js';

/** What an allocator answers, or a `Problem` that says why it did not. */
export class Allocations {
  constructor(
    private readonly bus: Bus,
    private readonly chance: Chance,
  ) {}

  /**
   * One try: who waits on the other side of HTTP has patience of its own, and asks again with the
   * `allocationId` that every answer carries.
   */
  async allocate(request: AllocationRequest): Promise<Omit<Allocated, 'status'>> {
    const allocationId = request.allocationId ?? this.chance.id();
    const answer = await answered(
      askForAllocation(this.bus, { ...request, allocationId }),
      request.region,
      allocationId,
    );
    if (answer.status === 'refused') throw refusalProblem({ ...answer, allocationId });
    const { status: _, ...allocation } = answer;
    return allocation;
  }

  async deallocate(request: DeallocationRequest) {
    const { allocationId, region } = request;
    const answer = await answered(
      askForDeallocation(this.bus, request, REQUEST_TIMEOUT_MS.default),
      region,
      allocationId,
    );
    if (answer.status === 'refused') throw refusalProblem({ ...answer, allocationId });
    return { allocationId, slot: answer.slot };
  }
}

async function answered<T>(asked: Promise<T>, region: string, allocationId: string): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof NobodyListens) throw noAllocator(region, allocationId);
    if (error instanceof DeadlinePassed) {
      const detail = 'no allocator answered in time; ask again with the same allocationId';
      throw new Problem(504, 'timed-out', detail, { allocationId });
    }
    if (error instanceof Unparsable) {
      const detail = `the allocator's answer could not be read: ${error.message}`;
      throw new Problem(502, 'bad-answer', detail, { allocationId });
    }
    throw error;
  }
}

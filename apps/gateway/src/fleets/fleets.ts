import { askForFleets, askForSize } from '#client';
import { DeadlinePassed, NobodyListens, Unparsable, type Bus } from '#kernel';
import { REQUEST_TIMEOUT_MS, type FleetsRequest, type FleetView, type SizeRequest } from '#wire';
import { Problem, noAllocator, refusalProblem } from '../problems.js';

/** What allocators say of fleets and their sizes, or a `Problem` that says why nothing. */
export class Fleets {
  constructor(private readonly bus: Bus) {}

  async list(request: FleetsRequest): Promise<readonly FleetView[]> {
    const asked = askForFleets(this.bus, request, REQUEST_TIMEOUT_MS.default);
    const answer = await answered(asked, request.region);
    if (answer.status === 'refused') throw refusalProblem(answer);
    return answer.fleets;
  }

  async size(request: SizeRequest): Promise<FleetView> {
    const asked = askForSize(this.bus, request, REQUEST_TIMEOUT_MS.default);
    const answer = await answered(asked, request.region);
    if (answer.status === 'refused') throw refusalProblem(answer);
    return answer.fleet;
  }
}

async function answered<T>(asked: Promise<T>, region: string): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof NobodyListens) throw noAllocator(region);
    if (error instanceof DeadlinePassed) {
      throw new Problem(504, 'timed-out', 'no allocator answered in time; ask again');
    }
    if (error instanceof Unparsable) {
      const detail = `the allocator's answer could not be read: ${error.message}`;
      throw new Problem(502, 'bad-answer', detail);
    }
    throw error;
  }
}

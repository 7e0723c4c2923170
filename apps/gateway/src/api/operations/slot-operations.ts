import { askForOperation } from '#client';
import { DeadlinePassed, NobodyListens, Unparsable, type Bus } from '#kernel';
import { REQUEST_TIMEOUT_MS, type OperatedSlot, type OperationRequest } from '#wire';
import { signed } from '../../auth/caller.js';
import { Problem, noAllocator, refusalProblem } from '../../http/problems.js';

/** What allocators make of an operator's direction, or a `Problem` that says why nothing. */
export class SlotOperations {
  constructor(private readonly bus: Bus) {}

  async direct(request: OperationRequest): Promise<readonly OperatedSlot[]> {
    const answer = await this.ask(request);
    if (answer.status === 'refused') throw refusalProblem(answer);
    return answer.slots;
  }

  private async ask(request: OperationRequest) {
    try {
      const wanted = { ...request, by: signed(request.by) };
      return await askForOperation(this.bus, wanted, REQUEST_TIMEOUT_MS.default);
    } catch (error) {
      if (error instanceof NobodyListens) throw noAllocator(request.region);
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
}

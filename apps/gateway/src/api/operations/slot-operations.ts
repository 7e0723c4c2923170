import type { Bus } from '#kernel';
import { ask } from '#rpc';
import { endpoints, type OperatedSlot, type OperationRequest } from '#wire';
import { answered } from '../../answered.js';
import { signed, type Unsigned } from '../../auth/caller.js';
import { refusalProblem } from '../../http/problems.js';

/** Passes operators' directions to allocators. Throws a `Problem` if there is no good answer. */
export class SlotOperations {
  constructor(private readonly bus: Bus) {}

  async direct(request: Unsigned<OperationRequest>): Promise<readonly OperatedSlot[]> {
    const { region } = request;
    const wanted = { ...request, by: signed(request.by) };
    const answer = await answered(ask(this.bus, endpoints.operate, { region }, wanted), region);
    if (answer.status === 'refused') throw refusalProblem(answer);
    return answer.slots;
  }
}

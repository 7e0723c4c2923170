import type { Bus } from '#kernel';
import { ask } from '#rpc';
import { endpoints, type MachinesRequest, type MachineView, type PolicyRequest } from '#wire';
import { signed, type Unsigned } from '../../auth/caller.js';
import { answered } from '../../answered.js';
import { refusalProblem } from '../../http/problems.js';

/** Asks allocators about machines' policies. Throws a `Problem` if there is no good answer. */
export class Machines {
  constructor(private readonly bus: Bus) {}

  async list(request: MachinesRequest): Promise<readonly MachineView[]> {
    const { region } = request;
    const answer = await answered(ask(this.bus, endpoints.machines, { region }, request), region);
    if (answer.status === 'refused') throw refusalProblem(answer);
    return answer.machines;
  }

  async set(request: Unsigned<PolicyRequest>): Promise<MachineView> {
    const wanted = { ...request, by: signed(request.by) };
    const { region } = request;
    const answer = await answered(ask(this.bus, endpoints.policy, { region }, wanted), region);
    if (answer.status === 'refused') throw refusalProblem(answer);
    return answer.machine;
  }
}

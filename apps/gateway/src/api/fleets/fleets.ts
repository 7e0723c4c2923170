import type { Bus } from '#kernel';
import { ask } from '#rpc';
import {
  endpoints,
  type ConfigureFleetRequest,
  type FleetsRequest,
  type FleetView,
  type SizeRequest,
} from '#wire';
import { signed, type Unsigned } from '../../auth/caller.js';
import { answered } from '../../answered.js';
import { refusalProblem } from '../../http/problems.js';

/** Asks allocators about fleets and their sizes. Throws a `Problem` if there is no good answer. */
export class Fleets {
  constructor(private readonly bus: Bus) {}

  async list(request: FleetsRequest): Promise<readonly FleetView[]> {
    const { region } = request;
    const answer = await answered(ask(this.bus, endpoints.fleets, { region }, request), region);
    if (answer.status === 'refused') throw refusalProblem(answer);
    return answer.fleets;
  }

  async size(request: Unsigned<SizeRequest>): Promise<FleetView> {
    const wanted = { ...request, by: signed(request.by) };
    const { region } = request;
    const answer = await answered(ask(this.bus, endpoints.size, { region }, wanted), region);
    if (answer.status === 'refused') throw refusalProblem(answer);
    return answer.fleet;
  }

  async configure(request: Unsigned<ConfigureFleetRequest>): Promise<FleetView> {
    const { region } = request;
    const wanted = { ...request, by: signed(request.by) };
    const asked = ask(this.bus, endpoints.configureFleet, { region }, wanted);
    const answer = await answered(asked, region);
    if (answer.status === 'refused') throw refusalProblem(answer);
    return answer.fleet;
  }
}

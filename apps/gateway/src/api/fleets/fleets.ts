import { askForFleets, askForSize, askToConfigureFleet } from '#client';
import type { Bus } from '#kernel';
import {
  REQUEST_TIMEOUT_MS,
  type ConfigureFleetRequest,
  type FleetsRequest,
  type FleetView,
  type SizeRequest,
} from '#wire';
import { signed } from '../../auth/caller.js';
import { answered } from '../../answered.js';
import { refusalProblem } from '../../http/problems.js';

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
    const wanted = { ...request, by: signed(request.by) };
    const asked = askForSize(this.bus, wanted, REQUEST_TIMEOUT_MS.default);
    const answer = await answered(asked, request.region);
    if (answer.status === 'refused') throw refusalProblem(answer);
    return answer.fleet;
  }

  async configure(request: ConfigureFleetRequest): Promise<FleetView> {
    const answer = await answered(askToConfigureFleet(this.bus, request), request.region);
    if (answer.status === 'refused') throw refusalProblem(answer);
    return answer.fleet;
  }
}

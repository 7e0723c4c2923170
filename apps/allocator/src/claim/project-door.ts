import { fullId, plainId, projectName } from '#slot';
import {
  parse,
  signatureOf,
  type AllocationAnswer,
  type AllocationRequest,
  type DeallocationAnswer,
  type DeallocationRequest,
} from '#wire';
import type { Claims } from './claims.js';
import type { Deallocations } from './deallocations.js';

type Named<Request> = Request & { readonly allocationId: string };

/**
 * What matchmakers of one project ask over NATS. The subject says which project that is, and nothing
 * that is asked here reaches an allocation of another, whatever id is named.
 */
export class ProjectDoor {
  constructor(
    private readonly claims: Pick<Claims, 'allocate' | 'cancel'>,
    private readonly deallocations: Pick<Deallocations, 'deallocate'>,
  ) {}

  async allocate(request: Named<AllocationRequest>, project: string): Promise<AllocationAnswer> {
    const allocationId = idIn(project, request.allocationId);
    const by = signed(project, request.by);
    return asTheirs(await this.claims.allocate({ ...request, allocationId, by }));
  }

  async deallocate(request: DeallocationRequest, project: string): Promise<DeallocationAnswer> {
    const allocationId = idIn(project, request.allocationId);
    const by = signed(project, request.by);
    return asTheirs(await this.deallocations.deallocate({ ...request, allocationId, by }));
  }

  cancel(allocationId: string, project: string): void {
    this.claims.cancel(idIn(project, allocationId));
  }
}

/** Throws `Unparsable` if this is no project. */
function idIn(project: string, id: string): string {
  return fullId(parse(projectName, project), id);
}

/** NATS does not say who of the project asks. */
function signed(project: string, name?: string): string {
  return signatureOf({ token: 'a matchmaker', project, face: 'nats', name: name ?? null });
}

function asTheirs<Answer extends AllocationAnswer | DeallocationAnswer>(answer: Answer): Answer {
  const { allocationId } = answer;
  return allocationId === undefined ? answer : { ...answer, allocationId: plainId(allocationId) };
}

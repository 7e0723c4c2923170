import type { EndpointServer } from '#rpc';
import { endpoints } from '#wire';
import type { Claims } from './claims.js';
import type { Deallocations } from './deallocations.js';
import { ProjectDoor } from './project-door.js';
import { OwnSlots } from './own-slots.js';

interface Served {
  readonly claims: Pick<Claims, 'allocate' | 'cancel'>;
  readonly deallocations: Deallocations;
}

/** Serves requests for servers of a region, and requests to end their sessions. */
export function serveClaims(
  server: EndpointServer,
  region: string,
  { claims, deallocations }: Served,
): void {
  server.serve(endpoints.allocate, { region }, (request) => claims.allocate(request));
  server.hear(endpoints.cancel, { region }, ({ allocationId }) => {
    claims.cancel(allocationId);
  });
  server.serve(endpoints.deallocate, { region }, (request) => deallocations.deallocate(request));
  const door = new ProjectDoor(claims, deallocations);
  server.serve(endpoints.allocateInProject, { region }, (request, { project }) =>
    door.allocate({ ...request, region }, project),
  );
  server.hear(endpoints.cancelInProject, { region }, ({ allocationId }, { project }) => {
    door.cancel(allocationId, project);
  });
  server.serve(endpoints.deallocateInProject, { region }, (request, { project }) =>
    door.deallocate({ ...request, region }, project),
  );
  const own = new OwnSlots(claims, deallocations);
  server.serve(endpoints.reserve, { region }, (request, ref) => own.reserve(request, ref));
  server.serve(endpoints.done, { region }, (request, ref) => own.done(request, ref));
}

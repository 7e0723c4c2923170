const PLACE = 'projects/:projectId/environments/:environmentId';

/** The paths of one of Multiplay's services: in its admin API, and as its command line asks. */
function families(service: string): readonly string[] {
  return [`api/multiplay/${service}/v4/${PLACE}`, `multiplay/${service}/v1/${PLACE}`];
}

/**
 * The paths of allocations: on the vendor's own host, its alias, and the form of Rocket Science.
 */
export const ALLOCATIONS = [
  `v1/allocations/${PLACE}`,
  `multiplay/v1/allocations/${PLACE}`,
  `v4/${PLACE}`,
].map((base) => `${base}/fleets/:fleetId/allocations`);

export const TEST_ALLOCATIONS = families('allocations');
export const FLEETS = families('fleets');
export const BUILD_CONFIGURATIONS = families('build-configs');
export const BUILDS = families('builds');
export const SERVERS = families('servers');

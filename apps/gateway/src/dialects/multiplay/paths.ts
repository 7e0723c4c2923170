const PLACE = 'projects/:projectId/environments/:environmentId';

/** Where a service of Multiplay's is found: as its admin API has it, and as its command line asks. */
function families(service: string): readonly string[] {
  return [`api/multiplay/${service}/v4/${PLACE}`, `multiplay/${service}/v1/${PLACE}`];
}

/** Of matchmakers: on the vendor's own host, by its alias, and as of Rocket Science. */
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

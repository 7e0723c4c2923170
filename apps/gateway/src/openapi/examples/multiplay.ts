import { guidOf, numberOf } from '#multiplay';
import { AT, type Examples } from './example.js';

const number = (name: string) => Number(numberOf(name));

const INSTANT = new Date(AT).toISOString();
const FLEET = guidOf('fleet', 'harbour');
const ALLOCATION = '5f3c1d3e-7a0b-4a57-9a53-0c9f1a2b3c4d';
const PLACE =
  'projects/b1c9f0de-53c1-4f60-9d0f-62ddf3f1a8a4/environments/0d6a3a9e-70b6-4e6f-8d1c-2f7a8e5b9c31';
const V1 = `/v1/allocations/${PLACE}/fleets/${FLEET}/allocations/${ALLOCATION}`;
const TEST = `/api/multiplay/allocations/v4/${PLACE}/fleets/${FLEET}/test-allocations/${ALLOCATION}`;

const wish = {
  allocationId: ALLOCATION,
  buildConfigurationId: number('harbour-1'),
  regionId: guidOf('region', 'local'),
  payload: '{"map":"docks"}',
};

const allocation = {
  allocationId: ALLOCATION,
  fleetId: FLEET,
  regionId: wish.regionId,
  buildConfigurationId: wish.buildConfigurationId,
  serverId: number('local.machine-1.1'),
  machineId: number('local.machine-1'),
  ipv4: '192.0.2.1',
  gamePort: 7777,
  requested: INSTANT,
  created: INSTANT,
  fulfilled: INSTANT,
  ready: INSTANT,
  readiness: true,
};
const pagination = { limit: 100, offset: 0 };
const created = { allocationId: ALLOCATION, href: V1 };

const none = { deleteTTL: 0, shutdownTTL: 0, disabledDeleteTTL: 0 };
const nobody = { total: 0, status: { allocated: 0, available: 0, avalaible: 0, online: 0 } };
const all = { total: 3, status: { allocated: 1, available: 2, avalaible: 2, online: 2 } };

const fleet = {
  id: FLEET,
  name: 'harbour',
  osID: '6567a9aa-3c7f-8576-b508-8d02781d7a1d',
  osName: 'Linux',
  osFamily: 'LINUX',
  buildConfigurations: [{ id: wish.buildConfigurationId, name: 'harbour-1' }],
  fleetRegions: [
    {
      id: '21953816-0135-8671-ac9a-72317624711c',
      regionID: wish.regionId,
      regionName: 'local',
      scalingEnabled: true,
      status: 'ONLINE',
      minAvailableServers: 2,
      maxServers: 10,
      ...none,
    },
  ],
  status: 'ONLINE',
  allocationTTL: 60,
  allocationType: 'ALLOCATION',
  ...none,
  graceful: false,
  servers: { all, cloud: nobody, metal: all },
  usageSettings: [],
};

const configuration = {
  id: wish.buildConfigurationId,
  name: 'harbour-1',
  buildID: number('harbour'),
  buildName: 'harbour',
  configuration: [{ id: 1, key: 'MODE', value: 'ctf' }],
  queryType: 'sqp',
  binaryPath: 'server',
  commandLine: '-port $$port$$',
  readiness: false,
  version: 3,
};

const build = {
  buildID: number('harbour'),
  buildName: 'harbour',
  buildVersion: 2,
  osFamily: 'LINUX',
  syncStatus: 'SYNCED',
  ccdBucketSize: 4_096,
};

const server = {
  id: allocation.serverId,
  machineID: allocation.machineId,
  machineName: 'machine-1',
  buildConfigurationID: wish.buildConfigurationId,
  buildConfigurationName: 'harbour-1',
  buildName: 'harbour-1',
  fleetID: FLEET,
  fleetName: 'harbour',
  locationID: number('local'),
  locationName: 'local',
  ip: '192.0.2.1',
  port: 7777,
  status: 'ALLOCATED',
  hardwareType: 'METAL',
  deleted: false,
};

/** Examples in the form that Multiplay's clients see. */
export const multiplayExamples: Examples = {
  multiplayToken_exchange: {
    answers: { 201: { accessToken: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJtYXRjaG1ha2VyIn0.c2ln' } },
  },
  multiplayAllocations_create: { body: wish, answers: { 200: created, 202: created } },
  multiplayAllocations_list: { answers: { 200: { allocations: [allocation], pagination } } },
  multiplayAllocations_get: { answers: { 200: allocation } },
  multiplayTestAllocations_create: {
    body: wish,
    answers: { 202: { allocationId: ALLOCATION, href: TEST } },
  },
  multiplayTestAllocations_list: {
    answers: { 200: { allocations: [{ ...allocation, failed: false }], pagination } },
  },
  multiplayTestAllocations_get: { answers: { 200: { ...allocation, failed: false } } },
  multiplayFleets_list: { answers: { 200: [fleet] } },
  multiplayFleets_get: { answers: { 200: fleet } },
  multiplayBuildConfigurations_list: { answers: { 200: [configuration] } },
  multiplayBuildConfigurations_get: { answers: { 200: configuration } },
  multiplayBuilds_list: { answers: { 200: [build] } },
  multiplayBuilds_get: { answers: { 200: build } },
  multiplayServers_list: { answers: { 200: [server] } },
  multiplayServers_get: { answers: { 200: server } },
  multiplayServers_act: { body: { action: 'STOP' }, answers: { 200: { success: true } } },
};

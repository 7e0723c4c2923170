import { AT, type Examples } from './example.js';

const place = {
  slot: 'local.machine-1.1',
  region: 'local',
  fleet: 'harbour',
  address: '192.0.2.1:7777',
  ip: '192.0.2.1',
  ports: { game: 7777 },
};
const TOKEN = 'e9b1f7a2-4c39-4a5e-8f0e-0a4f4f2c9d11';

const grant = {
  allocationId: 'match-1',
  ...place,
  buildConfiguration: 'harbour-1',
  token: TOKEN,
  payload: { map: 'docks' },
  allocatedAt: AT,
};

/** What answers say about a session, in addition to its id and slot. */
export const session = {
  attempt: 1,
  buildConfiguration: 'harbour-1',
  requestPayload: { map: 'docks', players: ['ann', 'ben'] },
  payload: { map: 'docks' },
  crashes: 0,
  requestedAt: AT,
  callbackUntil: AT + 5_000,
  idleMs: 3_600_000,
  idleUntil: AT + 3_600_000,
  sessionUntil: null,
  acknowledgedAt: AT + 20,
  version: 3,
  restartsMax: 3,
  readiness: false,
  fresh: false,
  requestedBy: 'berth/gateway',
};

const allocation = {
  allocationId: 'match-1',
  status: 'live',
  ...place,
  ...session,
  end: null,
  sequence: 12,
};

const refusal = {
  allocationId: 'match-2',
  region: 'local',
  by: 'lobby',
  fleet: 'harbour',
  buildConfiguration: null,
  attributes: { mode: 'ctf' },
  askedAt: AT,
  refusedAt: AT + 10_000,
  code: 'none-available',
  message: 'no server is available',
  allocator: 'allocator-1',
  sequence: 7,
};

const register = {
  address: '192.0.2.1:7777',
  priority: 1,
  region: 'local',
  attributes: { mode: 'ctf' },
  ports: { query: 7778 },
  callback: { token: TOKEN, url: 'http://192.0.2.1:3999/allocate' },
  timeout: 60,
};
const registration = {
  address: '192.0.2.1:7777',
  region: 'local',
  slot: 'local.registrar.1',
  timeout: 60,
  offered: true,
};

/** Examples of requests for servers, and of registrations: Berth's own API and GameFabric's. */
export const sessionExamples: Examples = {
  allocations_allocate: { answers: { 201: grant } },
  allocations_list: { answers: { 200: { allocations: [allocation], next: 'match-1' } } },
  allocations_get: { answers: { 200: allocation } },
  allocations_release: { answers: { 200: { allocationId: 'match-1', slot: place.slot } } },
  requests_publish: {
    body: { allocationId: 'match-3', region: 'local', payload: { map: 'docks' } },
    answers: { 202: { allocationId: 'match-3', region: 'local', status: 'pending' } },
  },
  requests_get: {
    answers: {
      200: {
        allocationId: 'match-3',
        region: 'local',
        status: 'allocated',
        publishedAt: AT - 500,
        answeredAt: AT + 20,
        allocation: { ...grant, allocationId: 'match-3' },
      },
    },
  },
  refusals_list: { answers: { 200: { refusals: [refusal], next: '7' } } },
  gameFabric_allocate: {
    answers: {
      200: {
        address: place.address,
        ip: place.ip,
        ports: place.ports,
        token: TOKEN,
        payload: { map: 'docks' },
      },
    },
  },
  servers_register: { body: register, answers: { 201: registration } },
  servers_keepAlive: { body: { timeout: 60 }, answers: { 200: registration } },
  servers_deregister: { answers: { 200: { address: registration.address } } },
};

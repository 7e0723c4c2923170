import {
  alive,
  streamsAnswer,
  streamsRequest,
  waitingAnswer,
  waitingRequest,
} from '../messages/installation.schema.js';
import { asked, byAllocators, told } from './endpoint.js';

export const installationEndpoints = {
  alive: told({
    subject: 'alive.<region>.<service>.<id>',
    description: 'an allocator or a gateway says every two seconds that it runs; never in the log',
    message: alive,
    toldBy: ['allocator', 'gateway'],
    heardBy: ['gateway'],
    example: {
      ...{ version: '0.3.0', startedAt: 1_790_000_000_000, notReadyBecause: null, waiting: 2 },
      server: { name: 'nats-1', version: '2.15.3' },
      ...{ denied: null, clockAheadMs: 3, loginLeftMs: null },
    },
  }),
  waiting: asked({
    subject: 'waiting.<region>.<allocator>',
    description: 'asks one allocator which requests wait at it for a slot',
    request: waitingRequest,
    answer: waitingAnswer,
    askedBy: ['gateway'],
    servedBy: 'allocator',
    // From memory.
    answerMs: 2_000,
    example: {
      request: {},
      answer: {
        status: 'waiting',
        requests: [
          {
            ...{ allocationId: 'match-1', fleet: 'harbour' },
            ...{ since: 1_790_000_000_000, until: 1_790_000_010_000 },
          },
        ],
      },
    },
  }),
  streams: asked({
    ...byAllocators,
    subject: 'streams.<region>',
    description: "asks how the region's streams, their replicas and their nats-servers are",
    request: streamsRequest,
    answer: streamsAnswer,
    askedBy: ['gateway'],
    answerMs: 5_000,
    example: {
      request: {},
      answer: {
        status: 'streams',
        streams: [
          {
            ...{ name: 'SLOTS_local', messages: 1_204_117, bytes: 900_000_000 },
            ...{ lastSequence: 1_204_117, lastAt: 1_790_000_000_000, leader: 'nats-1' },
            replicas: [{ server: 'nats-2', isCurrent: true, lag: 0 }],
          },
        ],
        missing: [],
        servers: [
          {
            monitor: 'http://nats-1:8222',
            storage: {
              ...{ isSynced: true, storedBytes: 1_900_000_000 },
              ...{ reservedBytes: 1_200_000_000, limitBytes: 80_000_000_000 },
            },
          },
        ],
      },
    },
  }),
};

import { endpoints } from '#wire';
import { AT, type Examples } from './example.js';

const service = { ...endpoints.alive.example, startedAt: AT - 3_600_000, heardAt: AT };
const { status: _, ...told } = endpoints.streams.example.answer;
const [request] =
  'requests' in endpoints.waiting.example.answer ? endpoints.waiting.example.answer.requests : [];

/** Of the routes that show what Berth itself consists of. */
export const installationExamples: Examples = {
  installation_show: {
    answers: {
      200: {
        regions: [
          {
            region: 'local',
            services: [
              { service: 'allocator', id: '1f0c2a9b', ...service },
              { service: 'gateway', id: '77d0e1c4', ...service, waiting: null },
            ],
            ...told,
          },
        ],
      },
    },
  },
  installation_waiting: {
    answers: {
      200: { waiting: 1, requests: [{ region: 'local', allocator: 'a', ...request }] },
    },
  },
};

import {
  logAnswer,
  logRequest,
  usageAnswer,
  usageRequest,
} from '../messages/observation.schema.js';
import { asked } from './endpoint.js';

const chunk = { text: 'listening on 20000\n', from: 0, to: 19, incarnation: 1_790_000_000_000 };

export const observationEndpoints = {
  logs: asked({
    subject: 'logs.<region>.<agent>.<slot>',
    description: "a request for the output of a slot's games; never in the log",
    request: logRequest,
    answer: logAnswer,
    askedBy: ['gateway', 'operator'],
    servedBy: 'agent',
    answerMs: 5_000,
    example: { request: { lines: 50 }, answer: { status: 'read', chunk } },
  }),
  usage: asked({
    subject: 'usage.<region>.<agent>',
    description: 'a request for the processor time, memory, threads and files in use',
    request: usageRequest,
    answer: usageAnswer,
    askedBy: ['gateway', 'operator'],
    servedBy: 'agent',
    // An agent answers from memory.
    answerMs: 2_000,
    example: {
      request: { slot: 'ctf-1' },
      answer: {
        status: 'measured',
        slots: {
          'ctf-1': {
            ...{ cpus: 0.4, memoryBytes: 268_435_456, processes: 1, threads: 12, openFiles: 40 },
            measuredAt: 1_790_000_000_000,
          },
        },
      },
    },
  }),
};

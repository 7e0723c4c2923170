import {
  deregistrationAnswer,
  deregistrationRequest,
  keepAliveRequest,
  registrationAnswer,
  registrationRequest,
} from '../messages/registration.schema.js';
import { asked } from './endpoint.js';

/** A registrar resolves the callback's host name, and waits for the log: each takes at most 3 s. */
const REGISTERED_MS = 8_000;

const address = '198.51.100.4:7777';
const registered = {
  status: 'registered' as const,
  ...{ address, region: 'local', slot: 'local.registrar-1.198-51-100-4-7777-1', timeout: 30 },
  offered: true,
};

const byRegistrar = {
  askedBy: ['gateway'],
  servedBy: 'registrar',
  answerMs: REGISTERED_MS,
} as const;

export const registrationEndpoints = {
  register: asked({
    subject: 'register.<region>',
    description: 'the registration of a server, with its callback',
    request: registrationRequest,
    answer: registrationAnswer,
    ...byRegistrar,
    example: {
      request: { address, region: 'local', priority: 0, attributes: { mode: 'ctf' }, timeout: 30 },
      answer: registered,
    },
  }),
  keepAlive: asked({
    subject: 'keepalive.<region>',
    description: "a registered server's sign of life; never in the log",
    request: keepAliveRequest,
    answer: registrationAnswer,
    ...byRegistrar,
    example: { request: { address, timeout: 30 }, answer: registered },
  }),
  deregister: asked({
    subject: 'deregister.<region>',
    description: 'the deregistration of a server that ends',
    request: deregistrationRequest,
    answer: deregistrationAnswer,
    ...byRegistrar,
    // A registrar asks this before it starts, to find out whether another one is running.
    askedBy: ['gateway', 'registrar'],
    example: { request: { address }, answer: { status: 'deregistered', address } },
  }),
};

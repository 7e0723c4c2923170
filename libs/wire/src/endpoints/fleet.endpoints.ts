import { fleetEvent, fleetState } from '#fleet';
import {
  configureFleetRequest,
  fleetsAnswer,
  fleetsRequest,
  sizeAnswer,
  sizeRequest,
} from '../messages/fleet.schema.js';
import { recorded } from '../storage/recorded.schema.js';
import { asked, byAllocators, RECORDED_MS, stored } from './endpoint.js';

const size = { minAvailable: 2, max: 100, buffer: 5 };
const fleet = { id: 'local.ctf', size, revision: 4, allocated: 7, warm: 5, cold: 12 };
const by = { reason: 'the weekend', by: 'ann' };

export const fleetEndpoints = {
  fleet: stored({
    subject: 'fleet.<region>.<fleet>',
    description: "the history of a fleet's size: one CloudEvents document per event",
    ...recorded(fleetEvent, fleetState),
    stream: 'FLEETS',
    writtenBy: ['allocator'],
    readBy: ['allocator', 'gateway'],
    repeatedTo: ['allocator'],
  }),
  size: asked({
    subject: 'size.<region>',
    description: 'a request to set the size of a fleet, or to remove it',
    request: sizeRequest,
    answer: sizeAnswer,
    askedBy: ['gateway', 'operator'],
    ...byAllocators,
    answerMs: RECORDED_MS,
    example: {
      request: { region: 'local', fleet: 'ctf', size, ...by },
      answer: { status: 'sized', fleet },
    },
  }),
  fleets: asked({
    subject: 'fleets.<region>',
    description: 'a request for the list of fleets of the region, with their sizes and slots',
    request: fleetsRequest,
    answer: fleetsAnswer,
    askedBy: ['gateway', 'operator'],
    ...byAllocators,
    answerMs: RECORDED_MS,
    example: { request: { region: 'local' }, answer: { status: 'fleets', fleets: [fleet] } },
  }),
  configureFleet: asked({
    subject: 'configurefleet.<region>',
    description: "a request to set the build configuration that a fleet's free slots run",
    request: configureFleetRequest,
    answer: sizeAnswer,
    askedBy: ['gateway', 'operator'],
    ...byAllocators,
    answerMs: RECORDED_MS,
    example: {
      request: { region: 'local', fleet: 'ctf', buildConfiguration: 'ctf', atATime: 5, ...by },
      answer: { status: 'sized', fleet: { ...fleet, buildConfiguration: 'ctf', atATime: 5 } },
    },
  }),
};

import { machineEvent, machineState } from '#machine';
import {
  machinesAnswer,
  machinesRequest,
  policyAnswer,
  policyRequest,
} from '../messages/machine.schema.js';
import { recorded } from '../storage/recorded.schema.js';
import { asked, byAllocators, RECORDED_MS, stored } from './endpoint.js';

const policy = {
  ...{ fleets: ['ctf'], addresses: ['203.0.113.0/24'] },
  ...{ slotsMax: 16, priorityMin: 10, projects: null },
};
const machine = {
  ...{ id: 'local.machine-1', policy, revision: 4, slots: 16 },
  ...{ beyond: 0, refused: null },
};
const by = { reason: 'rented by the hour', by: 'ann' };

/** What machines may say of their slots. */
export const machineEndpoints = {
  machine: stored({
    subject: 'machine.<region>.<agent>',
    description: "the history of a machine's policy: one CloudEvents document per event",
    ...recorded(machineEvent, machineState),
    stream: 'MACHINES',
    writtenBy: ['allocator'],
    readBy: ['allocator', 'gateway'],
    repeatedTo: ['allocator'],
  }),
  policy: asked({
    subject: 'policy.<region>',
    description: 'a request to set the policy of a machine, or to remove it',
    request: policyRequest,
    answer: policyAnswer,
    askedBy: ['gateway', 'operator'],
    ...byAllocators,
    answerMs: RECORDED_MS,
    example: {
      request: { region: 'local', machine: 'machine-1', policy, ...by },
      answer: { status: 'set', machine },
    },
  }),
  machines: asked({
    subject: 'machines.<region>',
    description: 'a request for the machines of the region, with their policies',
    request: machinesRequest,
    answer: machinesAnswer,
    askedBy: ['gateway', 'operator'],
    ...byAllocators,
    answerMs: RECORDED_MS,
    example: { request: { region: 'local' }, answer: { status: 'machines', machines: [machine] } },
  }),
};

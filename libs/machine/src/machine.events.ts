import { eventSchema, type EventsOf } from '#kernel';
import { z } from 'zod';
import { machinePolicy } from './machine.state.js';

const wanted = { reason: z.string(), by: z.string() };

/** All that can happen to the policy of a machine in one region. */
const shapes = {
  PolicySet: { policy: machinePolicy, ...wanted },
  PolicyRemoved: wanted,
  RegistrationRefused: { slot: z.string(), reason: z.string() },
};

type MachineEvents = EventsOf<typeof shapes>;

export type MachineEvent = MachineEvents[keyof MachineEvents];

export const machineEvent = eventSchema(shapes);

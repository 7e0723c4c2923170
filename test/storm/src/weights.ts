import type { Plan } from './options.js';

/** The kinds of faults, and how often each occurs relative to the others. */
const WEIGHTS = {
  'kill game': 30,
  'kill allocator': 20,
  'kill agent': 14,
  'kill stub agent': 8,
  'kill nats-server': 9,
  'pause allocator': 6,
  'pause agent': 3,
  'pause stub agent': 3,
  'pause nats-server': 3,
} as const;

/** On a cluster the leader of the stream is the main target. */
const CLUSTER = { 'kill nats-server': 15, 'pause nats-server': 15 } as const;

/** In long storms processes are also frozen for as long as a virtual machine that is moved. */
const FREEZES = { 'freeze service': 3, 'freeze nats-server': 3 } as const;
const LONG_MINUTES = 2;

const PUT_BACK = { 'put nats-server back': 6 } as const;
const FULL_DISK = { 'fill the store': 4 } as const;

const NEVER = {
  ...{ 'freeze service': 0, 'freeze nats-server': 0 },
  ...{ 'put nats-server back': 0, 'fill the store': 0 },
} as const;

/** A fault that is drawn again and again. */
export type DrawnFault = keyof (typeof WEIGHTS & typeof NEVER);

/** How often each fault occurs in this storm, relative to the others. */
export function weightsOf(plan: Plan): Readonly<Record<DrawnFault, number>> {
  return {
    ...WEIGHTS,
    ...(plan.cluster && CLUSTER),
    ...NEVER,
    ...(plan.minutes >= LONG_MINUTES && FREEZES),
    ...(plan.putBack && PUT_BACK),
    ...(plan.fullDisk && FULL_DISK),
  };
}

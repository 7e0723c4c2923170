import { token } from '#kernel';
import { machinePolicy, refusedRegistration } from '#machine';
import { projectName } from '#slot';
import { isIP } from 'node:net';
import { z } from 'zod';
import { refused } from './refusal.schema.js';
import { hostKey } from './address.schema.js';
import { lastChange, wanted, wantedOverHttp } from './wanted.js';

/* Requests to allocators about the policies of machines, and their answers. */

const hostOrNetwork = z
  .string()
  .max(253)
  .refine(isHostOrNetwork, 'must be a host, an IP address, or a network such as 10.0.0.0/8');

function isHostOrNetwork(text: string): boolean {
  const [base = '', prefix, ...rest] = text.split('/');
  if (prefix === undefined) return hostKey(text) !== null;
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(base)] ?? -1;
  return rest.length === 0 && /^\d{1,3}$/.test(prefix) && Number(prefix) <= bits;
}

const { fleets, addresses, slotsMax, priorityMin, projects } = machinePolicy.shape;

/** A policy as it is asked for: what is not said is not limited. */
const policyWanted = {
  fleets: fleets.default(null),
  addresses: z
    .array(hostOrNetwork)
    .max(100)
    .nullable()
    .default(null)
    .describe(addresses.description ?? ''),
  slotsMax: slotsMax.default(null),
  priorityMin: priorityMin.default(null),
  projects: z
    .array(projectName)
    .max(100)
    .nullable()
    .default(null)
    .describe(projects.description ?? ''),
};

/** The policy of a machine that is named elsewhere: the body over HTTP. */
export const policyBody = z.strictObject({ ...policyWanted, ...wantedOverHttp }).meta({
  id: 'MachinePolicy',
  examples: [{ fleets: ['ctf'], addresses: ['203.0.113.0/24'], slotsMax: 16, by: 'ann' }],
});
export type PolicyBody = z.output<typeof policyBody>;

/** Why, and by whom, a policy is removed: the query over HTTP. */
export const removePolicyQuery = z.strictObject(wantedOverHttp);

/** Sets the policy of a machine in a region, or removes it. */
export const policyRequest = z.strictObject({
  region: token,
  machine: token,
  /** Null removes the policy. */
  policy: z.strictObject(policyWanted).nullable(),
  ...wanted,
  /** It is set only if the policy was last changed at this revision; 0: it was never changed. */
  revision: z.int().nonnegative().optional(),
});
export type PolicyRequest = z.output<typeof policyRequest>;

/** A machine of a region, as one allocator sees it. */
export const machineView = z.object({
  id: z.string().describe('`region.machine`'),
  policy: machinePolicy.meta({ id: 'MachinePolicySet' }).nullable(),
  revision: z.int().nonnegative().describe('rises with each change; 0 if it never had a policy'),
  lastChange: lastChange.optional().describe('of the policy; missing if none is known'),
  slots: z.int().describe('slots that it has, retired ones not counted'),
  beyond: z.int().describe('slots of these that are beyond the policy; they are drained'),
  refused: refusedRegistration
    .nullable()
    .describe(
      'the last registration that was refused since the policy was set; noted once an hour',
    ),
});
export type MachineView = z.output<typeof machineView>;

const set = z.object({ status: z.literal('set'), machine: machineView });
export const policyAnswer = z.discriminatedUnion('status', [set, refused]);
export type PolicyAnswer = z.output<typeof policyAnswer>;

/** Asks for all machines of a region that have slots or a policy, or for one of them. */
export const machinesRequest = z.strictObject({ region: token, machine: token.optional() });
export type MachinesRequest = z.output<typeof machinesRequest>;

const machines = z.object({ status: z.literal('machines'), machines: z.array(machineView) });
export const machinesAnswer = z.discriminatedUnion('status', [machines, refused]);
export type MachinesAnswer = z.output<typeof machinesAnswer>;

import { instant, type Immutable } from '#kernel';
import { z } from 'zod';

/* The storage format: fields may be added, with a default; none is ever renamed or removed. */

/** What a machine may say of its slots. Null: anything. */
export const machinePolicy = z.object({
  fleets: z
    .array(z.string().min(1).max(128))
    .max(100)
    .nullable()
    .describe('fleets that its slots may be of; null for any'),
  addresses: z
    .array(z.string().min(1).max(253))
    .max(100)
    .nullable()
    .describe('hosts, and networks such as `10.0.0.0/8`, that players may be sent to; null: any'),
  slotsMax: z.int().nonnegative().nullable().describe('most slots, retired ones not counted'),
  priorityMin: z
    .number()
    .nullable()
    .describe('lowest priority number of its slots; lower ones are taken first'),
  projects: z
    .array(z.string().min(1).max(64))
    .max(100)
    .nullable()
    .describe('projects that its slots may serve; null for any'),
});
export type MachinePolicy = Immutable<z.output<typeof machinePolicy>>;

/** A registration that was refused because of the policy. */
export const refusedRegistration = z.object({
  slot: z.string(),
  reason: z.string(),
  at: instant.describe('epoch ms'),
});

export const machineState = z.object({
  /** Null: the machine has none. */
  policy: machinePolicy.nullable(),
  /** The last refusal that was recorded since the policy was set; null: none. */
  refused: refusedRegistration.nullable(),
});
export type MachineState = Immutable<z.output<typeof machineState>>;

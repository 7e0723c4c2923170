import { directedSlot } from '#wire';
import { z } from 'zod';

/** The outcome of a direction for one slot. */
export const directedSlotAnswer = directedSlot;

/** The outcome for each slot of the agent, refusals included. */
export const directedAgentAnswer = z.object({ agent: z.string(), slots: z.array(directedSlot) });

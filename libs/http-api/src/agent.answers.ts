import { disk } from '#wire';
import { z } from 'zod';

export const agentAnswer = z
  .object({
    id: z.string().describe('`region.agent`'),
    region: z.string(),
    agent: z.string(),
    slots: z.int(),
    statuses: z.record(z.string(), z.int()).describe('number of slots by status'),
    pending: z.object({ drain: z.int(), maintenance: z.int() }),
    lost: z.int().describe('slots whose agent is lost; allocated ones keep their sessions'),
    // The rest comes from its beats; gateways before version 0.3 do not say it.
    heardAt: z
      .number()
      .nullable()
      .default(null)
      .describe('its last beat, one a second; epoch ms; null: none since this gateway started'),
    hasStopped: z.boolean().default(false).describe('its last beat said that it stops in order'),
    startedAt: z.number().nullable().default(null).describe('epoch ms'),
    version: z.string().nullable().default(null).describe('null of agents before version 0.3'),
    loginLeftMs: z
      .number()
      .nullable()
      .default(null)
      .describe('for how long its login to NATS is good; null: for ever, or it is not known'),
    disk: disk.nullable().default(null).describe('of its data folder, with builds and output'),
    notReadyBecause: z
      .string()
      .nullable()
      .default(null)
      .describe('why none of its slots could be claimed now'),
  })
  .meta({ id: 'Agent' });

export const agentsAnswer = z.object({
  agents: z.array(agentAnswer),
  next: z.string().optional(),
});

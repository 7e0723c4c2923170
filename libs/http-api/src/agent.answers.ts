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
  })
  .meta({ id: 'Agent' });

export const agentsAnswer = z.object({
  agents: z.array(agentAnswer),
  next: z.string().optional(),
});

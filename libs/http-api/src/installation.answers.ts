import { alive, streamView, waitingAnswer } from '#wire';
import { z } from 'zod';

const [waiting] = waitingAnswer.options;

export const installationAnswer = z.object({
  regions: z.array(
    z
      .object({
        region: z.string(),
        services: z
          .array(
            alive
              .extend({
                service: z.string().describe('`allocator` or `gateway`; there may be more'),
                id: z.string(),
                heardAt: z.number().describe('epoch ms'),
              })
              .meta({ id: 'Service' }),
          )
          .describe('those that are heard now'),
        streams: z
          .array(streamView.meta({ id: 'Stream' }))
          .nullable()
          .describe('null if no allocator can tell now'),
      })
      .meta({ id: 'RegionOfInstallation' }),
  ),
});

export const waitingRequestsAnswer = z.object({
  waiting: z.int().describe('all that wait, listed or not'),
  requests: z.array(
    waiting.shape.requests.element
      .extend({ region: z.string(), allocator: z.string() })
      .meta({ id: 'WaitingRequest' }),
  ),
});

import { alive, serverStorage, streamView, waitingAnswer } from '#wire';
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
        missing: z
          .array(z.string())
          .default([])
          .describe('names of streams that the region needs and lacks'),
        servers: z
          .array(serverStorage.meta({ id: 'ServerStorage' }))
          .nullable()
          .default(null)
          .describe('null if no allocator can tell now, or NATS_MONITOR_URLS is not set'),
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

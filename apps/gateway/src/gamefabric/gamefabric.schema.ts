import { allocationRequest } from '#wire';
import { z } from 'zod';

/** As its allocator takes them; what Berth does not know is let through, and not looked at. */
export const gameFabricRequest = z.object({
  region: allocationRequest.shape.region,
  attributes: allocationRequest.shape.attributes,
  payload: z.record(z.string(), z.json()).optional(),
});
export type GameFabricRequest = z.output<typeof gameFabricRequest>;

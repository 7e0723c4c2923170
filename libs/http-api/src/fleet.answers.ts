import { fleetView } from '#wire';
import { z } from 'zod';

export const fleetAnswer = fleetView.meta({ id: 'Fleet' });

export const fleetsAnswer = z.object({
  fleets: z.array(fleetAnswer),
  next: z.string().optional(),
});

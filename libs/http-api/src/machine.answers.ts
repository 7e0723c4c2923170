import { machineView } from '#wire';
import { z } from 'zod';

export const machineAnswer = machineView.meta({ id: 'Machine' });

export const machinesAnswer = z.object({
  machines: z.array(machineAnswer),
  next: z.string().optional(),
});

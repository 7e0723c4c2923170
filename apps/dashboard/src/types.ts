import type { eventAnswer, fleetAnswer, slotAnswer } from '#http-api';
import type { z } from 'zod';

/** What the page reads of the API's answers. */
export type Slot = z.output<typeof slotAnswer>;
export type Fleet = z.output<typeof fleetAnswer>;
export type SlotEvent = z.output<typeof eventAnswer>;

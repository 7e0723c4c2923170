import type {
  agentsAnswer,
  buildAnswer,
  buildsAnswer,
  configurationAnswer,
  configurationsAnswer,
  eventAnswer,
  fleetAnswer,
  refusalsAnswer,
  slotAnswer,
} from '#http-api';
import type { z } from 'zod';

/** What the page reads of the API's answers. */
export type Slot = z.output<typeof slotAnswer>;
export type Agent = z.output<typeof agentsAnswer>['agents'][number];
export type Fleet = z.output<typeof fleetAnswer>;
export type SlotEvent = z.output<typeof eventAnswer>;
export type Build = z.output<typeof buildAnswer>;
export type BuildSummary = z.output<typeof buildsAnswer>['builds'][number];
export type Configuration = z.output<typeof configurationAnswer>;
export type ConfigurationSummary = z.output<
  typeof configurationsAnswer
>['buildConfigurations'][number];
export type Refusal = z.output<typeof refusalsAnswer>['refusals'][number];

import type {
  actionsAnswer,
  agentsAnswer,
  allocationAnswer,
  buildAnswer,
  buildDifferenceAnswer,
  buildsAnswer,
  configurationAnswer,
  configurationsAnswer,
  eventAnswer,
  fleetAtAnswer,
  fleetAnswer,
  indexedAllocationsAnswer,
  indexStatesAnswer,
  machineAnswer,
  installationAnswer,
  refusalsAnswer,
  slotAnswer,
  slotThenAnswer,
  usageAnswer,
  waitingRequestsAnswer,
} from '#http-api';
import type { z } from 'zod';

export type { AllocationStory, AttemptStory, Choice } from '#http-api';

/** What the page reads of the API's answers. */
export type Slot = z.output<typeof slotAnswer>;
export type Agent = z.output<typeof agentsAnswer>['agents'][number];
export type Fleet = z.output<typeof fleetAnswer>;
export type Machine = z.output<typeof machineAnswer>;
export type SlotEvent = z.output<typeof eventAnswer>;
export type Build = z.output<typeof buildAnswer>;
export type BuildSummary = z.output<typeof buildsAnswer>['builds'][number];
export type Configuration = z.output<typeof configurationAnswer>;
export type ConfigurationSummary = z.output<
  typeof configurationsAnswer
>['buildConfigurations'][number];
export type Refusal = z.output<typeof refusalsAnswer>['refusals'][number];
export type ActionsPage = z.output<typeof actionsAnswer>;
export type Action = ActionsPage['actions'][number];
export type Allocation = z.output<typeof allocationAnswer>;
export type IndexedAllocations = z.output<typeof indexedAllocationsAnswer>;
export type SlotThen = z.output<typeof slotThenAnswer>;
export type SlotUsage = z.output<typeof usageAnswer>;
export type IndexStates = z.output<typeof indexStatesAnswer>;
export type Region = z.output<typeof installationAnswer>['regions'][number];
export type WaitingRequests = z.output<typeof waitingRequestsAnswer>;
export type BuildDifference = z.output<typeof buildDifferenceAnswer>;
export type FleetThen = z.output<typeof fleetAtAnswer>;

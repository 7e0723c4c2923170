/** What the native HTTP API answers: said once, for the gateway, its document, the client and `berth`. */
export {
  actionsAnswer,
  allocationStoryAnswer,
  choicesAnswer,
  forgottenAnswer,
  slotThenAnswer,
  type AllocationStory,
  type AttemptStory,
  type Choice,
} from './audit.answers.js';
export { agentAnswer, agentsAnswer } from './agent.answers.js';
export {
  allocationAnswer,
  allocationsAnswer,
  grantAnswer,
  releaseAnswer,
} from './allocation.answers.js';
export {
  indexedAllocationsAnswer,
  indexStateAnswer,
  indexStatesAnswer,
} from './audit-index.answers.js';
export {
  buildAnswer,
  buildDifferenceAnswer,
  buildsAnswer,
  configurationAnswer,
  configurationsAnswer,
  fileAnswer,
} from './build.answers.js';
export { eventAnswer, eventsAnswer } from './event.answers.js';
export { fleetAnswer, fleetsAnswer } from './fleet.answers.js';
export { machineAnswer, machinesAnswer } from './machine.answers.js';
export { installationAnswer, waitingRequestsAnswer } from './installation.answers.js';
export { directedAgentAnswer, directedSlotAnswer } from './operation.answers.js';
export { fleetAtAnswer, fleetDiffAnswer, pastSlotAnswer } from './past.answers.js';
export { publishedAnswer, refusalsAnswer, requestAnswer } from './request.answers.js';
export { healthAnswer, notReadyAnswer, readyAnswer, rootAnswer } from './service.answers.js';
export { listedStatus, slotAnswer, slotsAnswer } from './slot.answers.js';
export { outputAnswer, usageAnswer } from './usage.answers.js';

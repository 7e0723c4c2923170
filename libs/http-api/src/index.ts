/** What the native HTTP API answers: said once, for the gateway, its document, the client and `berth`. */
export { agentAnswer, agentsAnswer } from './agent.answers.js';
export {
  allocationAnswer,
  allocationsAnswer,
  grantAnswer,
  releaseAnswer,
} from './allocation.answers.js';
export { eventAnswer, eventsAnswer } from './event.answers.js';
export { publishedAnswer, refusalsAnswer, requestAnswer } from './request.answers.js';
export { slotAnswer, slotsAnswer } from './slot.answers.js';

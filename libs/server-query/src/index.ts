/** Asks game servers how many players they have, as server browsers do: SQP and A2S over UDP. */
export { QueryClient } from './client.js';
export { isOwnAddress } from './own-address.js';
export { withoutBots } from './players.js';
export type { QueryOutcome, QueryProtocol, Question } from './question.js';

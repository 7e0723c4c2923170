/** Asks game servers who plays there, as players' server browsers do: SQP and A2S over UDP. */
export { answerInfo, type A2sInfo } from './a2s.js';
export { Malformed } from './bytes.js';
export { QueryClient, Unanswered, type Question, type QueryProtocol } from './client.js';
export { answerServerInfo, type SqpInfo } from './sqp.js';
export type { Players } from './players.js';

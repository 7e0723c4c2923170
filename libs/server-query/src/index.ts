/** Asks game servers who plays there, as players' server browsers do: SQP and A2S over UDP. */
export { QueryClient, Unanswered, type QueryProtocol } from './client.js';

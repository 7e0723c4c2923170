import type { Players } from './players.js';

export type QueryProtocol = 'sqp' | 'a2s';

export interface Question {
  readonly protocol: QueryProtocol;
  /** An IPv4 or IPv6 address. */
  readonly host: string;
  readonly port: number;
  /** Time limit (ms) for the whole question, including repeated packets. */
  readonly withinMs: number;
}

/** The outcome of a question. Only silence may mean that the server is dead. */
export type QueryOutcome =
  | { readonly kind: 'answered'; readonly players: Players }
  /** The server answers, so it is alive, but its answer cannot be read. */
  | { readonly kind: 'not-understood'; readonly reason: string }
  | { readonly kind: 'silent'; readonly reason: string }
  /** This machine could not ask. That says nothing about the server. */
  | { readonly kind: 'not-asked'; readonly reason: string };

/** Runs an action later. Returns a function that cancels it. */
export type Later = (delayMs: number, action: () => void) => () => void;

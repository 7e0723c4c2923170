import type { Players } from './players.js';

export type QueryProtocol = 'sqp' | 'a2s';

export interface Question {
  readonly protocol: QueryProtocol;
  /** An IP address, of either family. */
  readonly host: string;
  readonly port: number;
  /** All of it, repeated packets included (ms). */
  readonly withinMs: number;
}

/** What became of a question. Only silence may mean that the server is dead. */
export type QueryOutcome =
  | { readonly kind: 'answered'; readonly players: Players }
  /** Something answers, so the server is alive; who plays cannot be read. */
  | { readonly kind: 'not-understood'; readonly reason: string }
  | { readonly kind: 'silent'; readonly reason: string }
  /** This machine could not ask: says nothing about the server. */
  | { readonly kind: 'not-asked'; readonly reason: string };

/** Runs an action later, and returns what takes that back. */
export type Later = (delayMs: number, action: () => void) => () => void;

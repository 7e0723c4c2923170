import { appendFileSync, readFileSync } from 'node:fs';

/** The answer that a matchmaker got, or that it got none. */
export type Answer =
  | { readonly outcome: 'allocated'; readonly slot: string; readonly token: string }
  | { readonly outcome: 'deallocated'; readonly slot: string }
  | { readonly outcome: 'refused'; readonly code: string }
  /** No verdict in time, or no one to ask. */
  | { readonly outcome: 'uncertain'; readonly reason: string };

/** One question of a matchmaker and its answer. Instants are epoch ms. */
export interface Entry {
  readonly id: string;
  readonly ask: 'allocate' | 'deallocate';
  readonly askedAt: number;
  readonly answeredAt: number;
  readonly answer: Answer;
}

/** Refusals that say nothing about the request: the same request may be served later. */
const PASSING = ['not-ready', 'timed-out'];

/** Whether the answer is final. */
export function isVerdict(answer: Answer): boolean {
  if (answer.outcome === 'uncertain') return false;
  return answer.outcome !== 'refused' || !PASSING.includes(answer.code);
}

/** Writes an entry at once, on its own line, so that it survives its writer. */
export function writeEntry(path: string, entry: Entry): void {
  appendFileSync(path, `${JSON.stringify(entry)}\n`);
}

export function readDiary(path: string): readonly Entry[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Entry);
}

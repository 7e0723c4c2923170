import type { Refusal } from '#kernel';
import { STATUS_CODES } from 'node:http';

/** Why a request failed; answered as `{ status, title, detail }`. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly status: 400 | 404 | 409 | 413,
    readonly detail: string,
    options?: ErrorOptions,
  ) {
    super(detail, options);
  }
}

export function problemBody(status: number, detail: string) {
  return { status, title: STATUS_CODES[status] ?? 'Error', detail };
}

/** Throws `Problem` if the slot refused: 404 if it has no such session, otherwise 409. */
export function expectDone(refused: Refusal | null): void {
  if (refused === null) return;
  throw new Problem(refused.code === 'unknown-allocation' ? 404 : 409, refused.message);
}

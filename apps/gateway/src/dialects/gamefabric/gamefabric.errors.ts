import { isShortage } from '#wire';
import { z } from 'zod';
import type { ErrorDialect, FailureAnswer } from '../error-dialect.js';
import { RETRY_AFTER_S, type Problem } from '../../http/problems.js';

const PATHS = ['/allocate', '/servers'];

/** GameFabric's errors: the status says what is wrong, `error` is text for people. */
export class GameFabricErrors implements ErrorDialect {
  readonly face = 'gamefabric';
  readonly tag = 'GameFabric';
  readonly failure = {
    mediaType: 'application/json',
    schema: z.object({ error: z.string() }).meta({ id: 'GameFabricError' }),
  };

  constructor(private readonly noneStatus: number) {}

  owns(path: string): boolean {
    return PATHS.some((owned) => path === owned || path.startsWith(`${owned}/`));
  }

  answer({ status, code, detail }: Problem): FailureAnswer {
    // Which fleets may be given is the operator's setting: servers of theirs may register yet.
    const isNone = isShortage(code) || code === 'unknown-fleet';
    return {
      status: isNone ? this.noneStatus : status,
      contentType: 'application/json; charset=utf-8',
      ...(isNone && { retryAfterS: RETRY_AFTER_S }),
      body: { error: detail },
    };
  }
}

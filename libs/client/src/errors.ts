import { TransientError } from '#kernel';
import type { RefusalCode, RefusalGrounds } from '#wire';

/** Berth refused; `code` says why, and is stable across versions. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(
    readonly code: RefusalCode,
    message: string,
    readonly allocationId: string | undefined,
    /** What stood in the way, as far as the allocator says. */
    readonly grounds?: RefusalGrounds,
  ) {
    super(message);
  }
}

/**
 * The access token is missing, invalid or not sufficient; `code` says which (see docs/errors.md).
 */
export class NotAllowed extends Error {
  override readonly name = 'NotAllowed';

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** No allocator runs in the region; all tries found none. Nothing was changed. */
export class AllocatorAbsent extends TransientError {
  override readonly name = 'AllocatorAbsent';

  constructor(
    readonly region: string,
    cause: unknown,
  ) {
    super(`no allocator is running for region ${region}`, { cause });
  }
}

/**
 * There was no verdict in time. The server may have been allocated, or may still be. Ask again with
 * the same `allocationId`, or deallocate it.
 */
export class AllocationUncertain extends TransientError {
  override readonly name = 'AllocationUncertain';

  constructor(
    readonly allocationId: string,
    cause: unknown,
  ) {
    super(`the outcome of allocation ${allocationId} is unknown: there was no answer in time`, {
      cause,
    });
  }
}

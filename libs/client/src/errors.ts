import { TransientError } from '#kernel';
import type { RefusalCode } from '#wire';

/** Berth says no; `code` says why, and is stable. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(
    readonly code: RefusalCode,
    message: string,
    readonly allocationId: string | undefined,
  ) {
    super(message);
  }
}

/** The access token is missing, not good, or not enough; `code` says which, as the page of errors. */
export class NotAllowed extends Error {
  override readonly name = 'NotAllowed';

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Nobody listened, however often it was tried: no allocator runs in the region. Nothing was done. */
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
 * No verdict within the time given. The server may have been allocated, or be allocated yet, so
 * either ask again with the same `allocationId`, or deallocate it.
 */
export class AllocationUncertain extends TransientError {
  override readonly name = 'AllocationUncertain';

  constructor(
    readonly allocationId: string,
    cause: unknown,
  ) {
    super(`what became of allocation ${allocationId} is not known: there was no answer in time`, {
      cause,
    });
  }
}

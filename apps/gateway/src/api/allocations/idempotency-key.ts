import { allocationId } from '#wire';
import { invalid } from '../../http/problems.js';

/**
 * The allocation's id, from the body or from the header `Idempotency-Key`. Throws a `Problem` if
 * both are given and differ.
 */
export function idOf(inBody: string | undefined, key: string | undefined): string | undefined {
  if (key === undefined) return inBody;
  const id = allocationId.safeParse(key);
  if (!id.success) throw invalid(`Idempotency-Key: ${id.error.issues[0]?.message ?? 'invalid'}`);
  if (inBody !== undefined && inBody !== key) {
    throw invalid('allocationId and Idempotency-Key name two different allocations');
  }
  return key;
}

import { allocationId } from '#wire';
import { invalid } from '../../http/problems.js';

/**
 * The allocation's id may come by the body or by the header `Idempotency-Key`. Where both name one
 * and they differ, the requester does not mean what it says.
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

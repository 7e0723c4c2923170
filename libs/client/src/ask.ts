import type { Bus } from '#kernel';
import { decodeJson, encodeJson } from '#wire';
import type { z } from 'zod';

/**
 * One try of one request to the allocators of a region.
 *
 * @throws {DeadlinePassed} there was no answer.
 * @throws {NobodyListens} no allocator runs in the region.
 * @throws {Unparsable} the answer is none that this version knows.
 */
export async function ask<T>(
  bus: Bus,
  subject: string,
  request: object,
  schema: z.ZodType<T>,
  timeoutMs: number,
): Promise<T> {
  return decodeJson(schema, await bus.request(subject, encodeJson(request), timeoutMs));
}

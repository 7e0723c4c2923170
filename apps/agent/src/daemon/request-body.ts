import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Problem } from './problem.js';

/**
 * Parses the body as JSON whatever its content type is: the Go SDK sends none. An empty body counts
 * as `{}`. Throws `Problem` (400) if the body does not fit the schema.
 */
export function bodyOf<T>({ body }: FastifyRequest, schema: z.ZodType<T>): T {
  const result = schema.safeParse(jsonOf(body));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue?.path.length ? `"${issue.path.join('.')}" in the body` : 'the body';
  throw new Problem(400, `${where} is wrong: ${issue?.message}`);
}

function jsonOf(body: unknown): unknown {
  if (typeof body !== 'string' || body.trim() === '') return {};
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new Problem(400, 'the body is not JSON', { cause });
  }
}

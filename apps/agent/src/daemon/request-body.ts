import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Problem } from './problem.js';

/**
 * The body as JSON, whatever its content type says: the Go SDK sends none. Nothing at all is `{}`.
 * Throws `Problem` where it does not fit.
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

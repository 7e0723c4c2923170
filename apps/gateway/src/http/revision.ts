import type { FastifyReply } from 'fastify';
import { invalid } from './problems.js';

/** Says the revision of what is shown, which only rises, as its entity tag (RFC 9110, section 8.8.3). */
export function tagged<View extends { readonly revision: number }>(
  reply: FastifyReply,
  view: View,
): View {
  void reply.header('etag', `"${view.revision}"`);
  return view;
}

/**
 * The revision that a change requires; none if the header is missing, or is `*`.
 *
 * @throws {Problem} the header is not one of our entity tags.
 */
export function revisionIn(ifMatch: string | undefined): { readonly revision?: number } {
  if (ifMatch === undefined || ifMatch.trim() === '*') return {};
  const [, digits] = /^\s*"(\d{1,15})"\s*$/.exec(ifMatch) ?? [];
  if (digits === undefined)
    throw invalid('If-Match must be one ETag, exactly as an answer contained it');
  return { revision: Number(digits) };
}

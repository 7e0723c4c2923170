import { invalid } from '../../http/problems.js';

/** The entity tag (RFC 9110, section 8.8.3) of a revision, which only rises. */
export function etagOf(revision: number): string {
  return `"${revision}"`;
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

import { invalid } from '../../http/problems.js';

/** The entity tag (RFC 9110, section 8.8.3) of a fleet's size: its revision, which only rises. */
export function etagOf(revision: number): string {
  return `"${revision}"`;
}

/**
 * The revision that a change is for; none where the header is missing, or matches whatever there is.
 *
 * @throws {Problem} the header is no entity tag of ours.
 */
export function revisionIn(ifMatch: string | undefined): { readonly revision?: number } {
  if (ifMatch === undefined || ifMatch.trim() === '*') return {};
  const [, digits] = /^\s*"(\d{1,15})"\s*$/.exec(ifMatch) ?? [];
  if (digits === undefined) throw invalid('If-Match must be one ETag, as it was given');
  return { revision: Number(digits) };
}

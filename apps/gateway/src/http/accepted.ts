/** What the native API answers with, by path; JSON wherever it does not stream. */
const STREAMS = new Set(['/v1/events']);
const STREAM = 'text/event-stream';
const JSON_TYPE = 'application/json';

/**
 * Whether the header `Accept` leaves room for the answer of the native API (RFC 9110, section
 * 12.5.1). Answers have one form each, so nothing is negotiated beyond that.
 *
 * @param route the route's own path
 */
export function isAcceptable(route: string, accept: string | undefined): boolean {
  if (accept === undefined || accept.trim() === '' || !route.startsWith('/v1/')) return true;
  const wanted = STREAMS.has(route) ? STREAM : JSON_TYPE;
  const [kind] = wanted.split('/');
  const fits = new Set([wanted, `${kind}/*`, '*/*']);
  return accept.split(',').some((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    return fits.has(type) && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}

/** Paths that answer with a stream; all others answer with JSON. */
const STREAMS = new Set(['/v1/events']);
const STREAM = 'text/event-stream';
const JSON_TYPE = 'application/json';

/**
 * Whether the header `Accept` allows the media type of the native API's answer (RFC 9110, section
 * 12.5.1). Each route answers in one media type, so there is no further negotiation.
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

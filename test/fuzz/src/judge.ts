import type { Outcome } from './exchange.js';
import { isProblem, type FuzzedFace } from './face.js';
import type { FuzzedRequest } from './fuzzed-request.js';

/** What is wrong with an outcome; null if nothing is. */
export function faultIn(face: FuzzedFace, request: FuzzedRequest, outcome: Outcome): string | null {
  if (outcome.kind === 'hung') return 'no answer';
  if (outcome.kind === 'unreachable') return outcome.reason;
  if (outcome.kind === 'closed') return mayClose(request) ? null : 'closed without an answer';
  const { status, mediaType, body } = outcome;
  if (status >= 500 && status !== 503) return `status ${status}: ${body.slice(0, 200)}`;
  if (status < 400 || request.method === 'HEAD') return null;
  // If the path itself is a trick, the request may belong to any API.
  const parsed = parse(body);
  const isWell = face.isRefusal(mediaType, parsed) || isProblem(mediaType, parsed);
  return isWell || isReadiness(body)
    ? null
    : `status ${status} without a problem: ${mediaType} ${body.slice(0, 200)}`;
}

/**
 * A client that is still sending when the server answers and closes may never see the answer (TCP).
 * Bodies up to this size are sent before that (bytes).
 */
const SENT_AT_ONCE_MAX = 64 * 1_024;

/** The server may close the connection of a request that never ends, or asks for a tunnel. */
function mayClose({ raw, isCutShort, headers, body }: FuzzedRequest): boolean {
  const isLong = (body?.length ?? 0) > SENT_AT_ONCE_MAX;
  return raw !== null || isCutShort || isLong || headers.some(([name]) => name === 'upgrade');
}

function isReadiness(body: string): boolean {
  return body.startsWith('{"status":"not ready"');
}

function parse(body: string): unknown {
  try {
    // A body without a length comes in chunks; ours have one chunk only.
    return JSON.parse(body.replace(/^[0-9a-f]+\r\n|\r\n0\r\n\r\n$/g, ''));
  } catch {
    return undefined;
  }
}

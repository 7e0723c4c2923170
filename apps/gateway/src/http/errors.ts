import {
  REFUSALS,
  REGISTRAR_REFUSALS,
  type ErrorGuide,
  type RefusalCode,
  type RegistrarRefusalCode,
} from '#wire';

/** Errors of the gateway itself. */
const OWN = {
  unauthorized: {
    status: 401,
    means: 'The request is not authenticated.',
    because:
      'The access token is missing, unknown, revoked or expired; the answer does not say which.',
    remedy:
      'Send `Authorization: Bearer` with a valid token; `berth tokens list` shows the valid ones.',
  },
  forbidden: {
    status: 403,
    means: 'The access token is valid, but does not allow this.',
    because: 'It has none of the scopes that the message names.',
    remedy: 'Use a token that has one of them, or ask the operator for one.',
  },
  'wrong-region': {
    status: 403,
    means: 'The access token is valid, but not in this region.',
    because: 'It was made for other regions.',
    remedy: 'Use a token for this region, or one for all of them.',
  },
  'wrong-project': {
    status: 403,
    means: 'The access token is of a project, and this is of all projects.',
    because:
      'Machines, fleets, builds and histories are shared by projects, and no project sees the others.',
    remedy: 'Use a token that was made without `--project`.',
  },
  'too-many-requests': {
    status: 429,
    means: 'The access token has been used too often.',
    because: 'Its rate is used up; the message names the rate.',
    remedy:
      'Wait as long as `Retry-After` says; if it keeps happening, ask the operator for a higher rate.',
  },
  'too-many-failures': {
    status: 429,
    means: 'Too many requests without a valid access token came from your address.',
    because:
      'The address has used up `BERTH_FAILURE_RATE` of the gateway. Tokens of `berth tokens` are still let in.',
    remedy:
      'Send a valid token. Behind a reverse proxy, the operator names it in `HTTP_PROXIES`, so that each requester has an address of its own.',
  },
  'too-many-streams': {
    status: 429,
    means: 'The access token has too many event streams open.',
    because:
      'One token may have `BERTH_TOKEN_STREAMS_MAX` at one gateway; the message says how many.',
    remedy: 'Close streams that nobody reads, or use a token for each program.',
  },
  'unknown-route': {
    status: 404,
    means: 'There is nothing under this path.',
    because: 'The path is wrong, or its part of the API is newer than this gateway.',
    remedy: 'Look the path up: `GET /` lists the main routes, `/docs` shows all of them.',
  },
  'method-not-allowed': {
    status: 405,
    means: 'The path exists, but not for this method.',
    because: 'The header `Allow` of the answer names the allowed methods.',
    remedy: 'Use one of those.',
  },
  'not-acceptable': {
    status: 406,
    means: 'The answer would have a media type that the request does not accept.',
    because: 'The header `Accept` excludes JSON, or for `/v1/events` `text/event-stream`.',
    remedy: 'Leave `Accept` out, or add `application/json`.',
  },
  'too-slow': {
    status: 408,
    means: 'The request did not arrive in time.',
    because: 'Its head or its body was not sent to the end.',
    remedy: 'Send it again; if it happens often, check the network.',
  },
  'not-now': {
    status: 409,
    means: 'The slot cannot do this in its current state.',
    because: 'The message names the state. Perhaps a session must end first.',
    remedy: 'Wait for the end of the session, or send `force` and a reason.',
  },
  'not-encrypted': {
    status: 409,
    means: 'The payload cannot be forgotten.',
    because:
      'It was recorded in clear: by an earlier version, or while `BERTH_ENCRYPT_PAYLOADS` was off.',
    remedy:
      'Set `BERTH_ENCRYPT_PAYLOADS`; what is in clear goes with the archive (`BERTH_ARCHIVE_DAYS`).',
  },
  refused: {
    status: 409,
    means: 'The slot refuses.',
    because: 'The message says why.',
    remedy: 'Read the slot and its events, and do only what its state allows.',
  },
  'too-large': {
    status: 413,
    means: 'The body is too large.',
    because: 'A body may have 256 KiB, or another limit of this route.',
    remedy: 'Send less: put a reference to large data into the payload.',
  },
  'path-too-long': {
    status: 414,
    means: 'A part of the path is too long.',
    because: 'A name has at most 512 characters, percent-encoded.',
    remedy: 'Use the name exactly as an answer contained it.',
  },
  'not-json': {
    status: 415,
    means: 'The headers say that the body is not JSON.',
    because: 'The header `Content-Type` names another type, or the body is compressed.',
    remedy: 'Send JSON in UTF-8, with `Content-Type: application/json`, and not compressed.',
  },
  'cannot-expect': {
    status: 417,
    means: 'The header `Expect` asks for something that is not supported.',
    because: 'Only `100-continue` is supported.',
    remedy: 'Leave the header out.',
  },
  'not-supported': {
    status: 424,
    means: 'Berth does not have this feature.',
    because: "It belongs to another product's API, and works differently in Berth.",
    remedy: 'The message says what to use instead.',
  },
  'head-too-large': {
    status: 431,
    means: 'The head of the request is too large.',
    because: 'Path and headers together may have 16 KiB.',
    remedy: 'Send fewer or shorter headers.',
  },
  'unknown-region': {
    status: 404,
    means: 'This gateway does not serve the region.',
    because: 'The name is wrong, or the region is missing in `BERTH_REGIONS` of the gateway.',
    remedy: 'Use a region that the message names, or ask the operator to add it.',
  },
  'wrong-digest': {
    status: 400,
    means: 'The content does not have the digest in the path.',
    because: 'The file was changed while it was read, or damaged on its way.',
    remedy: 'Compute its SHA-256 again, and send it again.',
  },
  'unknown-agent': {
    status: 404,
    means: 'No agent has this name.',
    because: 'It never registered a slot, or all of its slots are retired.',
    remedy: 'List the agents and look for the name, `region.agent`.',
  },
  'too-many-clients': {
    status: 503,
    means: 'No more clients can listen to events.',
    because: 'The greatest number of clients of one gateway listen already.',
    remedy: 'Use another gateway, or try again later; close streams that nobody reads.',
  },
  'no-allocator': {
    status: 503,
    means: 'No allocator runs for the region.',
    because:
      'No allocator was started, none is connected to NATS, or the name of the region is wrong.',
    remedy: 'Check the name, then check that allocators of that region run and are ready.',
  },
  'no-registrar': {
    status: 503,
    means: 'No registrar runs for the region.',
    because: 'It was not started, it is not connected to NATS, or the name of the region is wrong.',
    remedy: 'Check the region, then check that its registrar runs and is ready.',
  },
  'bad-answer': {
    status: 502,
    means: 'The answer of an allocator could not be read.',
    because: 'The versions of gateway and allocator do not fit, or another program answers.',
    remedy: 'Upgrade both to the same version; the outcome of the request can be found by its id.',
  },
  internal: {
    status: 500,
    means: 'An error in Berth itself.',
    because: 'An unexpected error occurred.',
    remedy: "Find the answer's request id in the gateway's log, and report the error.",
  },
} as const satisfies Readonly<Record<string, ErrorGuide>>;

/** Every code that an answer of the gateway may carry. */
export type ProblemCode = RefusalCode | RegistrarRefusalCode | keyof typeof OWN;

/** Every error of the HTTP API, by its code. */
export const ERRORS: Readonly<Record<ProblemCode, ErrorGuide>> = {
  ...REFUSALS,
  ...REGISTRAR_REFUSALS,
  ...OWN,
};

/** Whether this version knows the code: allocators of another version may have more. */
export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(ERRORS, code);
}

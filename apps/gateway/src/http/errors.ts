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
    means: 'The gateway does not know who asks.',
    because: 'The access token is missing, unknown, revoked or expired; which, is not told.',
    remedy:
      'Send `Authorization: Bearer` with a token that is good; `berth tokens list` shows which are.',
  },
  forbidden: {
    status: 403,
    means: 'The access token is good, but not for this.',
    because: 'It has none of the scopes that the message names.',
    remedy: 'Use a token that has one of them, or ask the operator for one.',
  },
  'wrong-region': {
    status: 403,
    means: 'The access token is good, but not in this region.',
    because: 'It was made for other regions.',
    remedy: 'Use a token for this region, or one for all of them.',
  },
  'too-many-requests': {
    status: 429,
    means: 'The access token has been used too often.',
    because: 'Its rate is used up; the message tells it.',
    remedy: 'Wait as `Retry-After` says; ask the operator for a higher rate where it lasts.',
  },
  'unknown-route': {
    status: 404,
    means: 'There is nothing under this path.',
    because: 'The path is wrong, or its part of the API is newer than this gateway.',
    remedy: 'Look the path up: `GET /` lists what there is, `/docs` shows all of it.',
  },
  'method-not-allowed': {
    status: 405,
    means: 'The path exists, but not for this method.',
    because: 'The header `Allow` of the answer names the methods it has.',
    remedy: 'Use one of those.',
  },
  'not-acceptable': {
    status: 406,
    means: 'The answer would be of a kind that the request does not accept.',
    because: 'The header `Accept` leaves out JSON; for `/v1/events`, `text/event-stream`.',
    remedy: 'Leave `Accept` out, or add `application/json`.',
  },
  'too-slow': {
    status: 408,
    means: 'The request did not arrive in time.',
    because: 'Its head or its body stopped coming.',
    remedy: 'Send it again; look at the network where it happens often.',
  },
  'not-now': {
    status: 409,
    means: 'The slot cannot do this in the state it is in.',
    because: 'The message names the state; a session may have to end first.',
    remedy: 'Wait for the session to end, or ask with `force` and a reason.',
  },
  refused: {
    status: 409,
    means: 'The slot refuses.',
    because: 'The message says why.',
    remedy: 'Read the slot and its events, and ask for what its state allows.',
  },
  'too-large': {
    status: 413,
    means: 'The body is too large.',
    because: 'A body may have 256 KiB, or what this route allows.',
    remedy: 'Send less: let the payload carry a reference to what is large.',
  },
  'path-too-long': {
    status: 414,
    means: 'A part of the path is too long.',
    because: 'No name here has more than 512 characters, percent-encoded.',
    remedy: 'Use the name as it was given.',
  },
  'not-json': {
    status: 415,
    means: 'The body is said to be something else than JSON.',
    because: 'The header `Content-Type` names another type, or the body is compressed.',
    remedy: 'Send JSON in UTF-8, with `Content-Type: application/json`, and not compressed.',
  },
  'cannot-expect': {
    status: 417,
    means: 'The header `Expect` asks for something that is not to be had.',
    because: 'Only `100-continue` is known.',
    remedy: 'Leave the header out.',
  },
  'not-supported': {
    status: 424,
    means: 'Berth has nothing like this.',
    because: 'The API of another product was asked for something that works otherwise here.',
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
    means: 'This gateway does not show the region.',
    because: 'The name is wrong, or the region is missing in `BERTH_REGIONS` of the gateway.',
    remedy: 'Use a region that the message names, or ask the operator to add it.',
  },
  'unknown-fleet': {
    status: 404,
    means: 'No fleet has this name.',
    because: 'It has neither slots nor a size in that region; names read `region.fleet`.',
    remedy: 'List the fleets and look for the name; start an agent for it, or give it a size.',
  },
  'unknown-agent': {
    status: 404,
    means: 'No agent has this name.',
    because: 'It never registered a slot, or all of its slots are retired.',
    remedy: 'List the agents and look for the name: it reads `region.agent`.',
  },
  'too-many-clients': {
    status: 503,
    means: 'No more listeners can be served.',
    because: 'As many clients as a gateway serves listen to events already.',
    remedy: 'Ask another gateway, or later; close streams that nobody reads.',
  },
  'no-allocator': {
    status: 503,
    means: 'No allocator runs for the region.',
    because: 'None was started, or none is connected to NATS; or the name of the region is wrong.',
    remedy: 'Check the name. Then look whether allocators of that region run and are ready.',
  },
  'no-registrar': {
    status: 503,
    means: 'No registrar runs for the region.',
    because: 'None was started, or it is not connected to NATS; or the region is wrong.',
    remedy: 'Check the region. Then look whether its registrar runs and is ready.',
  },
  'bad-answer': {
    status: 502,
    means: 'The answer of an allocator could not be understood.',
    because: 'Gateway and allocator are of versions that do not fit, or something else answers.',
    remedy: 'Bring both to the same version; what became of the request, its id tells.',
  },
  internal: {
    status: 500,
    means: 'Berth made a mistake.',
    because: 'Something happened that nobody thought of.',
    remedy: 'Look into the log for the request id, which the answer carries, and report it.',
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

/** Calls to URLs that game servers name: which of them are allowed, and within which limits. */
export { isNetwork, Networks } from './addresses.js';
export { callbackBody, type BodyForm } from './body.js';
export { isDoor, OutboundGuard, type OutboundRules } from './guard.js';
export {
  ANSWER_BYTES_MAX,
  post,
  refused,
  type CallbackOutcome,
  type CallbackRefusal,
} from './post.js';
export { isNameServer, resolveBy, systemResolve, type Resolve } from './resolve.js';
export { spannedCallback } from './spanned-callback.js';

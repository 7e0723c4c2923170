/** Calls to addresses that strangers name: which are allowed, and within which bounds. */
export { DEFAULT_NETWORKS, isNetwork } from './addresses.js';
export { URL_LENGTH_MAX } from './callback-url.js';
export { isDoor, OutboundGuard, type Denied, type OutboundRules, type Target } from './guard.js';
export { ANSWER_BYTES_MAX, post, refused, type CallbackOutcome, type Post } from './post.js';
export { isNameServer, resolveBy, systemResolve, type Resolve } from './resolve.js';

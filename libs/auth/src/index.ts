export {
  mintToken,
  rateText,
  type AccessToken,
  type Rate,
  type TokenWish,
} from './access-token.js';
export { credentialsIn, isGuessable, type Credentials } from './credentials.js';
export { digestOf } from './digest.js';
export { EXCHANGED_S, exchange } from './exchanged.js';
export type { Holder } from './holder.js';
export { RateLimits } from './rate-limits.js';
export { SCOPES, SCOPE_NAMES, type Scope } from './scopes.js';
export { REREAD_MS } from './follow-file.js';
export { followKeys, ownKeys, type SigningKeys } from './signing-keys.js';
export { changeTokens, followTokens, readTokens } from './token-file.js';
export { TokenSet, type ListedSecrets } from './token-set.js';

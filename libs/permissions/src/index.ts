/**
 * What each role may do on the bus, derived from the table of endpoints, and the files for
 * nats-server that say so.
 */
export { accountClaims, exportsOf, importsOf, type AccountKeys } from './account-claims.js';
export { accountOf, accountRules, type Account } from './accounts.js';
export { identityNamed, inboxPrefixOf, permissionsFor, ROLES, type Identity } from './identity.js';
export { isOwner, permissionsOf } from './permissions.js';
export {
  accountsText,
  serverText,
  type EnrolledIdentity,
  type ServerSettings,
} from './server-files.js';

/** What each role may do on the bus, made from the table of endpoints; nats-server's files of it. */
export { accountOf, accountRules } from './accounts.js';
export { identityNamed, inboxPrefixOf, permissionsFor, ROLES, type Identity } from './identity.js';
export { isOwner, permissionsOf } from './permissions.js';
export {
  accountsText,
  serverText,
  type EnrolledIdentity,
  type ServerSettings,
} from './server-files.js';

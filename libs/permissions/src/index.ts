/** What each role may do on the bus, made from the table of endpoints. */
export { accountOf, accountRules } from './accounts.js';
export { identityNamed, permissionsFor, ROLES } from './identity.js';
export { isOwner, permissionsOf } from './permissions.js';

import {
  accountOf,
  accountRules,
  ANSWERED_WITHIN,
  subjectAtEdge,
  type Account,
  type AccountRules,
} from './accounts.js';
import { permissionsFor, type Identity } from './identity.js';
import type { EnrolledIdentity } from './server-files.js';

/*
 * What nats-server's file says of accounts and users, as the claims of an operator's accounts. Each
 * credential has a signing key of its own, whose scope is what its identity may do: so the rights are in the
 * account's claims, and a user's JWT need not be made again when they change.
 */

/** The public key of each account. */
export type AccountKeys = Readonly<Record<Account, string>>;

/** 12 minutes in the unit of these claims (ns). */
const ANSWERED_WITHIN_NS = Number.parseInt(ANSWERED_WITHIN, 10) * 60_000_000_000;

const UNLIMITED = { subs: -1, data: -1, payload: -1 } as const;

/** What an account offers to the other one, which must show that it was given it (`token_req`). */
export function exportsOf(account: Account, regions: readonly string[]) {
  return accountRules(account, regions).exports.map((offered) => {
    if ('stream' in offered) return { ...named(offered.stream), ...STREAM, token_req: true };
    const isMany = offered.response_type === 'stream';
    return {
      ...{ ...named(offered.service), ...SERVICE, token_req: true },
      response_type: isMany ? ('Stream' as const) : ('Singleton' as const),
      ...(offered.threshold !== undefined && { response_threshold: ANSWERED_WITHIN_NS }),
    };
  });
}

/** What an account uses of the other one. */
export function importsOf(account: Account, regions: readonly string[], keys: AccountKeys) {
  return accountRules(account, regions).imports.map((used) => {
    if ('stream' in used) {
      return { ...named(used.stream.subject), ...STREAM, account: keys[used.stream.account] };
    }
    const { subject } = used.service;
    const about = { ...named(subject), ...SERVICE, account: keys[used.service.account] };
    return { ...about, ...(used.to !== undefined && { local_subject: used.to }) };
  });
}

/** The rest of an account's claims. */
export function accountClaims(
  account: Account,
  identities: readonly EnrolledIdentity[],
  regions: readonly string[],
) {
  const { mappings } = accountRules(account, regions);
  const storage = account === 'BERTH' ? -1 : 0;
  return {
    limits: {
      ...{ ...UNLIMITED, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: 0 },
      ...{ mem_storage: storage, disk_storage: storage, streams: storage, consumer: storage },
    },
    signing_keys: identities.filter(({ role }) => accountOf(role) === account).flatMap(scopesOf),
    ...(Object.keys(mappings).length > 0 && { mappings: mappingsOf(mappings) }),
  };
}

const STREAM = { type: 'stream' } as const;
const SERVICE = { type: 'service' } as const;

function named(subject: string) {
  return { name: subject, subject };
}

function mappingsOf(mappings: AccountRules['mappings']) {
  const all = Object.entries(mappings);
  return Object.fromEntries(all.map(([from, subject]) => [from, [{ subject, weight: 100 }]]));
}

function scopesOf(identity: EnrolledIdentity) {
  const { name, nkeys, signers = {} } = identity;
  const template = templateOf(identity);
  const keys = nkeys.flatMap((nkey) => signers[nkey] ?? []);
  return keys.map((key) => ({ kind: 'user_scope' as const, key, role: name, template }));
}

function templateOf(identity: Identity) {
  const { publish, subscribe, answers } = permissionsFor(identity);
  const isAtEdge = accountOf(identity.role) === 'EDGE';
  return {
    ...UNLIMITED,
    pub: { allow: isAtEdge ? publish.map(subjectAtEdge) : [...publish] },
    sub: { allow: [...subscribe] },
    ...(answers && { resp: { max: 1, ttl: ANSWERED_WITHIN_NS } }),
  };
}

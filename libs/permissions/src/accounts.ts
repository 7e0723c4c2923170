import { allEndpoints, matches, type Role } from '#wire';
import { ANY_SERVICE, permissionsOf } from './permissions.js';
import { ROLES } from './identity.js';

/**
 * `BERTH` has the streams, and the allocators, which write them. `EDGE` has all other programs: each
 * of them could be taken over, and none of them writes history. Within an account,
 * nats-server lets a client name any subject, even one of the log, as the reply subject of a
 * request; between accounts it replaces the reply subject.
 */
export type Account = 'BERTH' | 'EDGE';

const ACCOUNTS: Readonly<Record<Role, Account>> = {
  allocator: 'BERTH',
  gateway: 'EDGE',
  registrar: 'EDGE',
  auditor: 'EDGE',
  agent: 'EDGE',
  client: 'EDGE',
  operator: 'EDGE',
};

export function accountOf(role: Role): Account {
  return ACCOUNTS[role];
}

/** The subjects that cross from one account to the other, in nats-server's format. */
export interface AccountRules {
  readonly exports: readonly Export[];
  readonly imports: readonly Import[];
  readonly mappings: Readonly<Record<string, string>>;
}

type Export =
  | { readonly stream: string; readonly accounts: readonly Account[] }
  | {
      readonly service: string;
      readonly accounts: readonly Account[];
      readonly response_type: 'singleton' | 'stream';
      readonly threshold?: string;
    };

type Import =
  | { readonly stream: { readonly account: Account; readonly subject: string } }
  | {
      readonly service: { readonly account: Account; readonly subject: string };
      readonly to?: string;
    };

/**
 * How long nats-server passes an answer back between accounts: a request may wait for ten minutes,
 * and take one more.
 */
export const ANSWERED_WITHIN = '12m';

/** An account without JetStream answers these requests itself, as if there were no stream. */
const API_OF_ACCOUNT = /^\$JS\.API\.(STREAM\.|INFO$)/;

/**
 * The name of the subject in the account `EDGE`, where requests to JetStream are imported under
 * another name.
 */
export function subjectAtEdge(subject: string): string {
  return API_OF_ACCOUNT.test(subject) ? subject.replace('$JS.API', '$JS.berth.API') : subject;
}

export function accountRules(account: Account, regions: readonly string[]): AccountRules {
  const crossings = crossingsOf(regions);
  const mapped =
    account === 'EDGE' && crossings.some(({ subject }) => API_OF_ACCOUNT.test(subject));
  return {
    exports: crossings.filter(({ of }) => of === account).map(exportOf),
    imports: crossings.filter(({ of }) => of !== account).map(importOf),
    mappings: mapped
      ? { '$JS.API.STREAM.>': '$JS.berth.API.STREAM.>', '$JS.API.INFO': '$JS.berth.API.INFO' }
      : {},
  };
}

/** A subject that one account offers and the other uses. */
interface Crossing {
  readonly of: Account;
  readonly kind: 'service' | 'services' | 'stream';
  readonly subject: string;
}

/**
 * Derived from the roles' permissions: what roles of one account publish and roles of the other
 * subscribe to.
 */
function crossingsOf(regions: readonly string[]): readonly Crossing[] {
  const found = new Map<string, Crossing>();
  for (const region of regions) {
    const hearers = hearersOf(region);
    for (const role of ROLES) {
      const account = accountOf(role);
      const { publish, subscribe } = permissionsOf(role, region);
      for (const subject of publish) {
        // Streams and JetStream itself are in `BERTH`.
        const of = (hearers.get(subject) ?? IN_BERTH).find((one) => one !== account);
        if (of !== undefined) found.set(subject, { of, kind: kindOf(subject), subject });
      }
      if (account === 'BERTH') continue;
      for (const subject of subscribe.map(withoutQueue)) {
        if (hearers.get(subject)?.includes('EDGE')) continue;
        found.set(`stream ${subject}`, { of: 'BERTH', kind: 'stream', subject });
      }
    }
  }
  const all = [...found.values()];
  return all
    .filter((one) => !all.some((other) => other !== one && isWithin(one, other)))
    .sort((a, b) => (a.subject < b.subject ? -1 : 1));
}

/** Whether one crossing is a part of another: nats-server warns of both together. */
function isWithin(one: Crossing, other: Crossing): boolean {
  return one.of === other.of && one.kind === other.kind && matches(other.subject, one.subject);
}

function withoutQueue(heard: string): string {
  return heard.split(' ', 1)[0] ?? heard;
}

const IN_BERTH: readonly Account[] = ['BERTH'];

/** The accounts of the roles that subscribe to what is published, and not stored by a stream. */
function hearersOf(region: string): ReadonlyMap<string, readonly Account[]> {
  return new Map(
    allEndpoints.flatMap((endpoint) => {
      if (endpoint.kind === 'stored') return [];
      const by = endpoint.kind === 'asked' ? [endpoint.servedBy] : endpoint.heardBy;
      return [[endpoint.subject.filter({ region }), by.map(accountOf)] as const];
    }),
  );
}

/**
 * A direct get that names its subjects in its body, and a request to all services, have several
 * answers.
 */
function kindOf(subject: string): 'service' | 'services' {
  const isMany = subject === ANY_SERVICE || /^\$JS\.API\.DIRECT\.GET\.[^.]+$/.test(subject);
  return isMany ? 'services' : 'service';
}

function exportOf({ of, kind, subject }: Crossing): Export {
  const accounts = [of === 'BERTH' ? 'EDGE' : 'BERTH'] as const;
  switch (kind) {
    case 'stream':
      return { stream: subject, accounts };
    case 'services':
      return { service: subject, accounts, response_type: 'stream' };
    case 'service': {
      return { service: subject, accounts, response_type: 'singleton', threshold: ANSWERED_WITHIN };
    }
    default:
      return kind satisfies never;
  }
}

function importOf({ of: account, kind, subject }: Crossing): Import {
  if (kind === 'stream') return { stream: { account, subject } };
  const to = subjectAtEdge(subject);
  return { service: { account, subject }, ...(to !== subject && { to }) };
}

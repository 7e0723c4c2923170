import type { AccessToken } from './access-token.js';
import type { Credentials } from './credentials.js';
import { digestOf, isSameDigest } from './digest.js';
import { exchangedOf, isExchanged } from './exchanged.js';
import type { Holder } from './holder.js';
import type { Scope } from './scopes.js';

interface Entry {
  readonly digest: Buffer;
  readonly holder: Holder;
}

/** Secrets without an id, as settings list them; all of them are good, and the last is the current. */
export interface ListedSecrets {
  /** Name of the list. */
  readonly name: string;
  readonly scope: Scope;
  readonly secrets: readonly string[];
}

const NOBODY: Entry = {
  digest: Buffer.alloc(32),
  holder: {
    id: '',
    name: '',
    scopes: new Set(),
    regions: null,
    rate: null,
    expiresAt: Number.NEGATIVE_INFINITY,
  },
};

/** All tokens that are good at the same time. */
export class TokenSet {
  private readonly byId: ReadonlyMap<string, Entry>;
  private readonly listed: readonly Entry[];

  constructor(tokens: readonly AccessToken[], lists: readonly ListedSecrets[] = []) {
    this.byId = new Map(tokens.map((token) => [token.id, entryOf(token)]));
    this.listed = lists.flatMap(entriesOf);
  }

  get size(): number {
    return this.byId.size + this.listed.length;
  }

  /**
   * Who shows these credentials; undefined for an id that is unknown, a wrong secret and a token that
   * has expired, which take the same steps and cannot be told apart.
   *
   * @param now epoch ms
   */
  holderOf({ id, secret }: Credentials, now: number): Holder | undefined {
    const digest = digestOf(secret);
    const entry = id === null ? this.amongListed(digest) : (this.byId.get(id) ?? NOBODY);
    const isRight = isSameDigest(digest, entry.digest);
    return isRight && now < entry.holder.expiresAt ? entry.holder : undefined;
  }

  /**
   * As `holderOf`, for who may also show what a token was exchanged for.
   *
   * @param now epoch ms
   */
  async holderOfAny(credentials: Credentials, now: number): Promise<Holder | undefined> {
    const kid = credentials.id === null ? exchangedOf(credentials.secret) : undefined;
    if (kid === undefined) return this.holderOf(credentials, now);
    const { digest, holder } = this.byId.get(kid) ?? NOBODY;
    const isRight = await isExchanged(credentials.secret, digest, now);
    return isRight && now < holder.expiresAt ? holder : undefined;
  }

  /** Whether the holder would still be let in, to no less than they were. */
  admits({ id, scopes, regions }: Holder, now: number): boolean {
    const known = this.byId.get(id) ?? this.listed.find(({ holder }) => holder.id === id) ?? NOBODY;
    const { holder } = known;
    return (
      now < holder.expiresAt &&
      [...scopes].every((scope) => holder.scopes.has(scope)) &&
      (holder.regions === null || [...(regions ?? ['*'])].every((at) => holder.regions?.has(at)))
    );
  }

  /** Looks at every one of them, also when it was the first. */
  private amongListed(digest: Buffer): Entry {
    let found = NOBODY;
    for (const entry of this.listed) if (isSameDigest(digest, entry.digest)) found = entry;
    return found;
  }
}

function entryOf({ digest, expiresAt, scopes, regions, ...token }: AccessToken): Entry {
  return {
    digest: Buffer.from(digest, 'hex'),
    holder: {
      id: token.id,
      name: token.name,
      scopes: new Set(scopes),
      regions: regions === null ? null : new Set(regions),
      rate: token.rate,
      expiresAt: expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(expiresAt),
    },
  };
}

function entriesOf({ name, scope, secrets }: ListedSecrets): readonly Entry[] {
  return secrets.map((secret, index) => ({
    digest: digestOf(secret),
    holder: {
      id: `${name}-${index + 1}`,
      name,
      scopes: new Set([scope]),
      regions: null,
      rate: null,
      expiresAt: Number.POSITIVE_INFINITY,
    },
  }));
}

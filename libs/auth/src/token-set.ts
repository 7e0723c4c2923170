import type { AccessToken } from './access-token.js';
import type { Credentials } from './credentials.js';
import { digestOf, isSameDigest } from './digest.js';
import { exchangedOf, isExchanged } from './exchanged.js';
import type { Holder } from './holder.js';
import type { Scope } from './scopes.js';
import type { SigningKeys } from './signing-keys.js';

interface Entry {
  readonly digest: Buffer;
  readonly holder: Holder;
}

/**
 * Secrets without an id, as settings list them. All of them are valid; the last one is the current.
 */
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
    project: null,
    scopes: new Set(),
    regions: null,
    rate: null,
    expiresAt: Number.NEGATIVE_INFINITY,
  },
};

/** All tokens that are valid at the same time. */
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
   * The holder of these credentials; undefined for an unknown id, a wrong secret and an expired
   * token. These three take the same steps, so that a client cannot distinguish them.
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
   * Like `holderOf`, but also accepts a JSON Web Token that a token was exchanged for.
   *
   * @param keys those of JSON Web Tokens
   * @param now epoch ms
   */
  async holderOfAny(
    credentials: Credentials,
    keys: SigningKeys,
    now: number,
  ): Promise<Holder | undefined> {
    const kid = credentials.id === null ? exchangedOf(credentials.secret) : undefined;
    if (kid === undefined) return this.holderOf(credentials, now);
    const { digest, holder } = this.byId.get(kid) ?? NOBODY;
    const isRight = await isExchanged(credentials.secret, digest, keys, now);
    return isRight && now < holder.expiresAt ? holder : undefined;
  }

  /** Whether the holder would still be let in, in the same project, with at least the same scopes and regions. */
  admits({ id, scopes, regions, project }: Holder, now: number): boolean {
    const known = this.byId.get(id) ?? this.listed.find(({ holder }) => holder.id === id) ?? NOBODY;
    const { holder } = known;
    return (
      now < holder.expiresAt &&
      holder.project === project &&
      [...scopes].every((scope) => holder.scopes.has(scope)) &&
      (holder.regions === null || [...(regions ?? ['*'])].every((at) => holder.regions?.has(at)))
    );
  }

  /**
   * Compares with every secret, even after a match, so that the time does not depend on the place.
   */
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
      project: token.project,
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
      project: null,
      scopes: new Set([scope]),
      regions: null,
      rate: null,
      expiresAt: Number.POSITIVE_INFINITY,
    },
  }));
}

import { nkeys } from '@nats-io/transport-node';

type KeyPair = ReturnType<typeof nkeys.createUser>;

/** An operator with one account, whose users log in by JWT. */
export interface Operator {
  /** For nats-server's configuration. */
  readonly config: string;
  /** A user's credentials file. */
  credentialsOf(user: string, claims?: Readonly<Record<string, unknown>>): string;
}

export function anOperator(): Operator {
  const operator = nkeys.createOperator();
  const [account, system] = [nkeys.createAccount(), nkeys.createAccount()];
  const limits = { subs: -1, data: -1, payload: -1, imports: -1, exports: -1, conn: -1, leaf: -1 };
  const ofAccount = (name: string, of: KeyPair) =>
    `${of.getPublicKey()}: ${jwt(name, of, operator, { type: 'account', limits })}`;
  return {
    config: [
      `operator: ${jwt('berth', operator, operator, { type: 'operator' })}`,
      `system_account: ${system.getPublicKey()}`,
      'resolver: MEMORY',
      `resolver_preload: { ${ofAccount('GAMES', account)}, ${ofAccount('SYS', system)} }`,
    ].join('\n'),
    credentialsOf: (name, claims = {}) => {
      const user = nkeys.createUser();
      const nats = { type: 'user', subs: -1, data: -1, payload: -1, ...claims };
      const seed = Buffer.from(user.getSeed()).toString();
      return [
        ...['-----BEGIN NATS USER JWT-----', jwt(name, user, account, nats)],
        ...['------END NATS USER JWT------', '', '-----BEGIN USER NKEY SEED-----', seed],
        ...['------END USER NKEY SEED------', ''],
      ].join('\n');
    },
  };
}

function jwt(name: string, subject: KeyPair, issuer: KeyPair, nats: object): string {
  const iat = Math.floor(Date.now() / 1_000);
  const [iss, sub] = [issuer.getPublicKey(), subject.getPublicKey()];
  const claims = { jti: `${name}-${iat}`, iat, iss, sub, name, nats: { version: 2, ...nats } };
  const parts = [{ typ: 'JWT', alg: 'ed25519-nkey' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  const signature = issuer.sign(Buffer.from(parts.join('.')));
  return [...parts, Buffer.from(signature).toString('base64url')].join('.');
}

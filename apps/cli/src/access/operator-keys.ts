import {
  accountClaims,
  exportsOf,
  importsOf,
  type Account,
  type AccountKeys,
  type EnrolledIdentity,
} from '#permissions';
import {
  encodeAccount,
  encodeActivation,
  encodeOperator,
  encodeUser,
  fmtCreds,
} from '@nats-io/jwt';
import { nkeys } from '@nats-io/transport-node';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from './written.js';

type KeyPair = ReturnType<typeof nkeys.createUser>;

const MAKE = {
  operator: nkeys.createOperator,
  SYS: nkeys.createAccount,
  BERTH: nkeys.createAccount,
  EDGE: nkeys.createAccount,
} as const;
type Holder = keyof typeof MAKE;
const HOLDERS = Object.keys(MAKE) as readonly Holder[];

/** What stands in a credentials file for a seed that was made elsewhere. */
export const SEED_ELSEWHERE = 'put-the-seed-here';

/** An operator of Berth alone, its accounts, and their keys, which only this folder has. */
export class OperatorKeys {
  private readonly keys: AccountKeys;

  private constructor(
    private readonly pairs: Readonly<Record<Holder, KeyPair>>,
    private readonly operatorJwt: string,
  ) {
    const { BERTH, EDGE } = pairs;
    this.keys = { BERTH: BERTH.getPublicKey(), EDGE: EDGE.getPublicKey() };
  }

  /** Makes all keys, in a folder that is there. */
  static async make(folder: string): Promise<OperatorKeys> {
    for (const holder of HOLDERS) {
      const seed = Buffer.from(MAKE[holder]().getSeed()).toString();
      await writeWhole(join(folder, `${holder}.nk`), `${seed}\n`);
    }
    const { operator, SYS } = await pairsIn(folder);
    const jwt = await encodeOperator('berth', operator, { system_account: SYS.getPublicKey() });
    await writeWhole(join(folder, 'operator.jwt'), `${jwt}\n`);
    return OperatorKeys.read(folder);
  }

  /** Throws where one is missing. */
  static async read(folder: string): Promise<OperatorKeys> {
    const jwt = await readFile(join(folder, 'operator.jwt'), 'utf8');
    return new OperatorKeys(await pairsIn(folder), jwt.trim());
  }

  /**
   * A user's JWT, by a signing key that is used for nothing else and kept nowhere: without the key's
   * public half in the account's claims it is worth nothing.
   *
   * @param until when it ends (epoch ms)
   */
  async admit(account: Account, name: string, publicKey: string, until: number) {
    const signer = nkeys.createAccount();
    const issuer = this.keys[account];
    const exp = Math.floor(until / 1_000);
    const options = { signer: Buffer.from(signer.getSeed()), scopedUser: true, exp };
    const jwt = await encodeUser(name, publicKey, issuer, {}, options);
    return { jwt, signer: signer.getPublicKey() };
  }

  /** The public key of the account `BERTH`. */
  get streamsAccount(): string {
    return this.keys.BERTH;
  }

  /** The file for nats-server: the operator, and its accounts with all who may log in. It has no secret. */
  async serverText(identities: readonly EnrolledIdentity[]): Promise<string> {
    const { operator, SYS } = this.pairs;
    const system = SYS.getPublicKey();
    const jwts = {
      [system]: await encodeAccount('SYS', system, {}, { signer: operator }),
      [this.keys.BERTH]: await this.accountJwt('BERTH', identities),
      [this.keys.EDGE]: await this.accountJwt('EDGE', identities),
    };
    return [
      '# Written by `berth nats config --operator` and `berth enroll`, from the table of endpoints of this version of Berth.',
      '# Changes are lost. It holds no secret; nats-server --signal reload makes it count.',
      // Made once: nats-server reloads nothing where it is another one.
      `operator: ${this.operatorJwt}`,
      `system_account: ${system}`,
      'resolver: MEMORY',
      `resolver_preload: ${JSON.stringify(jwts, null, 2)}`,
      '',
    ].join('\n');
  }

  private async accountJwt(account: Account, identities: readonly EnrolledIdentity[]) {
    const regions = [...new Set(identities.flatMap((identity) => identity.regions))].sort();
    const { keys } = this;
    const other = this.pairs[account === 'BERTH' ? 'EDGE' : 'BERTH'];
    // An import needs the other account's word, so that no further account of the operator has any.
    const wordOf = (type: 'service' | 'stream') =>
      encodeActivation(`${account} ${type}`, keys[account], other, type, { subject: '>' });
    const tokens = { service: await wordOf('service'), stream: await wordOf('stream') };
    const imports = importsOf(account, regions, keys);
    const claims = {
      ...accountClaims(account, identities, regions),
      exports: exportsOf(account, regions),
      imports: imports.map((one) => ({ ...one, token: tokens[one.type] })),
    };
    return encodeAccount(account, keys[account], claims, { signer: this.pairs.operator });
  }
}

async function pairsIn(folder: string): Promise<Readonly<Record<Holder, KeyPair>>> {
  const pairOf = async (holder: Holder) => {
    const seed = (await readFile(join(folder, `${holder}.nk`), 'utf8')).trim();
    return nkeys.fromSeed(Buffer.from(seed));
  };
  return {
    operator: await pairOf('operator'),
    SYS: await pairOf('SYS'),
    BERTH: await pairOf('BERTH'),
    EDGE: await pairOf('EDGE'),
  };
}

/** The text of a credentials file; without a seed it has a place for one that was made elsewhere. */
export function credentialsText(jwt: string, seed: string | undefined): string {
  const pair = seed === undefined ? nkeys.createUser() : nkeys.fromSeed(Buffer.from(seed));
  const text = new TextDecoder().decode(fmtCreds(jwt, pair));
  return seed === undefined ? text.replace(/^SU[A-Z2-7]+$/m, SEED_ELSEWHERE) : text;
}

import { identityNamed, ROLES } from '#permissions';
import type { Clock } from '#kernel';
import { projectName } from '#slot';
import { token } from '#wire';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { AccessFolder } from './access-folder.js';
import { writeWhole } from './written.js';

const SECRET_BYTES = 24;

/** How long one that was used, or has expired, is still told apart from one that never was (ms). */
const KEPT_MS = 90 * 24 * 3_600_000;

const invitation = z.strictObject({
  role: z.enum(ROLES),
  name: token,
  regions: z.array(token).min(1),
  project: projectName.optional(),
  /** SHA-256 of the secret. */
  hash: z.string(),
  /** Epoch ms. */
  expiresAt: z.int(),
  /** When its secret was used (epoch ms); null: it was not. */
  usedAt: z.int().nullable(),
});
type Invitation = z.output<typeof invitation>;

/** The secret does not let anybody in; `message` says why. */
export class InvitationRefused extends Error {
  override readonly name = 'InvitationRefused';
}

/** Who may enroll with a secret that is good once, for a short time: `invitations.json`. */
export class Invitations {
  constructor(
    private readonly folder: AccessFolder,
    private readonly clock: Clock,
  ) {}

  /** Returns the secret; the file has its hash only. An earlier one of the same name ends. */
  async invite(who: Omit<Invitation, 'hash' | 'expiresAt' | 'usedAt'>, forMs: number) {
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    const expiresAt = this.clock.now() + forMs;
    const others = (await this.read()).filter(({ name, usedAt }) => {
      return usedAt !== null || name !== who.name;
    });
    await this.write([...others, { ...who, hash: hashOf(secret), expiresAt, usedAt: null }]);
    return secret;
  }

  /**
   * Lets the holder of the secret in with this public key.
   *
   * @throws {InvitationRefused} the secret is unknown, has expired, or was used.
   * @throws {Error} the key is none, or the name was given to another role meanwhile.
   */
  async redeem(secret: string, publicKey: string) {
    const all = await this.read();
    const found = all.find(({ hash }) => hash === hashOf(secret));
    if (found === undefined) throw new InvitationRefused('there is no such invitation');
    const { role, name, regions, project, usedAt, expiresAt } = found;
    if (usedAt !== null) {
      const when = new Date(usedAt).toISOString();
      throw new InvitationRefused(
        `the invitation of ${name} was used at ${when}: if that was not you, berth nats revoke ${name}`,
      );
    }
    const now = this.clock.now();
    if (now >= expiresAt) throw new InvitationRefused(`the invitation of ${name} has expired`);
    const identity = identityNamed(role, name, regions, project);
    // Used first: if what follows fails, nobody is let in, and a new one is needed.
    await this.write(all.map((each) => (each === found ? { ...each, usedAt: now } : each)));
    await this.folder.enroll(identity, publicKey);
    await this.folder.save();
    return identity;
  }

  private get path(): string {
    return join(this.folder.path, 'invitations.json');
  }

  private async read(): Promise<readonly Invitation[]> {
    if (!existsSync(this.path)) return [];
    return z.array(invitation).parse(JSON.parse(await readFile(this.path, 'utf8')));
  }

  private async write(all: readonly Invitation[]): Promise<void> {
    const since = this.clock.now() - KEPT_MS;
    const kept = all.filter(({ expiresAt }) => expiresAt > since);
    await writeWhole(this.path, `${JSON.stringify(kept, null, 2)}\n`);
  }
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

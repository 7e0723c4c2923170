import { randomUUID } from 'node:crypto';
import { BerthDev, eventually } from '../../end-to-end/src/berth-dev.js';
import { GuardedBerth } from '../../clients/src/guarded-berth.js';

const WITHIN_MS = 20_000;

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Somebody who has an access token. */
export class Holder {
  constructor(
    private readonly url: string,
    private readonly authorization: string,
    private readonly project = '',
  ) {}

  static of(url: string, token: string, project?: string): Holder {
    return new Holder(url, `Bearer ${token}`, project);
  }

  async ask(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const { authorization } = this;
    const response = await fetch(`${this.url}${path}`, {
      method: method.toUpperCase(),
      headers: { 'content-type': 'application/json', authorization, ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const parsed = text === '' ? {} : (JSON.parse(text) as Answer['body']);
    return { status: response.status, text, body: parsed };
  }

  /** Asks until the answer is as it should be. */
  async askUntil(path: string, isRight: (answer: Answer) => boolean): Promise<Answer> {
    let last: Answer | undefined;
    await eventually(async () => isRight((last = await this.ask('GET', path))), WITHIN_MS);
    if (last === undefined) throw new Error(`${path} was never asked for`);
    return last;
  }

  /** A server of the sample fleet under this id. */
  async allocate(allocationId: string): Promise<Answer> {
    const payload = { secret: `of ${this.project}` };
    const wish = { region: 'local', fleet: 'sample', allocationId, payload, waitMs: 20_000 };
    return this.ask('POST', '/v1/allocations', wish);
  }

  async release(allocationId: string): Promise<void> {
    await this.ask('DELETE', `/v1/allocations/${allocationId}`);
  }
}

/** Two projects in one region, on slots that they share: `victim` has a session, a server, secrets. */
export class TwoProjects {
  readonly id = randomUUID();
  readonly address = '192.0.2.1:7001';
  readonly berth = new GuardedBerth(
    new BerthDev({ ...process.env, BERTH_PROJECTS: 'default,acme,beta' }),
  );
  victim!: Holder;
  intruder!: Holder;
  intruderToken = '';
  /** What nobody of another project may read anywhere. */
  secrets: readonly string[] = [];
  private session: Answer | undefined;

  async start(): Promise<void> {
    await this.berth.start(6, { GAMEFABRIC_FLEETS: '*' });
    const scopes = ['allocate', 'register', 'observe', 'operate'] as const;
    const token = (project: string) => this.berth.tokenOf({ project }, ...scopes);
    this.victim = Holder.of(this.berth.url, await token('acme'), 'acme');
    this.intruderToken = await token('beta');
    this.intruder = Holder.of(this.berth.url, this.intruderToken, 'beta');
    const { body } = await this.victim.allocate(this.id);
    await this.victim.ask('POST', '/servers', { ...SERVER, address: this.address });
    this.secrets = [this.id, String(body['token']), String(body['slot']), this.address];
    this.session = await this.victim.ask('GET', `/v1/allocations/${this.id}`);
  }

  /** Throws if anything of the victim's has changed. */
  async requireIntact(): Promise<void> {
    const now = await this.victim.ask('GET', `/v1/allocations/${this.id}`);
    const { sequence: _, ...before } = this.session?.body ?? {};
    const { sequence: __, ...after } = now.body;
    const isSame = JSON.stringify(sessionIn(before)) === JSON.stringify(sessionIn(after));
    if (!isSame) throw new Error(`the session has changed: ${now.text}`);
    const kept = await this.victim.ask('POST', `/servers/${this.address}/keepalive`, {});
    if (kept.status !== 200) throw new Error(`the registration has changed: ${kept.text}`);
  }

  /** Runs an action with an id under which the victim has another session for as long as it runs. */
  async withSession(act: (id: string, session: Answer) => Promise<void>): Promise<void> {
    const id = randomUUID();
    const session = await this.victim.allocate(id);
    try {
      await act(id, session);
    } finally {
      await this.victim.release(id);
      await this.intruder.release(id);
    }
  }
}

export const SERVER = { priority: 0, region: 'local' };

function sessionIn({ allocationId, status, slot, address, end }: Answer['body']) {
  return { allocationId, slot, address, end, isLive: status !== 'ended' };
}

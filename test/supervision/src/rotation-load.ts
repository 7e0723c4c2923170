import { BerthClient } from '#client';
import { expect } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SecureRegion } from './secure-region.js';

/**
 * How long a requester repeats a request under the same id (ms). An answer that was under way when
 * nats-server closed the connection is lost, and the gateway waits for it as long as it may take.
 */
const PATIENCE_MS = 60_000;
const AGAIN_MS = 100;

/** Gateways read their files of tokens and keys each second (ms). */
export const READ_MS = 2_500;

/** So many requests of each requester are served between two steps. */
const BETWEEN = 2;

/** What an answer of the gateway may be before the request is repeated: see docs/errors.md. */
const REPEATED = [503, 504];

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Requesters that ask for servers and release them without a pause, until they are stopped. */
export class RotationLoad {
  /** How many requests each requester was served. */
  private readonly counts: number[] = [];
  /** How often requests were sent once more, under the same id, by what came instead of an answer. */
  readonly repeated: Record<string, number> = {};
  readonly failures: string[] = [];
  private isOver = false;
  private readonly workers: Promise<void>[];

  /** Begins once it was served. */
  static async on(region: SecureRegion): Promise<RotationLoad> {
    const token = await region.tokens.add(['allocate', 'observe']);
    await sleep(READ_MS);
    const login = region.loginOf('matchmaker');
    const client = await BerthClient.connect({ servers: region.natsUrl, login });
    const load = new RotationLoad(region, token, client);
    await load.more();
    return load;
  }

  /** @param token the access token; another one may take its place */
  private constructor(
    private readonly region: SecureRegion,
    public token: string,
    private readonly client: BerthClient,
  ) {
    this.workers = [
      this.work(() => this.overHttp(this.token)),
      this.work(() => this.overHttp(this.token)),
      this.work(async () => this.overHttp(await this.webToken())),
      this.work(() => overNats(client, region.name)),
      this.work(() => overNats(client, region.name)),
    ];
  }

  get served(): number {
    return this.counts.reduce((sum, count) => sum + count, 0);
  }

  /** Waits until each requester was served again: one that is shut out is not hidden by the others. */
  async more(): Promise<void> {
    const before = [...this.counts];
    const isServed = (now: number, index: number) => now >= (before[index] ?? 0) + BETWEEN;
    while (!this.counts.every(isServed) && this.failures.length === 0) await sleep(20);
  }

  /** Acts, and requires that no request failed, before and after. */
  async unnoticed(act: () => Promise<void>): Promise<void> {
    await this.more();
    await act();
    await this.more();
    // Of two allocators one is enough to serve all.
    await this.region.allocatorsReady();
    expect(this.failures).toEqual([]);
  }

  async stop(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.workers);
    await this.client.close();
  }

  /** Asks the gateway; repeats what may be repeated. */
  async ask(method: string, path: string, token: string, body?: object): Promise<Answer> {
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      const answer = await this.once(method, path, token, body);
      if (!REPEATED.includes(answer.status)) return answer;
      if (Date.now() > until) throw new Error(`${method} ${path}: ${JSON.stringify(answer)}`);
      const why = `${answer.status} ${String(answer.body['code'])}`;
      this.repeated[why] = (this.repeated[why] ?? 0) + 1;
      await sleep(AGAIN_MS);
    }
  }

  private async work(serve: () => Promise<void>): Promise<void> {
    const index = this.counts.push(0) - 1;
    while (!this.isOver) {
      try {
        await serve();
        this.counts[index] = (this.counts[index] ?? 0) + 1;
      } catch (error) {
        this.failures.push(String(error));
        await sleep(AGAIN_MS);
      }
    }
  }

  private async overHttp(token: string): Promise<void> {
    const allocationId = randomUUID();
    const wish = { region: this.region.name, allocationId, payload: { mode: 'ctf' } };
    const { status, body } = await this.ask('POST', '/v1/allocations', token, wish);
    if (status >= 300) throw new Error(`allocate: ${status} ${JSON.stringify(body)}`);
    const ended = await this.ask('DELETE', `/v1/allocations/${allocationId}`, token);
    if (ended.status >= 300) throw new Error(`release: ${ended.status}`);
  }

  /** A JSON Web Token in exchange for the access token. */
  private async webToken(): Promise<string> {
    const [, id = '', ...secret] = this.token.split('_');
    const basic = Buffer.from(`${id}:${secret.join('_')}`).toString('base64');
    const path = '/auth/v1/token-exchange';
    const { status, body } = await this.ask('POST', path, `Basic ${basic}`, {});
    if (status >= 300) throw new Error(`exchange: ${status}`);
    return String(body['accessToken']);
  }

  /** One request on a connection of its own, by what is trusted at this moment. */
  private once(method: string, path: string, token: string, body?: object): Promise<Answer> {
    const authorization = token.startsWith('Basic ') ? token : `Bearer ${token}`;
    return new Promise((resolve, reject) => {
      const options = {
        ...{ method, agent: false, ca: readFileSync(this.region.path('tls/ca.pem')) },
        headers: { 'content-type': 'application/json', authorization },
      };
      const sent = request(`${this.region.url}${path}`, options, (response) => {
        let text = '';
        response.on('data', (part: Buffer) => (text += part.toString()));
        response.once('error', reject).once('end', () => {
          const parsed = text === '' ? {} : (JSON.parse(text) as Answer['body']);
          resolve({ status: response.statusCode ?? 0, body: parsed });
        });
      });
      sent.once('error', reject).end(body && JSON.stringify(body));
    });
  }
}

async function overNats(client: BerthClient, region: string): Promise<void> {
  const { allocationId } = await client.allocate({ region, waitMs: PATIENCE_MS });
  await client.deallocate({ region, allocationId });
}

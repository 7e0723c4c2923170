import { setTimeout as sleep } from 'node:timers/promises';
import { repeat } from './loop.js';
import { FLEETS, REFUSALS, type Tallies } from './tallies.js';

type Body = Readonly<Record<string, unknown>>;

const AGAIN_MS = 250;
const SESSION_MS = 60;
const WAIT_MS = 15_000;

/** Answers that ask to be asked again; GameFabric's have no code. */
const PASSING = ['not-ready', 'timed-out', 'no-allocator'];
const GATEWAY_TIMEOUT = 504;
const GONE: { readonly status: number; readonly body: Body } = {
  status: GATEWAY_TIMEOUT,
  body: {},
};
const TRIES_MAX = 40;

/** Asks for servers and for what is known of them over HTTP until it is stopped. */
export class HttpLoad {
  readonly tallies: Tallies = {};
  private isOver = false;
  private going: Promise<unknown> = Promise.resolve();

  /**
   * @param name unique among loads: it begins every id
   * @param urlOf the gateway that takes requests now
   */
  constructor(
    private readonly name: string,
    private readonly region: string,
    private readonly urlOf: () => string,
  ) {}

  start(): void {
    const kinds: Readonly<Record<string, (id: string) => Promise<void>>> = {
      'POST /v1/allocations': (id) => this.session(id),
      'POST /allocate': (id) => this.vendorSession(id),
      'refused over HTTP': (id) => this.refused(id),
      'GET lists': () => this.lists(),
      'PUT /v1/fleets': () => this.size(),
      'GET /readyz': () => this.ready(),
    };
    const loops = Object.entries(kinds).map(([kind, work]) =>
      repeat(
        this.tallies,
        kind,
        (id) => work(`${this.name}-${id}`),
        () => this.isOver,
      ),
    );
    this.going = Promise.all(loops);
  }

  async stop(): Promise<Tallies> {
    this.isOver = true;
    await this.going;
    return this.tallies;
  }

  private async session(allocationId: string): Promise<void> {
    const { region } = this;
    const wanted = {
      allocationId,
      region,
      fleet: FLEETS.silent,
      payload: { over: 'http' },
      waitMs: WAIT_MS,
    };
    const { slot } = await this.call(201, 'POST', '/v1/allocations', wanted);
    await this.call(200, 'GET', `/v1/slots/${String(slot)}/events`).finally(() =>
      this.release(allocationId),
    );
  }

  private async vendorSession(id: string): Promise<void> {
    const wanted = { region: this.region, attributes: { mode: 'match' } };
    await this.call(200, 'POST', '/allocate', wanted, { 'idempotency-key': id });
    await sleep(SESSION_MS);
    await this.release(id);
  }

  private async release(id: string): Promise<void> {
    await this.call(200, 'DELETE', `/v1/allocations/${id}?region=${this.region}`);
  }

  /** A refusal is passed on as one, not as a failure of the gateway. */
  private async refused(allocationId: string): Promise<void> {
    const wanted = { allocationId, region: this.region, fleet: 'nowhere' };
    const { status, body } = await this.send('POST', '/v1/allocations', wanted);
    const isKnown = REFUSALS.includes(String(body['code']));
    if (!isKnown || (status !== 404 && status !== 503)) {
      throw new Error(`an unknown fleet is answered ${status} ${JSON.stringify(body)}`);
    }
  }

  private async lists(): Promise<void> {
    const { region } = this;
    for (const path of ['slots', 'fleets', 'refusals', 'builds']) {
      await this.call(200, 'GET', `/v1/${path}?region=${region}`);
    }
  }

  private async size(): Promise<void> {
    const size = { minAvailable: 1, buffer: 1, max: 1_000, reason: 'a test' };
    await this.call(200, 'PUT', `/v1/fleets/${this.region}.sized`, size);
  }

  private async ready(): Promise<void> {
    await this.call(200, 'GET', '/readyz');
  }

  private async call(
    expected: number,
    method: string,
    path: string,
    wanted?: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Body> {
    const { status, body } = await this.send(method, path, wanted, headers);
    if (status === expected) return body;
    throw new Error(`${method} ${path} is answered ${status} ${JSON.stringify(body)}`);
  }

  /** Like HTTP clients do: where the answer is to ask again, the same is asked again. */
  private async send(...asked: Parameters<HttpLoad['sendOnce']>) {
    for (let tries = 1; ; tries += 1) {
      // A connection that its gateway has just closed is opened again.
      const answer = await this.sendOnce(...asked).catch(() => GONE);
      const { status, body } = answer;
      const isPassing = status === GATEWAY_TIMEOUT || PASSING.includes(String(body['code']));
      if (tries === TRIES_MAX || !isPassing) return answer;
      await sleep(AGAIN_MS);
    }
  }

  private async sendOnce(
    method: string,
    path: string,
    wanted?: object,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly status: number; readonly body: Body }> {
    const response = await fetch(`${this.urlOf()}${path}`, {
      method,
      headers: { ...headers, ...(wanted && { 'content-type': 'application/json' }) },
      ...(wanted && { body: JSON.stringify(wanted) }),
    });
    return { status: response.status, body: (await response.json()) as Body };
  }
}

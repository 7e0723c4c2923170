/** An allocation as a client of Multiplay's sees it: missing fields are empty. */
export interface SeenAllocation {
  readonly allocationId: string;
  readonly fulfilled?: string;
  readonly ready?: string;
  readonly readiness?: boolean;
  readonly ipv4?: string;
  readonly gamePort?: number;
  readonly failed?: boolean;
  readonly [other: string]: unknown;
}

export interface Wish {
  readonly allocationId: string;
  readonly buildConfigurationId: number | string;
  readonly regionId: string;
  readonly payload?: string;
  readonly restart?: boolean;
}

/** The answer was not successful. */
export class NotServed extends Error {
  override readonly name = 'NotServed';

  constructor(
    readonly status: number,
    readonly body: Readonly<Record<string, unknown>>,
  ) {
    super(JSON.stringify(body));
  }
}

/** A matchmaker like the vendors' own modules: it knows a base URL and ids, and polls. */
export class TestMatchmaker {
  constructor(
    /** The URL up to and including `allocations`. */
    readonly url: string,
    private readonly pause: () => Promise<unknown>,
    private readonly authorization?: string,
  ) {}

  /** Accepts any 2xx status. */
  async create(wish: Wish): Promise<{ readonly allocationId: string; readonly href: string }> {
    return (await this.ask('', 'POST', wish)) as never;
  }

  async get(allocationId: string): Promise<SeenAllocation> {
    return (await this.ask(`/${allocationId}`, 'GET')) as SeenAllocation;
  }

  async list(query = ''): Promise<Record<string, unknown>> {
    return (await this.ask(query, 'GET')) as Record<string, unknown>;
  }

  /** Sends a body, as one real client does. */
  async delete(allocationId: string): Promise<void> {
    await this.ask(`/${allocationId}`, 'DELETE', { allocationId });
  }

  /**
   * Creates an allocation and polls until `fulfilled` is set, and `ready` if readiness is used.
   * Bounded by the test.
   */
  async server(wish: Wish): Promise<SeenAllocation> {
    await this.create(wish);
    for (;;) {
      const seen = await this.get(wish.allocationId);
      const isPending = !seen.fulfilled || (seen.readiness === true && !seen.ready);
      if (!isPending) {
        if (!seen.ipv4 || !seen.gamePort) throw new Error('fulfilled, and nowhere to be found');
        return seen;
      }
      await this.pause();
    }
  }

  private async ask(path: string, method: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(this.authorization !== undefined && { authorization: this.authorization }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer = text === '' ? null : (JSON.parse(text) as Record<string, unknown>);
    if (answer !== null) refuseEmptiness(answer, '');
    if (!response.ok) throw new NotServed(response.status, answer ?? {});
    return answer;
  }
}

/**
 * Vendors' clients can read neither null nor empty text, for instance where they expect an instant.
 */
export function refuseEmptiness(value: unknown, path: string): void {
  if (value === null || value === '') throw new Error(`${path} is ${JSON.stringify(value)}`);
  if (typeof value !== 'object') return;
  for (const [key, inner] of Object.entries(value)) refuseEmptiness(inner, `${path}/${key}`);
}

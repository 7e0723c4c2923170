import { z } from 'zod';
import { httpCall, type HttpAnswer } from './http-call.js';

/** The settings of the module in `examples/unity-matchmaker`. */
export interface ModuleSettings {
  readonly gatewayUrl: string;
  readonly token: string;
  readonly fleet: string;
}

export interface ModuleAnswer {
  readonly status: 'Created' | 'Pending' | 'Allocated' | 'Error';
  readonly ip?: string;
  readonly port?: number;
  readonly token?: string;
}

/** The parts of an answer that the module reads. */
const outcome = z.object({
  status: z.string(),
  allocation: z.object({ ip: z.string(), address: z.string(), token: z.string() }).optional(),
});

/** The HTTP calls of our own Cloud Code module, as .NET sends them. */
export class ReplayedBerthModule {
  constructor(private readonly settings: ModuleSettings) {}

  async allocate(matchId: string, region: string): Promise<ModuleAnswer> {
    const body = JSON.stringify({
      allocationId: matchId,
      region,
      fleet: this.settings.fleet,
      payload: { MatchProperties: { Region: region }, QueueName: 'berth', MatchId: matchId },
      waitMs: 40_000,
      by: 'unity-matchmaker',
    });
    const { status } = await this.ask('POST', '/v1/requests', body);
    return { status: status === 202 ? 'Created' : 'Error' };
  }

  async poll(matchId: string, region: string, secondsAgo: number): Promise<ModuleAnswer> {
    const { status, text } = await this.ask('GET', `/v1/requests/${matchId}?region=${region}`);
    if (status !== 200) return { status: 'Error' };
    const found = outcome.parse(JSON.parse(text));
    if (found.allocation !== undefined) {
      const { ip, address, token } = found.allocation;
      const [, port] = /:(\d+)$/.exec(address) ?? [];
      return { status: 'Allocated', ip, port: Number(port), token };
    }
    if (found.status !== 'pending') return { status: 'Error' };
    if (secondsAgo < 60) return { status: 'Pending' };
    const query = `region=${region}&reason=${encodeURIComponent('the matchmaker gave up')}`;
    await this.ask('DELETE', `/v1/allocations/${matchId}?${query}`);
    return { status: 'Error' };
  }

  private ask(method: string, path: string, body?: string): Promise<HttpAnswer> {
    const headers = {
      authorization: `Bearer ${this.settings.token}`,
      ...(body !== undefined && { 'content-type': 'application/json; charset=utf-8' }),
    };
    return httpCall(method, `${this.settings.gatewayUrl}${path}`, headers, body);
  }
}

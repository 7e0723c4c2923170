import { afterEach, describe, expect, it } from '@jest/globals';
import { TestGateway } from '../../test/support/gateway.js';
import { TestTokens, bearer } from '../../test/support/tokens.js';

let gateway: TestGateway;
afterEach(() => gateway.close());

const TOOLS = 'https://tools.example.com';

const preflight = (origin: string) =>
  gateway.fetch('/v1/allocations', {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  });

const allowed = ({ headers }: Response) => headers.get('access-control-allow-origin');

describe('A page of another origin', () => {
  it('is refused unless its origin is listed', async () => {
    gateway = await TestGateway.start();
    expect(allowed(await preflight(TOOLS))).toBeNull();
    expect(allowed(await gateway.fetch('/healthz', { headers: { origin: TOOLS } }))).toBeNull();
  });

  it('is accepted if its origin is listed', async () => {
    gateway = await TestGateway.start({ BERTH_CORS_ORIGINS: TOOLS });
    const answer = await preflight(TOOLS);
    expect(allowed(answer)).toBe(TOOLS);
    expect(answer.headers.get('access-control-allow-headers')).toContain('authorization');
    expect(answer.headers.has('access-control-allow-credentials')).toBe(false);
    expect(allowed(await preflight('https://evil.example.com'))).not.toBe(
      'https://evil.example.com',
    );
  });

  it('sends a preflight request without a token, and can read refusals, too', async () => {
    const tokens = await TestTokens.create();
    const token = await tokens.add(['observe']);
    gateway = await TestGateway.start({ BERTH_CORS_ORIGINS: TOOLS, BERTH_TOKENS: tokens.path });
    await tokens.remove();
    expect((await preflight(TOOLS)).status).toBe(204);
    const headers = { origin: TOOLS };
    const refused = await gateway.fetch('/v1/slots', { headers });
    expect([refused.status, allowed(refused)]).toEqual([401, TOOLS]);
    const served = await gateway.fetch('/v1/slots', { headers: { ...headers, ...bearer(token) } });
    expect([served.status, allowed(served)]).toEqual([200, TOOLS]);
  });
});

import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Api, NoServer } from './api.js';
import { look } from './look.js';

let server: Server;
afterEach(() => server.closeAllConnections());

/** A gateway that answers these paths, and never any other. */
async function answering(answers: Readonly<Record<string, object>>): Promise<Api> {
  server = createServer((request, response) => {
    const answer = answers[request.url?.split('?')[0] ?? ''];
    if (answer !== undefined) response.end(JSON.stringify(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return new Api(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

const ROOT = { name: 'berth', version: '1.0.0', links: {} };

describe('Who looks for what is wrong', () => {
  it('waits once for all that hangs, and is told what it is', async () => {
    const api = await answering({ '/': ROOT, '/v1/agents': { agents: [] } });
    const startedAt = performance.now();
    const seen = await look(api, 200);
    // The way there and back has a second of its own; one wait for each question would be 5 s more.
    expect(performance.now() - startedAt).toBeLessThan(4_000);
    expect(seen).toMatchObject({ version: '1.0.0', agents: [], fleets: null, regions: null });
    expect(seen.unanswered).toEqual(
      expect.arrayContaining(['readiness', 'slots', 'fleets', 'machines', 'installation']),
    );
    expect(seen.notReadyBecause).toEqual(['it has not said yet']);
  });

  it('is told that the gateway itself does not answer', async () => {
    await expect(look(await answering({}), 100)).rejects.toThrow(NoServer);
  });
});

import { granted } from '#testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  AllocationUncertain,
  AllocatorAbsent,
  NotAllowed,
  Refused,
  connectBerth,
  type BerthClient,
} from '../index.js';

const { status, ...grant } = granted;

interface Asked {
  readonly line: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

let server: Server;
let url: string;
let berth: BerthClient;
let asked: Asked[];
let reply: (response: ServerResponse, asked: Asked) => void;

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      const { method, url: path, headers } = request;
      const seen = { line: `${method} ${path}`, headers, body };
      asked.push(seen);
      reply(response, seen);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  berth = await connectBerth({ url, token: 'my-token' });
});
afterEach(async () => {
  await berth.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
const say = (status: number, body: unknown) => (response: ServerResponse) =>
  json(response, status, body);
const problem = (status: number, code: string) => say(status, { code, detail: 'because' });

describe('A client over HTTP', () => {
  it('allocates, with its token', async () => {
    reply = say(201, grant);
    const allocation = await berth.allocate({ region: 'local', payload: { mode: 'ctf' } });
    expect(allocation).toEqual({ ...grant, payloadText: '{"ready":true}' });
    expect(asked).toMatchObject([
      { line: 'POST /v1/allocations', headers: { authorization: 'Bearer my-token' } },
    ]);
    expect(JSON.parse(asked[0]?.body ?? '')).toMatchObject({ payload: { mode: 'ctf' } });
  });

  it('repeats a request with the same id if it may, until there is a verdict', async () => {
    reply = (response) => {
      if (asked.length === 1) return problem(503, 'not-ready')(response);
      if (asked.length === 2) return void response.writeHead(502).end('<html>bad gateway</html>');
      if (asked.length === 3) return problem(429, 'too-many-requests')(response);
      say(201, grant)(response);
    };
    await berth.allocate({ region: 'local' });
    const ids = asked.map(({ body }) => (JSON.parse(body) as typeof grant).allocationId);
    expect(ids).toHaveLength(4);
    expect(new Set(ids).size).toBe(1);
  });

  it.each([
    [problem(503, 'none-available'), Refused, { code: 'none-available' }],
    [problem(410, 'ended'), Refused, { code: 'ended' }],
    [problem(400, 'something-new'), Refused, { code: 'invalid' }],
    [problem(401, 'unauthorized'), NotAllowed, { code: 'unauthorized' }],
    [problem(403, 'forbidden'), NotAllowed, { code: 'forbidden' }],
    [problem(503, 'no-allocator'), AllocatorAbsent, { region: 'local' }],
    [problem(502, 'bad-answer'), AllocationUncertain, { allocationId: 'match-1' }],
    [say(201, { hello: 1 }), AllocationUncertain, { allocationId: 'match-1' }],
    [() => undefined, AllocationUncertain, { allocationId: 'match-1' }],
  ])('tells its errors apart (%#)', async (said, kind, fields) => {
    reply = said;
    const asking = berth.allocate({ region: 'local', allocationId: 'match-1', timeoutMs: 30 });
    const error = await asking.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(kind);
    expect(error).toMatchObject(fields);
  });

  it('says so if nothing answers', async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    const asking = berth.allocate({ region: 'local', timeoutMs: 30 });
    await expect(asking).rejects.toBeInstanceOf(AllocatorAbsent);
  });

  it('closes the connection when it is aborted', async () => {
    const abort = new AbortController();
    const closed = new Promise<void>((resolve) => {
      reply = (response) => {
        response.once('close', resolve);
        abort.abort(new Error('the players left'));
      };
    });
    const asking = berth.allocate({ region: 'local', waitMs: 60_000 }, { signal: abort.signal });
    await expect(asking).rejects.toThrow('the players left');
    await closed;
  });

  it('ends allocations, sizes fleets and sends directions', async () => {
    reply = say(200, { allocationId: 'a/b', slot: 'local.a.1' });
    await berth.deallocate({ region: 'local', allocationId: 'a/b', reason: 'over' });
    const fleet = { id: 'local.f', size: null, revision: 3, allocated: 0, warm: 0, cold: 0 };
    reply = say(200, fleet);
    const size = { minAvailable: 0, max: 2, buffer: 1 };
    expect(await berth.size({ region: 'local', fleet: 'f', size, revision: 2 })).toMatchObject(
      fleet,
    );
    reply = problem(409, 'not-now');
    const direction = { region: 'local', agent: 'a', slot: '1', direction: 'retire' } as const;
    expect(await berth.direct(direction)).toEqual([
      { slot: 'local.a.1', outcome: 'refused', code: 'not-now', message: 'because' },
    ]);
    expect(asked.map(({ line }) => line)).toEqual([
      'DELETE /v1/allocations/a%2Fb?region=local&reason=over',
      'PUT /v1/fleets/local.f',
      'POST /v1/slots/local.a.1/directions',
    ]);
    expect(asked[1]?.headers['if-match']).toBe('"2"');
  });

  it('follows one region, and continues after the stream was cut', async () => {
    const event = (id: number, slot: string) => {
      const what = { slot, type: 'WentIdle', at: Date.UTC(2026, 0, 1), state: 'allocated' };
      const data = { ...what, sequence: id, id: `${id}`, source: 'agent', data: {} };
      return `id: local:${id}\ndata: ${JSON.stringify(data)}\n\n`;
    };
    reply = (response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const [one, two] = [event(1, 'local.a.1'), event(2, 'mars.a.1')];
      if (asked.length === 1) response.end(`: hello\n\n${one}${two}`);
      else response.write(event(3, 'local.a.2'));
    };
    const abort = new AbortController();
    const seen: string[] = [];
    for await (const { slot, at } of berth.watch({ region: 'local', signal: abort.signal })) {
      seen.push(`${slot} ${at}`);
      if (seen.length === 2) abort.abort();
    }
    expect(seen).toEqual(['local.a.1 1767225600000', 'local.a.2 1767225600000']);
    expect(asked[1]?.headers['last-event-id']).toBe('local:2');
  });
});

describe('The URL of Berth', () => {
  it.each(['localhost:8080', 'ftp://x', ''])('is not %j', async (wrong) => {
    await expect(connectBerth({ url: wrong })).rejects.toThrow('is no URL of Berth');
  });
});

describe('A published request over HTTP', () => {
  const instants = { allocationId: 'match/1', region: 'local', publishedAt: 1, answeredAt: 2 };

  it('is stored, and may be stored again', async () => {
    reply = say(202, { allocationId: 'match/1', region: 'local', status: 'pending' });
    await berth.publish({ region: 'local', allocationId: 'match/1', waitMs: 60_000 });
    expect(asked[0]?.line).toBe('POST /v1/requests');
    expect(JSON.parse(asked[0]?.body ?? '')).toMatchObject({ region: 'local', waitMs: 60_000 });
  });

  it('is refused if too many wait', async () => {
    reply = problem(503, 'shed');
    const publishing = berth.publish({ region: 'local', allocationId: 'match/1' });
    await expect(publishing).rejects.toMatchObject({ name: 'Refused', code: 'shed' });
  });

  it('has a result once it is served', async () => {
    reply = say(200, { allocationId: 'match/1', region: 'local', status: 'pending' });
    expect(await berth.result('local', 'match/1')).toBeUndefined();
    expect(asked[0]?.line).toBe('GET /v1/requests/match%2F1?region=local');
    reply = say(200, { ...instants, status: 'allocated', allocation: grant });
    expect(await berth.result('local', 'match/1')).toEqual({
      ...{ allocationId: 'match/1', publishedAt: 1, answeredAt: 2 },
      answer: { status: 'allocated', ...grant, payloadText: '{"ready":true}' },
    });
  });

  it('is told apart from one that was never published', async () => {
    reply = problem(404, 'unknown-allocation');
    const looking = berth.result('local', 'match/1');
    await expect(looking).rejects.toMatchObject({ name: 'Refused', code: 'unknown-allocation' });
  });
});

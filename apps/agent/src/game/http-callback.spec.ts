import { JsonText } from '#json';
import { ANSWER_BYTES_MAX } from '#callback-http';
import { SystemClock } from '#service-runtime';
import { carriedContext, spanned } from '#tracing';
import { context, propagation, trace } from '@opentelemetry/api';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Delivery } from './callback.js';
import { HttpCallback } from './http-callback.js';

interface Heard {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly authorization: string | undefined;
  readonly body: string;
}

describe('an HTTP callback', () => {
  let server: Server;
  let heard: Heard[] = [];
  const clock = new SystemClock();
  const bare = new HttpCallback({ path: '/allocate', envelope: 'bare' }, clock);

  afterEach(() => {
    server.close();
    server.closeAllConnections();
    heard = [];
  });

  async function listen(port: number, answer: (response: ServerResponse) => void): Promise<number> {
    server = createServer((request, response) => {
      void bodyOf(request).then((body) => {
        const { method, url, headers } = request;
        heard.push({ method, url, authorization: headers.authorization, body });
        answer(response);
      });
    });
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  const to = (port: number, more: Partial<Delivery> = {}): Delivery => ({
    game: { process: { startedAt: 0 }, socketsOn: async () => null },
    ports: { game: 0, query: 0, callback: port },
    ip: '127.0.0.1',
    token: 'secret',
    payload: JsonText.of({ mode: 'duel' }),
    until: clock.now() + 5_000,
    signal: new AbortController().signal,
    ...more,
  });

  it('posts the bare payload with the token, and returns the answer', async () => {
    const port = await listen(0, (response) => response.end('{"map":"harbour"}'));
    expect(await bare.deliver(to(port))).toEqual({
      outcome: 'acked',
      answer: JsonText.of({ map: 'harbour' }),
    });
    expect(heard).toEqual([
      { method: 'POST', url: '/allocate', authorization: 'Bearer secret', body: '{"mode":"duel"}' },
    ]);
  });

  it('tells the game the trace that it is in, if it is in one', async () => {
    const traces: unknown[] = [];
    const port = await listen(0, (response) => response.end());
    server.prependListener('request', ({ headers }: IncomingMessage) =>
      traces.push(headers['traceparent']),
    );
    new NodeTracerProvider().register();
    const about = { kind: 'client', ids: () => ({}) } as const;
    let carried: unknown;
    try {
      await bare.deliver(to(port));
      await spanned('callback', about, () => {
        carried = carriedContext()?.traceparent;
        return bare.deliver(to(port));
      });
    } finally {
      for (const part of [trace, context, propagation]) part.disable();
    }
    expect(carried).toBeDefined();
    expect(traces).toEqual([undefined, carried]);
  });

  it('wraps the payload if the game wants it so', async () => {
    const port = await listen(0, (response) => response.end());
    const wrapping = new HttpCallback({ path: '/x', envelope: 'payload' }, clock);
    expect(await wrapping.deliver(to(port))).toEqual({ outcome: 'acked', answer: JsonText.null });
    expect(heard[0]?.body).toBe('{"payload":{"mode":"duel"},"token":"secret"}');
  });

  it('is refused by any other status, with the status and a bounded reason', async () => {
    const port = await listen(0, (response) => response.writeHead(409).end('x'.repeat(5_000)));
    const outcome = await bare.deliver(to(port));
    expect(outcome).toMatchObject({ outcome: 'refused' });
    expect(outcome).toHaveProperty('reason', expect.stringMatching(/^the game answered 409: x+$/));
    expect(JSON.stringify(outcome).length).toBeLessThan(400);
  });

  it('follows no redirect', async () => {
    const port = await listen(0, (response) => response.writeHead(302, { location: '/' }).end());
    expect(await bare.deliver(to(port))).toMatchObject({ outcome: 'refused' });
    expect(heard).toHaveLength(1);
  });

  it.each([
    ['an answer that is not JSON', 'ok', /not with JSON/],
    ['an answer that is too long', `"${'x'.repeat(ANSWER_BYTES_MAX)}"`, /exceeds/],
  ])('is refused by %s', async (_, text, reason) => {
    const port = await listen(0, (response) => response.end(text));
    const outcome = await bare.deliver(to(port));
    expect(outcome).toMatchObject({ outcome: 'refused', reason: expect.stringMatching(reason) });
  });

  it('is refused if the game is silent until the deadline', async () => {
    const port = await listen(0, () => undefined);
    const outcome = await bare.deliver(to(port, { until: clock.now() + 100 }));
    expect(outcome).toEqual({
      outcome: 'refused',
      cause: 'no-answer',
      reason: expect.stringMatching(/did not answer POST \/allocate on .* within \d+ ms$/),
    });
  });

  it('is refused by a game that hangs up, and is not repeated', async () => {
    const port = await listen(0, (response) => response.destroy());
    expect(await bare.deliver(to(port))).toMatchObject({ outcome: 'refused' });
    expect(heard).toHaveLength(1);
  });

  it('is repeated while the game does not listen yet', async () => {
    const port = await listen(0, () => undefined);
    server.close();
    await once(server, 'close');
    const delivered = bare.deliver(to(port));
    await listen(port, (response) => response.end('1'));
    expect(await delivered).toEqual({ outcome: 'acked', answer: JsonText.of(1) });
  });

  it('has no outcome once nobody waits for it', async () => {
    const abort = new AbortController();
    const port = await listen(0, () => abort.abort());
    expect(await bare.deliver(to(port, { signal: abort.signal }))).toBeNull();
  });
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}

import { JsonText } from '#json';
import { OutboundGuard, type Resolve } from '#callback-http';
import { createLogger, SystemClock } from '#service-runtime';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Callbacks, type Call } from './callbacks.js';

const EVERYWHERE = ['0.0.0.0/0', '::/0'];

const clock = new SystemClock();

describe('The callback of a registered server', () => {
  let server: Server;
  let heard: string[];
  let answer: (response: ServerResponse) => void;

  beforeEach(async () => {
    heard = [];
    answer = (response) => response.end('{}');
    server = createServer((request, response) => {
      const { authorization = 'nobody', host } = request.headers;
      heard.push(`${request.method} ${host} ${request.url} ${authorization}`);
      answer(response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  const port = () => (server.address() as AddressInfo).port;

  function callbacks(resolve?: Resolve, networks = ['127.0.0.0/8', ...EVERYWHERE]) {
    const guard = new OutboundGuard({ networks, forbidden: [] }, clock, resolve);
    return new Callbacks({ envelope: 'payload' }, guard, clock, createLogger('test', 'silent'));
  }

  const to = (url: string, more: Partial<Call> = {}): Call => ({
    url,
    token: 'secret',
    payload: JsonText.null,
    withinMs: 5_000,
    signal: new AbortController().signal,
    ...more,
  });

  it('goes to the address that its name was resolved to, with the name as Host', async () => {
    const url = `game.example:${port()}/allocate`;
    const called = callbacks(() => Promise.resolve(['127.0.0.1']));
    expect(await called.deliver('a:1', to(url))).toEqual({
      outcome: 'acked',
      answer: JsonText.of({}),
    });
    expect(heard).toEqual([`POST game.example:${port()} /allocate Bearer secret`]);
  });

  it('has no token if the server has none', async () => {
    await callbacks().deliver('a:1', to(`127.0.0.1:${port()}/`, { token: '' }));
    expect(heard[0]).toMatch(/nobody$/);
  });

  it('is not made if its name now resolves to another address', async () => {
    const answers = ['192.0.2.1', '169.254.169.254'];
    const rebinding = callbacks(() => Promise.resolve([answers.shift() ?? '']));
    const url = 'http://rebinding.example/';
    expect(await rebinding.deniedBecause(url, 'a:1')).toBeNull();
    expect(await rebinding.deliver('a:1', to(url))).toEqual({
      outcome: 'refused',
      cause: 'not-started',
      reason: expect.stringMatching(/^the callback is not made: 169\.254\.169\.254 may never/),
    });
  });

  it('is not made to this machine unless that is allowed', async () => {
    const called = callbacks(undefined, EVERYWHERE);
    const outcome = await called.deliver('a:1', to(`127.0.0.1:${port()}/`));
    expect(outcome).toMatchObject({ outcome: 'refused' });
    expect(heard).toEqual([]);
  });

  it('follows no redirect', async () => {
    answer = (response) => response.writeHead(307, { location: '/elsewhere' }).end();
    expect(await callbacks().deliver('a:1', to(`127.0.0.1:${port()}/`))).toEqual({
      outcome: 'refused',
      cause: 'game',
      reason: 'the game answered 307; redirects are not followed',
    });
    expect(heard).toHaveLength(1);
  });

  it.each([
    ['nothing', () => undefined],
    ['a head that never ends', (response) => response.write(' ')],
  ] satisfies [string, typeof answer][])('is refused by %s, in time', async (_, hanging) => {
    answer = hanging;
    const outcome = await callbacks().deliver('a:1', to(`127.0.0.1:${port()}/`, { withinMs: 50 }));
    expect(outcome).toMatchObject({ reason: 'the server did not answer its callback in time' });
  });

  it('is refused by an answer that is too long', async () => {
    answer = (response) => response.end('x'.repeat(100_000));
    const outcome = await callbacks().deliver('a:1', to(`127.0.0.1:${port()}/`));
    expect(outcome).toMatchObject({ reason: expect.stringContaining('exceeds') });
  });

  it('is refused at once if nothing listens', async () => {
    const url = `127.0.0.1:${port()}/`;
    server.close();
    await once(server, 'close');
    expect(await callbacks().deliver('a:1', to(url))).toMatchObject({ outcome: 'refused' });
  });

  it('has no outcome once nobody waits for it', async () => {
    const abort = new AbortController();
    answer = () => abort.abort();
    const call = to(`127.0.0.1:${port()}/`, { signal: abort.signal });
    expect(await callbacks().deliver('a:1', call)).toBeNull();
  });
});

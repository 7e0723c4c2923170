import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import { TestGateway } from '../../test/support/gateway.js';
import { isAcceptable } from './accepted.js';
import { isDeeper } from './json-body.js';

let gateway: TestGateway;
beforeAll(async () => void (gateway = await TestGateway.start()));
afterAll(() => gateway.close());

/** Sends raw bytes that no good client would send, and collects everything that comes back. */
async function raw(text: string): Promise<string> {
  const socket = connect(gateway.port, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk.toString()));
  socket.write(text);
  await once(socket, 'close');
  return answer;
}

describe('The server', () => {
  it.each([
    ['no Host', 'GET /v1/slots HTTP/1.1\r\nconnection: close\r\n\r\n', 400, 'invalid'],
    ['bytes that are not HTTP', 'good morning\r\n\r\n', 400, 'invalid'],
    [
      'a head too large',
      `GET / HTTP/1.1\r\nx: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      'head-too-large',
    ],
    [
      'an expectation that it does not support',
      'GET / HTTP/1.1\r\nhost: localhost\r\nexpect: miracles\r\n\r\n',
      417,
      'cannot-expect',
    ],
  ])('answers %s with a problem', async (_, sent, status, code) => {
    const answer = await raw(sent);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain('application/problem+json');
    expect(answer).toContain(`"code":"${code}"`);
  });

  it('keeps working after that', async () => {
    expect((await gateway.get('/healthz')).status).toBe(200);
  });

  it.each([
    ['deep', `${'['.repeat(65)}${']'.repeat(65)}`, '64 deep at most'],
    ['deeper than a stack', '['.repeat(100_000), '64 deep at most'],
    ['not UTF-8', new Uint8Array([0x22, 0xff, 0x22]), 'not UTF-8'],
  ])('refuses a body that is %s', async (_, body, detail) => {
    const answer = await gateway.get('/v1/allocations', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid' } });
    expect(answer.body.detail).toContain(detail);
  });

  it('refuses a compressed body', async () => {
    const headers = { 'content-encoding': 'gzip' };
    const answer = await gateway.post('/v1/allocations', {}, headers);
    expect(answer).toMatchObject({ status: 415, body: { code: 'not-json' } });
  });

  it('answers 406 to a media type that it does not offer', async () => {
    const answer = await gateway.get('/v1/slots', { headers: { accept: 'text/html' } });
    expect(answer).toMatchObject({ status: 406, body: { code: 'not-acceptable' } });
  });

  it('answers 414 to a name that is too long', async () => {
    const answer = await gateway.get(`/v1/slots/${'x'.repeat(600)}`);
    expect(answer).toMatchObject({ status: 414, body: { code: 'path-too-long' } });
  });
});

describe('An answer', () => {
  it.each([
    ['/v1/slots', undefined, true],
    ['/v1/slots', '', true],
    ['/v1/slots', '*/*', true],
    ['/v1/slots', 'text/html, application/json;q=0.1', true],
    ['/v1/slots', 'Application/*', true],
    ['/v1/slots', 'application/json;q=0', false],
    ['/v1/slots', 'text/event-stream', false],
    ['/v1/events', 'text/event-stream', true],
    ['/v1/events', 'application/json', false],
    ['/allocate', 'text/html', true],
  ])('of %s is acceptable to %s: %s', (route, accept, expected) => {
    expect(isAcceptable(route, accept)).toBe(expected);
  });
});

describe('JSON', () => {
  const bytes = (text: string) => new TextEncoder().encode(text);

  it.each([
    ['[[]]', false],
    ['[[[]]]', true],
    ['{"a":{"b":1}}', false],
    ['["[[[[", "\\"[[[", "\\\\", []]', false],
    ['[[],[],[],[]]', false],
  ])('%s is deeper than two: %s', (text, expected) => {
    expect(isDeeper(bytes(text), 2)).toBe(expected);
  });
});

import type { Random } from '#kernel';
import { MISSING } from '../fuzzed-request.js';
import { oneOf } from './draw.js';

type Header = readonly [name: string, value: string];

/** Headers that lie about the body, or that the API reads, with strange values. */
const HEADERS: readonly (readonly Header[])[] = [
  [['content-type', MISSING]],
  [['content-type', 'text/plain']],
  [['content-type', 'application/json; charset=utf-16']],
  [['content-type', 'application/JSON;;;']],
  [['content-type', 'application/xml']],
  [['content-type', 'multipart/form-data']],
  [
    ['content-type', 'application/json'],
    ['content-type', 'text/plain'],
  ],
  [['content-type', '\u00ff\u00fe']],
  [['content-encoding', 'gzip']],
  [['content-encoding', 'br, gzip']],
  [['content-length', '0']],
  [['content-length', '-1']],
  [['content-length', '1e3']],
  [['content-length', '99999999999999999999']],
  [
    ['content-length', '5'],
    ['content-length', '6'],
  ],
  [
    ['transfer-encoding', 'chunked'],
    ['content-length', '3'],
  ],
  [['transfer-encoding', 'gzip, chunked']],
  [['transfer-encoding', 'identity']],
  [['host', MISSING]],
  [['host', '']],
  [
    ['host', 'a'],
    ['host', 'b'],
  ],
  [['host', '169.254.169.254']],
  [['host', 'x'.repeat(5_000)]],
  [['accept', 'text/html']],
  [['accept', 'application/json;q=0']],
  [['accept', ';;;,,,']],
  [['accept', 'text/event-stream']],
  [['accept-encoding', 'gzip;q=NaN']],
  [['expect', '100-continue']],
  [['expect', 'the unexpected']],
  [
    ['connection', 'upgrade'],
    ['upgrade', 'websocket'],
  ],
  [
    ['connection', 'upgrade, HTTP2-Settings'],
    ['upgrade', 'h2c'],
    ['http2-settings', 'AAAA'],
  ],
  [['connection', 'close, close, x'.repeat(100)]],
  [['x-http-method-override', 'DELETE']],
  [
    ['x-forwarded-for', "127.0.0.1' or 1=1"],
    ['x-forwarded-host', '\u00e9'],
  ],
  [['x-request-id', 'x'.repeat(10_000)]],
  [['x-request-id', 'a b\u0001']],
  [['idempotency-key', '']],
  [['idempotency-key', 'a b']],
  [['idempotency-key', 'x'.repeat(129)]],
  [
    ['idempotency-key', 'a'],
    ['idempotency-key', 'b'],
  ],
  [['idempotency-key', '__proto__']],
  [['if-match', '*']],
  [['if-match', 'W/"1"']],
  [['if-match', '"-1", "2"']],
  [['if-match', '"99999999999999999999"']],
  [['last-event-id', 'local:-1']],
  [['last-event-id', 'local:99999999999999999999']],
  [['last-event-id', ','.repeat(4_000)]],
  [['authorization', 'Bearer']],
  [['authorization', `Bearer ${'x'.repeat(9_000)}`]],
  [
    ['authorization', 'Basic Og=='],
    ['authorization', 'Bearer x'],
  ],
  [['authorization', 'Negotiate \u0000']],
  [['cookie', '__proto__=1; a=b;;;=']],
  [['range', 'bytes=0-0,-1']],
  [
    ['origin', 'null'],
    ['access-control-request-method', 'PUT'],
  ],
  [['x'.repeat(20_000), 'y']],
  [
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ],
  [['bad name', 'x']],
  [['x', 'a\r\n folded']],
  [['x', 'a\nx-injected: 1']],
];

export function strangeHeaders(random: Random): readonly Header[] {
  return oneOf(random, HEADERS);
}

const METHODS = [
  'HEAD',
  'OPTIONS',
  'TRACE',
  'PATCH',
  'PUT',
  'DELETE',
  'GET',
  'POST',
  'PROPFIND',
  'get',
  'X',
  'QUERY',
  'SEARCH',
];

export function strangeMethod(random: Random): string {
  return oneOf(random, METHODS);
}

const PATHS: readonly ((path: string) => string)[] = [
  (path) => `${path}/`,
  (path) => `/${path}`,
  (path) => `${path}/../..${path}`,
  (path) => `${path}%2f..%2f`,
  (path) => `${path}%00`,
  (path) => `${path}%zz`,
  (path) => `${path}%ff%fe`,
  (path) => `${path};a=b`,
  (path) => `${path}/${'x'.repeat(600)}`,
  (path) => `${path}/${'a/'.repeat(500)}`,
  (path) => path.toUpperCase(),
  (path) => `http://elsewhere.test${path}`,
  (path) => `${path}#fragment`,
  (path) => `${path}\u00e9`,
  (path) => path.replace('local.machine.1', '__proto__'),
  (path) => path.replace('local.machine.1', 'local.machine.%2a'),
  (path) => path.replace('local.machine.1', '%F0%9F%8E%AE'),
  (path) => path.replace('local.machine.1', '~'.repeat(512)),
  (path) => path.replace('local.machine.1', 'local.machine'),
  (path) => path.replace('local.machine.1', 'local.harbour'),
  (path) => path.replace('local.machine.1', '..'),
  () => '*',
  () => '/',
];

export function strangePath(random: Random, path: string): string {
  return oneOf(random, PATHS)(path);
}

const QUERIES = [
  '=',
  '',
  '=-1',
  '=0',
  '=1',
  '=1e9',
  '=x',
  '=a&',
  '[]=1',
  '[__proto__][x]=1',
  '=%00',
  '=%zz',
  '=%ff',
  '=local',
  '=*',
  '=true',
  `=${'x'.repeat(9_000)}`,
];

export function strangeQuery(random: Random, known: readonly string[]): string {
  const names = [...known, '__proto__', 'constructor', 'nothing', '%00', 'a.b'];
  const pairs = Array.from({ length: oneOf(random, [1, 1, 2, 3, 200]) }, () => {
    return `${oneOf(random, names)}${oneOf(random, QUERIES.slice(0, -1))}`;
  });
  return pairs.join('&');
}

/** Bytes that are not a request, or one that never ends. `%P` stands for the path. */
const RAW = [
  'POST %P HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n',
  'POST %P HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{}',
  'POST %P HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffff\r\n{}\r\n',
  'POST %P HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"region":',
  'POST %P HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\ncontent-length: 2\r\n\r\n0\r\n\r\n',
  'POST %P HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n2;ext=1\r\n{}\r\n0\r\nx-trailer: 1\r\n\r\n',
  'GET %P HTTP/9.9\r\n\r\n',
  'GET %P HTTP/1.0\r\n\r\n',
  'GET %P\r\n\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  '\u0016\u0003\u0001\u0002\u0000\u0001\u0000',
  'GET %P HTTP/1.1\r\nhost: localhost\r\n: novalue\r\n\r\n',
  'GET %P HTTP/1.1\nhost: localhost\n\n',
  'GET %P HTTP/1.1\r\nhost: localhost\r\nx: \u0000\r\n\r\n',
  'CONNECT example.test:443 HTTP/1.1\r\nhost: localhost\r\n\r\n',
  'GET  %P HTTP/1.1\r\nhost: localhost\r\n\r\n',
  '\r\n\r\n\r\n',
  'GET /',
];

export function rawRequest(random: Random, path: string): Uint8Array {
  return Buffer.from(oneOf(random, RAW).replaceAll('%P', path), 'latin1');
}

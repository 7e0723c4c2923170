/**
 * A game for the specs, as a Node program. It answers a callback with the number of callbacks so
 * far. `POST /exit/<status>` ends it, and `POST /signal/<name>` ends it by a signal.
 */
export const TEST_GAME = `
import { createServer } from 'node:http';
let calls = 0;
createServer((request, response) => {
  const [, verb, word] = request.url.split('/');
  if (verb === 'exit') return response.end(() => process.exit(Number(word)));
  if (verb === 'signal') return response.end(() => process.kill(process.pid, word));
  if (request.headers.authorization !== 'Bearer ' + process.env.BERTH_TOKEN) {
    return response.writeHead(401).end();
  }
  let body = '';
  request.on('data', (chunk) => (body += chunk));
  request.on('end', () => {
    const payload = JSON.parse(body);
    if (payload.refuse) return response.writeHead(409).end('not today');
    if (payload.die) process.exit(payload.die);
    if (payload.hang) return;
    response.end(JSON.stringify({ pid: process.pid, calls: ++calls }));
  });
}).listen(Number(process.env.BERTH_CALLBACK_PORT), '127.0.0.1');
`;

/**
 * Another game, which needs no token and answers a callback with how it was started. With the
 * argument `listen` it listens on its game port too; with `mute` its answer is empty.
 */
export const TELLING_GAME = `#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createSocket } from 'node:dgram';
const { env, pid } = process;
const words = process.argv.slice(2);
if (words.includes('listen')) createSocket('udp4').bind(Number(env.BERTH_GAME_PORT));
if (words.includes('fail')) process.exit(3);
createServer((request, response) => {
  const [, verb, word] = request.url.split('/');
  if (verb === 'exit') return response.end(() => process.exit(Number(word)));
  if (verb === 'signal') return response.end(() => process.kill(pid, word));
  let body = '';
  request.on('data', (chunk) => (body += chunk));
  request.on('end', () => {
    if (words.includes('mute')) return response.end();
    const server = JSON.parse(readFileSync(env.HOME + '/server.json', 'utf8'));
    const { method } = request;
    response.end(JSON.stringify({ pid, words, cwd: process.cwd(), map: env.MAP, server, method, body }));
  });
}).listen(Number(env.BERTH_CALLBACK_PORT), '127.0.0.1');
`;

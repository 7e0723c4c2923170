/**
 * A game for the specs, as a program for Node. It answers callbacks with how often it was called;
 * `POST /exit/<status>` ends it, and `POST /signal/<name>` has a signal end it.
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

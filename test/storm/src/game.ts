/**
 * A small game in its own process. The payload of its callback says how it plays: it may accept,
 * refuse or say nothing, and then end well, crash, or stay.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { Play } from './play.js';

createServer((request, response) => {
  if (request.headers.authorization !== `Bearer ${process.env['BERTH_TOKEN']}`) {
    response.writeHead(401).end();
    return;
  }
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => play(JSON.parse(body) as Play, response));
}).listen(Number(process.env['BERTH_CALLBACK_PORT']), '127.0.0.1');

function play({ play, playMs }: Play, response: ServerResponse): void {
  if (play === 'hang') return;
  if (play === 'refuse') {
    response.writeHead(409).end('not today');
    return;
  }
  response.end(JSON.stringify({ pid: process.pid }));
  if (play === 'exit') setTimeout(() => process.exit(0), playMs);
  if (play === 'crash') setTimeout(() => process.exit(3), playMs);
}

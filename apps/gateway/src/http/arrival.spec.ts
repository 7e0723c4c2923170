import { SystemClock } from '#service-runtime';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { TestGateway } from '../../test/support/gateway.js';

/** Half a minute lasts a second. */
class HastyClock extends SystemClock {
  override after(delayMs: number, action: () => void) {
    return super.after(delayMs / 30, action);
  }
}

const PIECES = Array.from({ length: 8 }, (_, index) => `piece ${index}`);
const digest = createHash('sha256').update(PIECES.join('')).digest('hex');

let gateway: TestGateway;
beforeEach(async () => {
  gateway = await TestGateway.start({}, { clock: new HastyClock() });
});
afterEach(() => gateway.close());

/** Sends the head of a request and pieces of its body, one every 200 ms; returns all answers. */
async function send(head: readonly string[], pieces: readonly string[]): Promise<string> {
  const socket = connect(gateway.port, '127.0.0.1');
  socket.write([...head, 'host: localhost', '', ''].join('\r\n'));
  const sending = (async () => {
    for (const piece of pieces) {
      await sleep(200);
      if (socket.writable) socket.write(piece);
    }
  })();
  let said = '';
  for await (const piece of socket) {
    said += String(piece);
    if (said.includes('"stored":true')) break;
  }
  await sending;
  return said;
}

const length = `content-length: ${PIECES.join('').length}`;
const TYPES = ['application/octet-stream', 'Application/Octet-Stream; name=harbour'];
const file = `content-type: ${TYPES[0]}`;
const path = `PUT /v1/builds/local.harbour/files/${digest} HTTP/1.1`;

describe('A request whose body arrives slowly', () => {
  it('is answered and its connection closed after its time', async () => {
    const said = await send(['POST /v1/allocations HTTP/1.1', length], PIECES);
    expect(said).toContain('408 too-slow');
  });

  it.each(TYPES)('has any time if it is a file (%s) that goes on', async (type) => {
    const sent = [path, `content-type: ${type}`, length];
    expect(await send(sent, PIECES)).toContain('"stored":true');
  });

  it('has its time if it is a file that does not go on', async () => {
    expect(await send([path, file, length], PIECES.slice(0, 2))).toContain('408 too-slow');
  });
});

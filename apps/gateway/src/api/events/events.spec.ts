import { ManualClock } from '#memory';
import { anEvent, past } from '#testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import { TestGateway } from '../../../test/support/gateway.js';

let gateway: TestGateway;
beforeEach(async () => void (gateway = await TestGateway.start()));
afterEach(() => gateway.close());

/** Reads server-sent events from a response, one block at a time. */
class Stream {
  private constructor(
    private readonly blocks: AsyncGenerator<string, void>,
    private readonly abort: AbortController,
    readonly headers: Headers,
  ) {}

  static async open(path: string, headers: Record<string, string> = {}): Promise<Stream> {
    const abort = new AbortController();
    const response = await gateway.fetch(path, { headers, signal: abort.signal });
    const stream = new Stream(blocksOf(response), abort, response.headers);
    expect(await stream.block()).toMatch(/^: /);
    return stream;
  }

  async block(): Promise<string> {
    const { value } = await this.blocks.next();
    return value ?? '';
  }

  /** The id and the data of the next event. */
  async event(): Promise<{ id: string; data: ReturnType<typeof JSON.parse> }> {
    const [, id, data] = /^id: (.*)\ndata: (.*)$/.exec(await this.block()) ?? [];
    return { id: id ?? '', data: JSON.parse(data ?? 'null') };
  }

  close(): void {
    this.abort.abort();
  }
}

async function* blocksOf(response: Response): AsyncGenerator<string, void> {
  let rest = '';
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    yield* blocks;
  }
}

const types = async (stream: Stream, count: number) => {
  const all: string[] = [];
  while (all.length < count) all.push((await stream.event()).data.type);
  return all;
};

describe('GET /v1/events', () => {
  it('streams events from now on, without tokens', async () => {
    await gateway.record('local.a.1', past.warm);
    const stream = await Stream.open('/v1/events');
    expect(stream.headers.get('content-type')).toBe('text/event-stream');
    await gateway.record('local.a.2', past.live);
    expect((await stream.event()).id).toBe('local:3');
    expect(await types(stream, 2)).toEqual(['ProcessStarted', 'AllocationRequested']);
    const acked = await stream.event();
    expect(acked).toMatchObject({
      id: 'local:6',
      data: { slot: 'local.a.2', sequence: 6, type: 'CallbackAcked', state: 'allocated' },
    });
    expect(acked.data.data).not.toHaveProperty('token');
    stream.close();
  });

  it('continues after the last event that was read', async () => {
    await gateway.record('local.a.1', past.live);
    const stream = await Stream.open('/v1/events', { 'last-event-id': 'local:2' });
    expect(await types(stream, 2)).toEqual(['AllocationRequested', 'CallbackAcked']);
    await gateway.record('local.a.2', past.cold);
    expect((await stream.event()).data).toMatchObject({ sequence: 5, slot: 'local.a.2' });
    stream.close();
  });

  it('streams the whole history on request, to any number of listeners', async () => {
    await gateway.record('local.a.1', past.live);
    const live = await Stream.open('/v1/events');
    await gateway.record('local.a.2', past.cold);
    const whole = await Stream.open('/v1/events?after=0');
    expect(await types(whole, 5)).toHaveLength(5);
    expect((await live.event()).data.sequence).toBe(5);
    whole.close();
    live.close();
  });

  it('refuses an invalid event id', async () => {
    const { status, body } = await gateway.get('/v1/events', { headers: { 'last-event-id': 'x' } });
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'invalid' });
  });

  it('answers HEAD without starting a stream', async () => {
    expect((await gateway.fetch('/v1/events', { method: 'HEAD' })).status).toBe(200);
  });

  it('sends a sign of life every 15 s', async () => {
    await gateway.close();
    const clock = new ManualClock();
    gateway = await TestGateway.start({}, { clock });
    const stream = await Stream.open('/v1/events');
    clock.advance(15_000);
    expect(await stream.block()).toBe(': still here');
    stream.close();
  });

  it('disconnects a client that does not read, before it takes much memory', async () => {
    const { socket, received } = await unread('/v1/events');
    await recordMegabytes(24);
    socket.resume();
    await once(socket, 'close');
    expect(received()).toBeLessThan(24 * MEGABYTE);
  });

  it('waits for a slow reader of past events', async () => {
    await recordMegabytes(24);
    const { socket, received } = await unread('/v1/events?after=0');
    await gateway.get('/healthz');
    socket.resume();
    while (received() < 24 * MEGABYTE) await once(socket, 'data');
    socket.destroy();
  });
});

const MEGABYTE = 1_048_576;

async function recordMegabytes(count: number): Promise<void> {
  const reason = 'x'.repeat(MEGABYTE);
  const drains = Array.from({ length: count }, (_, turn) =>
    anEvent(turn % 2 === 0 ? 'DrainRequested' : 'DrainWithdrawn', { reason }),
  );
  await gateway.record('local.a.1', [...past.cold, ...drains]);
}

/** A client that asks for events and reads no more after the first one. */
async function unread(path: string) {
  const socket = connect(gateway.port, '127.0.0.1');
  let bytes = 0;
  socket.write(`GET ${path} HTTP/1.1\r\nhost: localhost\r\n\r\n`);
  await once(socket, 'readable');
  socket.on('data', (chunk) => (bytes += chunk.length));
  socket.on('error', () => undefined);
  socket.pause();
  return { socket, received: () => bytes };
}

import {
  ConnectionWatch,
  JetStreamEventLog,
  NatsBus,
  connectNats,
  ensureStream,
  slotStreamConfig,
  slotStreamName,
} from '#jetstream';
import { SystemClock } from '#service-runtime';
import { startNatsServer, type NatsServer } from '#nats-server';
import { granted, past } from '#testing';
import { endpoints, encodeJson, slotRecordCodec } from '#wire';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestGateway, recordOn } from '../test/support/gateway.js';

let directory: string;
let server: NatsServer;
let connection: NatsConnection;
let gateway: TestGateway;

const openLog = (region: string) =>
  JetStreamEventLog.open(connection, {
    stream: slotStreamName(region),
    codec: slotRecordCodec,
    clock: new SystemClock(),
  });

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'berth-gateway-'));
  server = await startNatsServer({ dataDirectory: directory });
  connection = await connectNats({ servers: server.url, name: 'gateway' });
  const watch = ConnectionWatch.of(connection);
  const bus = new NatsBus(connection);
  gateway = await TestGateway.start(
    {},
    { bus, openLog, busAwayBecause: () => watch.awayBecause(), close: () => connection.close() },
  );
});
afterAll(async () => {
  await gateway.close();
  await server.stop();
  await rm(directory, { recursive: true, force: true });
});

/** Repeats the request until the answer has this status; bounded by the test's time limit. */
async function until(path: string, status: number) {
  for (;;) {
    const answer = await gateway.get(path);
    if (answer.status === status) return answer;
  }
}

describe('the gateway on NATS', () => {
  it('waits for the stream, then shows the slots', async () => {
    expect((await until('/readyz', 503)).body.reasons[0]).toMatch(/^region local: /);
    await ensureStream(connection, slotStreamConfig('local'));
    const bus = new NatsBus(connection);
    bus.subscribe(endpoints.readiness.subject.of({ region: 'local' }), (message) =>
      message.respond(encodeJson({ status: 'ready' })),
    );
    await recordOn(await openLog('local'), 'local.a.1', past.live);
    await until('/readyz', 200);
    const { body } = await until('/v1/slots/local.a.1', 200);
    expect(body).toMatchObject({ status: 'allocated', sequence: 4 });
  });

  it('shows a change, and the history', async () => {
    await recordOn(await openLog('local'), 'local.a.2', past.warm);
    await until('/v1/slots/local.a.2', 200);
    const { body } = await gateway.get('/v1/slots/local.a.1/events?limit=3');
    expect(body.events).toHaveLength(3);
    expect(body.next).toBe(3);
  });

  it('streams events, past and new', async () => {
    const abort = new AbortController();
    const response = await gateway.fetch('/v1/events?after=local:5', { signal: abort.signal });
    let text = '';
    const chunks = response.body!.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
    const readTo = async (wanted: string) => {
      while (!text.includes(wanted)) text += (await chunks.next()).value ?? '';
    };
    await readTo('id: local:6\n');
    await recordOn(await openLog('local'), 'local.a.3', past.cold);
    await readTo('id: local:7\n');
    expect(text).not.toContain('id: local:5\n');
    abort.abort();
  });

  it('allocates', async () => {
    expect((await gateway.post('/v1/allocations', { region: 'local' })).status).toBe(503);
    const bus = new NatsBus(connection);
    bus.subscribe(endpoints.allocate.subject.of({ region: 'local' }), (message) =>
      message.respond(encodeJson(granted)),
    );
    expect((await gateway.post('/v1/allocations', { region: 'local' })).status).toBe(201);
  });

  it('is not ready while NATS is away, and is ready again afterwards', async () => {
    await server.stop();
    expect((await until('/readyz', 503)).body.reasons).toEqual([
      'NATS: the connection is lost; reconnecting',
    ]);
    await server.restart();
    await until('/readyz', 200);
  });
});

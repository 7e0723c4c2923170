import { connectBerth, type Allocation } from '#client';
import { SystemClock } from '#service-runtime';
import { startTracing, type Tracing } from '#trace-export';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BerthDev, eventually } from './berth-dev.js';
import { TraceReceiver, type ReceivedSpan } from './trace-receiver.js';

const folder = mkdtempSync(join(tmpdir(), 'berth-traces-'));
/** Where the exported file is kept, for whoever wants to look at it. */
const FILE = process.env['BERTH_TRACES_FILE'] ?? join(folder, 'traces.jsonl');
const SECRET = 'the-payload-is-for-the-game-alone';
const ID = 'traced-1';
const PUBLISHED = 'traced-2';

let receiver: TraceReceiver;
let berth: BerthDev;
let tracing: Tracing;
let allocation: Allocation;
let trace: readonly ReceivedSpan[];
let published: readonly ReceivedSpan[];

const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };

beforeAll(async () => {
  receiver = await TraceReceiver.start(FILE);
  const { endpoint } = receiver;
  berth = new BerthDev({ ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint });
  await berth.start(2);
  tracing = await startTracing('matchmaker', {
    ...{ endpoint, version: '1', clock: new SystemClock(), logger },
  });
  const client = await connectBerth({ url: berth.api });
  allocation = await client.allocate({
    ...{ region: 'local', allocationId: ID, payload: { secret: SECRET } },
  });
  await client.close();
  await publishOverNats();
  // What is not sent yet is sent before a service ends.
  await tracing.close();
  await berth.interrupt();
  trace = traceOf('allocate');
  published = traceOf('publish');
}, 90_000);

afterAll(async () => {
  await berth.dispose();
  receiver.close();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

/** Leaves a request in the queue, and waits until it is served. */
async function publishOverNats(): Promise<void> {
  const client = await connectBerth({ url: berth.natsUrl });
  await client.publish({ region: 'local', allocationId: PUBLISHED, waitMs: 30_000 });
  await eventually(async () => (await client.result('local', PUBLISHED)) !== undefined, 30_000);
  await client.close();
}

/** All spans of the trace that begins with this span of the matchmaker. */
function traceOf(root: string): readonly ReceivedSpan[] {
  const all = receiver.spans;
  const first = all.find(({ name, service }) => name === root && service === 'matchmaker');
  return all.filter(({ traceId }) => traceId === first?.traceId);
}

const valueOf = ({ attributes }: ReceivedSpan, name: string) =>
  attributes.find(({ key }) => key === name)?.value.stringValue;

describe('The trace of one allocation', () => {
  it('has spans of client, gateway, allocator and agent', () => {
    const named = trace.map(({ service, name }) => `${service}: ${name}`);
    expect(named).toEqual(
      expect.arrayContaining([
        'matchmaker: allocate',
        'berth-gateway: POST /v1/allocations',
        'berth-gateway: ask allocate',
        'berth-allocator: serve allocate',
        'berth-allocator: claim',
        'berth-allocator: append',
        'berth-agent: callback',
        'berth-allocator: hear report',
      ]),
    );
  });

  it('has one root, and the parent of every other span', () => {
    const ids = new Set(trace.map(({ spanId }) => spanId));
    const without = trace.filter(({ parentSpanId = '' }) => !ids.has(parentSpanId));
    expect(without.map(({ name }) => name)).toEqual(['allocate']);
  });

  it('goes from the claim in the log to the callback, and back to the log', () => {
    const appends = trace.filter(({ name }) => name === 'append');
    const of = (event: string) => appends.find((span) => valueOf(span, 'berth.event') === event);
    const claim = of('AllocationRequested');
    const callback = trace.find(({ name }) => name === 'callback');
    expect(callback?.parentSpanId).toBe(claim?.spanId);
    const heard = trace.find(({ spanId }) => spanId === of('CallbackAcked')?.parentSpanId);
    expect(heard).toMatchObject({ name: 'hear report', parentSpanId: claim?.spanId });
  });

  it('ends with the allocation: nothing later is added to it', () => {
    const events = trace.map((span) => valueOf(span, 'berth.event')).filter((event) => event);
    expect(events).toEqual(['AllocationRequested', 'CallbackAcked']);
  });

  it('is found by the allocation, and holds no payload and no token', () => {
    expect(trace.filter((span) => valueOf(span, 'berth.allocation_id') === ID).length).toBe(5);
    expect(receiver.text).not.toContain(SECRET);
    expect(receiver.text).not.toContain(allocation.token);
  });
});

describe('The trace of a request that is published over NATS', () => {
  it('goes from the matchmaker through the queue to allocator, log, agent and back', () => {
    const nameOf = ({ service, name }: ReceivedSpan) => `${service}: ${name}`;
    const parent = (span: ReceivedSpan) =>
      published.find(({ spanId }) => spanId === span.parentSpanId);
    const tree = published.map((span) => {
      const above = parent(span);
      return [above === undefined ? '' : nameOf(above), nameOf(span)];
    });
    expect(tree).toEqual(
      expect.arrayContaining([
        ['', 'matchmaker: publish'],
        ['matchmaker: publish', 'berth-allocator: serve published'],
        ['berth-allocator: serve published', 'berth-allocator: claim'],
        ['berth-allocator: claim', 'berth-allocator: append'],
        ['berth-allocator: append', 'berth-agent: callback'],
        ['berth-allocator: hear report', 'berth-allocator: append'],
      ]),
    );
    expect(tree.filter(([above]) => above === '')).toHaveLength(1);
  });
});

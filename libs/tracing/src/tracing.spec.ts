import { SystemClock } from '#service-runtime';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { apart, carriedContext, continuing, openSpan, spanned } from './index.js';

const about = { kind: 'internal', ids: () => ({ 'berth.slot': '1' }) } as const;
const CALLER = {
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  tracestate: 'vendor=1',
};
const clock = new SystemClock();

describe('Where no SDK is registered', () => {
  it('nothing is traced, carried or asked for', () => {
    const ids = () => {
      throw new Error('asked for');
    };
    expect(spanned('a', { kind: 'server', ids }, () => carriedContext())).toBeUndefined();
    expect(continuing(CALLER, () => carriedContext())).toBeUndefined();
    expect(openSpan('a', 'server')).toBeUndefined();
    const run = () => undefined;
    expect(apart(run)).toBe(run);
  });
});

describe('A span', () => {
  const memory = new InMemorySpanExporter();
  const finished = () => memory.getFinishedSpans();

  beforeAll(() => {
    new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(memory)] }).register();
  });
  beforeEach(() => memory.reset());

  it('continues the trace that was carried, and is carried on', async () => {
    const carried = await continuing(CALLER, () =>
      spanned('serve', about, async () => {
        await clock.sleep(1);
        return carriedContext();
      }),
    );
    const [span] = finished();
    expect(span).toMatchObject({ name: 'serve', attributes: { 'berth.slot': '1' } });
    const { traceId, spanId } = span?.spanContext() ?? {};
    expect(CALLER.traceparent).toContain(`${traceId}-${span?.parentSpanContext?.spanId}`);
    expect(carried).toEqual({ traceparent: `00-${traceId}-${spanId}-01`, tracestate: 'vendor=1' });
  });

  it('begins a trace of its own if the carried context cannot be read', () => {
    continuing({ traceparent: '00-1' }, () => spanned('serve', about, () => undefined));
    expect(finished()[0]?.parentSpanContext).toBeUndefined();
  });

  it('has the outcome of its work, or the error', async () => {
    const outcome = (code: string) => ({ 'berth.refusal': code });
    await spanned('a', { ...about, outcome }, () => Promise.resolve('shed'));
    const failing = () => spanned('b', about, () => Promise.reject(new Error('away')));
    await expect(failing()).rejects.toThrow('away');
    expect(() => spanned('c', about, () => raise('now'))).toThrow('now');
    expect(finished().map(({ attributes, status }) => [attributes, status])).toEqual([
      [{ 'berth.slot': '1', 'berth.refusal': 'shed' }, { code: 0 }],
      [{ 'berth.slot': '1' }, { code: 2, message: 'away' }],
      [{ 'berth.slot': '1' }, { code: 2, message: 'now' }],
    ]);
  });

  it('does not hold what outlives it: a timer of the system is apart', async () => {
    const later = () =>
      new Promise((tell) => void clock.after(1, () => tell(carriedContext() ?? 'none')));
    const carried = await spanned('a', about, later);
    expect(carried).toBe('none');
  });

  it('that is opened ends elsewhere, under the name that is known by then', () => {
    const span = continuing(CALLER, () => openSpan('GET', 'server'));
    span?.with(() => spanned('inner', about, () => undefined));
    span?.end({ 'http.route': '/a' }, { name: 'GET /a', isFailed: true });
    const [inner, outer] = finished();
    expect(inner?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
    expect(outer).toMatchObject({ name: 'GET /a', status: { code: 2 } });
  });
});

function raise(message: string): never {
  throw new Error(message);
}

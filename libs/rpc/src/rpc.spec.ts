import { DeadlinePassed, NobodyListens, TransientError, Unparsable } from '#kernel';
import { ManualClock, MemoryBus } from '#memory';
import { encodeJson, endpoints, type UsageAnswer } from '#wire';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { EndpointServer, ask, hear, serve, tell } from '#rpc';

const AT = { region: 'eu', agent: 'pier' };
const MEASURED: UsageAnswer = { status: 'measured', slots: {} };

let clock: ManualClock;
let bus: MemoryBus;
let logged: { readonly level: string; readonly fields: object; readonly message: string }[];
const logger = {
  info: (fields: object, message: string) => void logged.push({ level: 'info', fields, message }),
  warn: (fields: object, message: string) => void logged.push({ level: 'warn', fields, message }),
  error: (fields: object, message: string) => void logged.push({ level: 'error', fields, message }),
};

beforeEach(() => {
  clock = new ManualClock();
  bus = new MemoryBus(clock);
  logged = [];
});

type UsageHandler = Parameters<
  typeof serve<
    'usage.<region>.<agent>',
    typeof endpoints.usage.request,
    typeof endpoints.usage.answer
  >
>[3];
const serveUsage = (handler: UsageHandler, underWayMax?: number) =>
  serve(bus, endpoints.usage, { region: 'eu' }, handler, {
    ...{ clock, logger },
    ...(underWayMax !== undefined && { underWayMax }),
  });

/** Sends the body unchecked, and returns the answer unchecked. */
async function raw(subject: string, body: unknown, dataversion?: number): Promise<object> {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : encodeJson(body);
  return JSON.parse(
    new TextDecoder().decode(await bus.request(subject, bytes, 10_000, dataversion)),
  ) as object;
}

describe('A request to an endpoint', () => {
  it('is answered by its handler, which gets the tokens of its subject', async () => {
    const seen: unknown[] = [];
    serveUsage((request, tokens) => {
      seen.push(request, tokens);
      return Promise.resolve({ status: 'measured', slots: {} });
    });
    expect(await ask(bus, endpoints.usage, AT, { slot: '1' })).toEqual(MEASURED);
    expect(seen).toEqual([{ slot: '1', region: 'eu' }, AT]);
  });

  it('may have members that only later versions know, if a service of Berth asked', async () => {
    const seen: unknown[] = [];
    serveUsage((request) => {
      seen.push(request);
      return MEASURED;
    });
    const subject = endpoints.usage.subject.of(AT);
    const body = { slot: '1', addedLater: {} };
    expect(await raw(subject, body, 1)).toEqual(MEASURED);
    expect(seen).toEqual([{ slot: '1', region: 'eu' }]);
    expect(await raw(subject, body)).toMatchObject({ code: 'invalid' });
    expect(await raw(subject, body, 2)).toMatchObject({
      ...{ code: 'invalid', message: expect.stringMatching(/^dataversion: it is 2, /) },
    });
  });

  it.each(['unknown-fleet', 'fleet-maximum', 'nothing-fits'] as const)(
    'is refused %s by a code that every version knows, and learns the exact one',
    async (code) => {
      const refused = { status: 'refused', code, message: 'because' } as const;
      serve(bus, endpoints.allocate, { region: 'eu' }, () => refused, { clock, logger });
      expect(await raw('allocate.eu', {})).toEqual({
        ...{ status: 'refused', code: 'none-available', cause: code, message: 'because' },
      });
      expect(await ask(bus, endpoints.allocate, { region: 'eu' }, {})).toEqual(refused);
    },
  );

  it('takes a refusal for a cause that only a later version knows by its code', async () => {
    const refused = { status: 'refused', code: 'none-available', message: 'because' };
    bus.subscribe('allocate.eu', (message) =>
      message.respond(encodeJson({ ...refused, cause: 'too-late-at-night', more: 1 })),
    );
    expect(await ask(bus, endpoints.allocate, { region: 'eu' }, {})).toEqual(refused);
  });

  it('waits as long as the endpoint says, and a little longer', async () => {
    bus.subscribe('usage.eu.pier', () => undefined);
    const silence = expect(ask(bus, endpoints.usage, AT, {})).rejects.toThrow(DeadlinePassed);
    clock.advance(2_499);
    await turn();
    clock.advance(1);
    await silence;
    const nobody = ask(bus, endpoints.usage, { ...AT, region: 'us' }, {});
    await expect(nobody).rejects.toThrow(NobodyListens);
  });

  it('fails if the answer has an unknown form', async () => {
    bus.subscribe('usage.eu.pier', ({ respond }) => respond(encodeJson({ status: 'odd' })));
    await expect(ask(bus, endpoints.usage, AT, {})).rejects.toThrow(Unparsable);
  });

  it.each([
    ['invalid JSON', '{', /not JSON/],
    ['an invalid value', { slot: 'a.b' }, /slot: /],
    ['an unknown field', { slto: '1' }, /slto/],
  ])('is refused as invalid, with the reason, for %s', async (_, body, words) => {
    serveUsage(() => MEASURED);
    expect(await raw('usage.eu.pier', body)).toEqual({
      ...{ status: 'refused', code: 'invalid' },
      message: expect.stringMatching(words),
    });
    expect(logged).toEqual([]);
  });

  it('is refused if its body names another region than its subject', async () => {
    const options = { clock, logger };
    const handler = () => ({ status: 'fleets' as const, fleets: [] });
    serve(bus, endpoints.fleets, { region: 'eu' }, handler, options);
    expect(await raw('fleets.eu', { region: 'us' })).toEqual({
      ...{ status: 'refused', code: 'invalid' },
      message: 'region: the subject says eu, the body us',
    });
    expect(await raw('fleets.eu', { region: 'eu' })).toMatchObject({ status: 'fleets' });
  });

  it.each([
    ['throws', () => raise(new Error('out of order'))],
    ['rejects', () => Promise.reject(new Error('out of order'))],
    [
      'answers with a value that cannot be sent',
      () => ({ status: 'measured', slots: 1n }) as never,
    ],
  ])('is refused as not ready if its handler %s', async (_, handler) => {
    serveUsage(handler);
    expect(await raw('usage.eu.pier', {})).toMatchObject({ status: 'refused', code: 'not-ready' });
    expect(logged).toMatchObject([{ level: 'error', fields: { subject: 'usage.eu.pier' } }]);
  });

  it('that fails like the last one is not logged again, but the first that succeeds later is', async () => {
    let isBroken = true;
    serveUsage(() => (isBroken ? raise(new Error('out of order')) : MEASURED));
    for (let times = 0; times < 35; times += 1) await raw('usage.eu.pier', {});
    isBroken = false;
    await raw('usage.eu.pier', {});
    expect(logged).toHaveLength(1);
    clock.advance(10_000);
    await raw('usage.eu.pier', {});
    expect(logged.slice(1)).toMatchObject([{ level: 'info', fields: { times: 35 } }]);
  });

  it('is refused if too many are running, and served again when fewer are', async () => {
    const waiting: (() => void)[] = [];
    const handler = () =>
      new Promise<UsageAnswer>((resolve) => waiting.push(() => resolve(MEASURED)));
    serveUsage(handler, 2);
    const asked = [1, 2, 3].map(() => raw('usage.eu.pier', {}));
    expect(await asked[2]).toMatchObject({ status: 'refused', code: 'not-ready' });
    for (const resolve of waiting.splice(0)) resolve();
    expect(await Promise.all(asked.slice(0, 2))).toEqual([MEASURED, MEASURED]);
    const again = raw('usage.eu.pier', {});
    await turn();
    for (const resolve of waiting) resolve();
    expect(await again).toEqual(MEASURED);
  });

  it('is answered once, and in time, whatever its handler does', async () => {
    let resolve: (answer: UsageAnswer) => void = () => undefined;
    const { record } = serveUsage(() => new Promise((given) => (resolve = given)));
    const asked = raw('usage.eu.pier', {});
    await turn();
    clock.advance(2_249);
    await turn();
    expect(record.stats.num_requests).toBe(0);
    clock.advance(1);
    expect(await asked).toEqual({
      ...{ status: 'refused', code: 'timed-out' },
      message: 'no verdict within 2000 ms; ask again',
    });
    resolve(MEASURED);
    await turn();
    expect(record.stats).toMatchObject({ num_requests: 1, num_errors: 1 });
  });

  it('is counted, with the last error', async () => {
    const { record, close } = serveUsage(({ slot }) =>
      slot === '1' ? MEASURED : raise(new Error('no')),
    );
    await raw('usage.eu.pier', { slot: '1' });
    await raw('usage.eu.pier', { slot: '2' });
    await raw('usage.eu.pier', '');
    expect(record.stats).toMatchObject({
      ...{ name: 'usage', subject: 'usage.eu.*', num_requests: 3, num_errors: 2 },
      last_error: expect.stringMatching(/^invalid: /),
    });
    close();
    await expect(raw('usage.eu.pier', {})).rejects.toThrow(NobodyListens);
  });
});

describe('A message without an answer', () => {
  const beat = (agent: string, message: object) =>
    tell(bus, endpoints.beat, { region: 'eu', agent }, message as { incarnation: number });

  it('is received with the tokens of its subject', async () => {
    const heard: unknown[] = [];
    const told = (message: unknown, tokens: unknown) => void heard.push(message, tokens);
    hear(bus, endpoints.beat, { region: 'eu' }, told, { clock, logger });
    beat('pier', { incarnation: 7 });
    await turn();
    expect(heard).toEqual([{ incarnation: 7, region: 'eu' }, AT]);
  });

  it.each([
    ['cannot be read', { incarnation: 'seven' }, () => undefined, 'warn'],
    [
      'makes its listener fail for now',
      { incarnation: 7 },
      () => raise(new TransientError('away')),
      'warn',
    ],
    ['makes its listener fail', { incarnation: 7 }, () => raise(new Error('wrong')), 'error'],
    [
      'makes its listener fail later',
      { incarnation: 7 },
      () => Promise.reject(new Error('wrong')),
      'error',
    ],
  ])('is logged and dropped if it %s', async (_, message, listener, level) => {
    hear(bus, endpoints.beat, { region: 'eu' }, listener, { clock, logger });
    beat('pier', message);
    await turn();
    expect(logged).toMatchObject([{ level, fields: { subject: 'beat.eu.pier' } }]);
  });
});

describe('Messages that all fail alike', () => {
  it('are logged once, until they are heard again', async () => {
    let isAway = true;
    const listener = () => (isAway ? raise(new TransientError('away')) : undefined);
    hear(bus, endpoints.beat, { region: 'eu' }, listener, { clock, logger });
    const beat = async () => {
      tell(bus, endpoints.beat, AT, { incarnation: 7 });
      await turn();
    };
    for (let times = 0; times < 35; times += 1) await beat();
    expect(logged).toHaveLength(1);
    isAway = false;
    clock.advance(10_000);
    await beat();
    expect(logged.slice(1)).toMatchObject([{ level: 'info', fields: { times: 35 } }]);
  });
});

describe('A server of endpoints', () => {
  const identity = {
    ...{ name: 'berth-agent', id: 'a1', version: '1.2.3', description: '', metadata: {} },
    startedAt: 0,
  };

  it('is found with its endpoints, until it is closed', async () => {
    const server = new EndpointServer(bus, { clock, logger });
    server.serve(endpoints.usage, AT, () => MEASURED);
    server.hear(endpoints.beat, { region: 'eu' }, () => undefined);
    server.announce(identity);
    for (const subject of ['$SRV.INFO', '$SRV.INFO.berth-agent', '$SRV.INFO.berth-agent.a1']) {
      expect(await raw(subject, '')).toMatchObject({
        ...{ type: 'io.nats.micro.v1.info_response', id: 'a1' },
        endpoints: [{ name: 'usage', subject: 'usage.eu.pier' }],
      });
    }
    server.close();
    for (const subject of ['$SRV.INFO', 'usage.eu.pier']) {
      await expect(raw(subject, '')).rejects.toThrow(NobodyListens);
    }
  });
});

function raise(error: Error): never {
  throw error;
}

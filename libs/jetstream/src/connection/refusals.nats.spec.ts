import { NotPermitted } from '#kernel';
import { ManualClock } from '#memory';
import { startNatsServer, type NatsServer } from '#nats-server';
import { SystemClock } from '#service-runtime';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { JetStreamEventLog } from '../log/event-log.js';
import { NatsBus } from './bus.js';
import { connectNats } from './connect.js';
import { deniedLately } from './denied-lately.js';

let folder: string;
let server: NatsServer;
const open: NatsConnection[] = [];

/** A user may do what is listed; everything else is refused. */
const user = (name: string, publish: string, subscribe: string) =>
  `{ user: ${name}, password: se, permissions: { publish: [${publish}], subscribe: [${subscribe}] } }`;

const inStream = '"$JS.API.STREAM.INFO.LOG", "$JS.API.CONSUMER.CREATE.LOG.>"';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-refusals-'));
  await writeFile(join(folder, 'password'), 'se', { mode: 0o600 });
  const users = [
    '{ user: root, password: se }',
    user('asker', '"allowed"', '"_INBOX.>"'),
    user('deaf', '">"', '"nothing"'),
    user('reader', inStream, '"_INBOX.>"'),
  ];
  server = await startNatsServer({
    dataDirectory: join(folder, 'nats'),
    extraConfig: `authorization { users: [${users.join(', ')}] }`,
  });
  const manager = await jetstreamManager(await connect('root'));
  await manager.streams.add({ name: 'LOG', subjects: ['log.>'], allow_direct: true });
});

afterAll(async () => {
  for (const connection of open) await connection.close();
  await server.kill();
  await rm(folder, { recursive: true, force: true });
});

async function connect(
  name: string,
  onRefused: (refusal: Error) => void = () => undefined,
  { url }: NatsServer = server,
) {
  const login = { user: name, passwordFile: join(folder, 'password') };
  const to = { servers: url, name: `berth-${name}`, login, onRefused };
  const connection = await connectNats(to);
  open.push(connection);
  return connection;
}

const nothing = new Uint8Array();
const codec = {
  contentType: 'text/plain',
  encode: () => nothing,
  decode: () => ({ at: 0 }) as never,
};

function openLog(
  connection: NatsConnection,
  onError: (error: unknown) => void = () => undefined,
  consumers = false,
) {
  const clock = new SystemClock();
  return JetStreamEventLog.open(connection, { stream: 'LOG', codec, clock, onError, consumers });
}

/** Far below the time-outs of the questions: an answer by then is a refusal. */
const AT_ONCE_MS = 1_000;

async function refusalOf(act: Promise<unknown>): Promise<NotPermitted> {
  const late = new SystemClock().sleep(AT_ONCE_MS).then(() => 'too late');
  const outcome = await Promise.race([act.catch((error: unknown) => error), late]);
  expect(outcome).toBeInstanceOf(NotPermitted);
  return outcome as NotPermitted;
}

const refused = (name: string, act: string) =>
  `NATS does not let berth-${name} (user "${name}") ${act}`;

describe('Who may not', () => {
  it('ask for a stream where JetStream is imported, is told so at once', async () => {
    const edge = await startNatsServer({
      dataDirectory: join(folder, 'edge'),
      extraConfig: `accounts { EDGE {
        users: [${user('asker', '"allowed"', '"_INBOX.>"')}]
        mappings: { "$JS.API.STREAM.>": "$JS.berth.API.STREAM.>" }
      } }`,
    });
    const connection = await connect('asker', undefined, edge);
    const manager = await jetstreamManager(connection, { checkAPI: false });
    const { message } = await refusalOf(manager.streams.info('LOG'));
    expect(message).toBe(refused('asker', 'publish to $JS.API.STREAM.INFO.LOG'));
    await connection.close();
    await edge.kill();
  });

  it('ask, is told so at once, with the subject and the role', async () => {
    const bus = new NatsBus(await connect('asker'));
    const { message, subject } = await refusalOf(bus.request('forbidden', nothing, 10_000));
    expect(message).toBe(refused('asker', 'publish to forbidden'));
    expect(subject).toBe('forbidden');
  });

  it('ask several times at once, is told so each time', async () => {
    const bus = new NatsBus(await connect('asker'));
    const asked = [1, 2, 3].map(() => refusalOf(bus.request('forbidden', nothing, 10_000)));
    await Promise.all(asked);
  });

  it('hear the answer, is told so at once', async () => {
    const bus = new NatsBus(await connect('deaf'));
    const { message } = await refusalOf(bus.request('allowed', nothing, 10_000));
    expect(message).toContain(refused('deaf', 'subscribe to _INBOX.'));
  });

  it('say something that nobody answers, is reported', async () => {
    const heard = new Promise<Error>((resolve) => {
      void connect('asker', resolve).then((connection) =>
        new NatsBus(connection).publish('forbidden', nothing),
      );
    });
    expect((await heard).message).toBe(refused('asker', 'publish to forbidden'));
  });

  it('say something, is told of it for ten minutes', async () => {
    let isReported = () => {};
    const reported = new Promise<void>((resolve) => (isReported = resolve));
    const connection = await connect('asker', () => isReported());
    const clock = new ManualClock();
    const denied = deniedLately(connection, clock);
    expect(denied()).toBeNull();
    new NatsBus(connection).publish('forbidden', nothing);
    await reported;
    clock.advance(599_999);
    expect(denied()).toBe(refused('asker', 'publish to forbidden'));
    clock.advance(1);
    expect(denied()).toBeNull();
  });

  it('listen, is told so where it said how', async () => {
    const bus = new NatsBus(await connect('deaf'));
    const heard = new Promise<NotPermitted>((resolve) => {
      bus.subscribe('forbidden.*', () => undefined, { queue: 'q', refused: resolve });
    });
    const { message } = await heard;
    expect(message).toBe(refused('deaf', 'subscribe to forbidden.*'));
  });

  it('append to a log, is told so at once', async () => {
    const log = await openLog(await connect('asker'));
    const append = { subject: 'log.a', expected: 0, record: { at: 0 } as never };
    const { message } = await refusalOf(log.append(append));
    expect(message).toBe(refused('asker', 'publish to log.a'));
  });

  it('hear what became of an append, is told so at once, again and again', async () => {
    const log = await openLog(await connect('deaf'));
    const append = { subject: 'log.a', expected: 0, record: { at: 0 } as never };
    for (let times = 0; times < 2; times += 1) {
      const { message } = await refusalOf(log.append(append));
      expect(message).toContain(refused('deaf', 'subscribe to _INBOX.'));
    }
  });

  it("use JetStream's API, is told so at once", async () => {
    const log = await openLog(await connect('asker'));
    for (const [act, subject] of [
      [() => log.end(), '$JS.API.STREAM.INFO.LOG'],
      [() => log.forget('log.a', 1), '$JS.API.STREAM.PURGE.LOG'],
      [() => log.last('log.a'), '$JS.API.STREAM.MSG.GET.LOG'],
    ] as const) {
      const { message } = await refusalOf(act());
      expect(message).toBe(refused('asker', `publish to ${subject}`));
    }
  });

  it('read many subjects at once, is told so at once', async () => {
    const errors: unknown[] = [];
    const log = await openLog(await connect('reader'), (error) => errors.push(error));
    const { message } = await refusalOf(log.watch('log.*', { receive: () => undefined }));
    expect(message).toBe(refused('reader', 'publish to $JS.API.DIRECT.GET.LOG'));
    expect(String(errors)).toContain(refused('reader', 'subscribe to live.log.*'));
  });

  it('read a stream, is told so at once', async () => {
    const log = await openLog(await connect('reader'));
    const reading = (async () => {
      for await (const _ of log.read('log.>')) expect(_).toBeUndefined();
    })();
    const { message } = await refusalOf(reading);
    expect(message).toContain(refused('reader', 'publish to $JS.API.'));
  });

  it.each([
    [true, 'CONSUMER.MSG.NEXT.LOG.'],
    [false, 'DIRECT.GET.LOG'],
  ])('follow a stream (by consumers: %j), is told so soon, and once', async (consumers, api) => {
    const errors: Error[] = [];
    const note = (error: unknown) => errors.push(error as Error);
    const log = await openLog(await connect('reader'), note, consumers);
    const following = log.follow(0, { receive: () => undefined });
    await new SystemClock().sleep(AT_ONCE_MS);
    expect(errors.map(({ message }) => message.replace(/LOG\..*/, 'LOG.'))).toEqual([
      refused('reader', `publish to $JS.API.${api}`),
    ]);
    (await following).close();
  });
});

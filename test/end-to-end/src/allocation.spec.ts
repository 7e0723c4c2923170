import { QueryClient } from '#server-query';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connect } from '@nats-io/transport-node';
import { BerthDev, eventually } from './berth-dev.js';
import { Player } from './player.js';

interface Slot {
  readonly id: string;
  readonly status: string;
  readonly phase: string | null;
  readonly process: { readonly pid: number } | null;
  readonly allocation: { readonly allocationId: string } | null;
}

interface Answer {
  readonly address: string;
  readonly ip: string;
  readonly ports: { readonly game: number; readonly query: number };
  readonly token: string;
  readonly payload: { readonly mode: string };
}

/** What these tests read of the API's document. */
interface Documented {
  readonly paths: Readonly<
    Record<
      string,
      {
        readonly post: {
          readonly requestBody: {
            readonly content: { readonly 'application/json': { readonly example: object } };
          };
        };
      }
    >
  >;
}

const berth = new BerthDev();

const later = (delayMs: number, action: () => void) => {
  const timer = setTimeout(action, delayMs);
  return () => clearTimeout(timer);
};

beforeAll(() => berth.start(2), 60_000);
afterAll(() => berth.dispose(), 60_000);

async function get<T>(path: string): Promise<T> {
  return (await fetch(`${berth.api}${path}`)).json() as Promise<T>;
}

async function slots(): Promise<readonly Slot[]> {
  return (await get<{ slots: Slot[] }>('/v1/slots')).slots;
}

async function slotOf(allocationId: string): Promise<Slot | undefined> {
  return (await slots()).find(({ allocation }) => allocation?.allocationId === allocationId);
}

async function history(id: string): Promise<readonly string[]> {
  const { events } = await get<{ events: { type: string }[] }>(`/v1/slots/${id}/events?limit=1000`);
  return events.map(({ type }) => type);
}

async function allocate(allocationId: string): Promise<Response> {
  return fetch(`${berth.api}/allocate`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': allocationId },
    body: JSON.stringify({ region: 'local', attributes: {}, payload: { mode: 'ctf' } }),
  });
}

async function allAvailable(): Promise<boolean> {
  const all = await slots();
  return all.every(({ phase }) => phase === 'warm') && all.length === 2;
}

/** Joins the game, and ends the session as a player of the sample game can. */
async function playToTheEnd(address: string): Promise<void> {
  const player = await Player.join(address);
  expect(await player.hear()).toContain('welcome');
  player.say('end');
  await player.gone();
}

describe('an allocation, for real', () => {
  test.each(['/v1/allocations', '/allocate'])(
    'is granted to the example that /docs has for %s, and again',
    async (path) => {
      const { paths } = await get<Documented>('/openapi.json');
      const { example } = paths[path]!.post.requestBody.content['application/json'];
      const isNamed = 'allocationId' in example;
      const body = JSON.stringify({ ...example, ...(isNamed && { allocationId: 'from-docs' }) });
      const headers = { 'content-type': 'application/json' };
      const ask = async () => {
        const response = await fetch(berth.api + path, { method: 'POST', headers, body });
        return { isGranted: response.ok, address: ((await response.json()) as Answer).address };
      };
      const first = await ask();
      expect(first.isGranted).toBe(true);
      const again = await ask();
      expect(again.isGranted).toBe(true);
      // GameFabric's requests have no id: each is another one.
      if (isNamed) expect(again).toEqual(first);
      for (const { allocation } of await slots()) {
        if (allocation)
          await fetch(`${berth.api}/v1/allocations/${allocation.allocationId}`, {
            method: 'DELETE',
          });
      }
      await eventually(allAvailable, 20_000);
    },
    40_000,
  );

  test('answers with a server that can be played on, and with the answer of the game server', async () => {
    const response = await allocate('match-1');
    expect(response.status).toBe(200);
    const answer = (await response.json()) as Answer;
    expect(answer).toMatchObject({ ip: '127.0.0.1', payload: { mode: 'ctf', accepted: true } });
    expect(answer.address).toBe(`127.0.0.1:${answer.ports.game}`);
    expect(answer.token.length).toBeGreaterThan(20);

    const player = await Player.join(answer.address);
    expect(await player.hear()).toBe('welcome ctf, players: 1');
    player.say('hello');
    expect(await player.hear()).toContain('hello');

    // The number of players is answered at the advertised query port, and is in the log.
    const question = { host: '127.0.0.1', port: answer.ports.query, withinMs: 5_000 };
    const players = { players: 1, playersMax: 32, bots: 0 };
    for (const protocol of ['sqp', 'a2s'] as const) {
      const outcome = await new QueryClient(later).ask({ ...question, protocol });
      expect(outcome).toEqual({ kind: 'answered', players });
    }
    const slot = await slotOf('match-1');
    await eventually(async () => (await history(slot?.id ?? '')).includes('WentActive'), 10_000);
    player.leave();
  }, 30_000);

  test('makes the slot available again within 2 s of exit 0, with a fresh process', async () => {
    const answer = (await (await allocate('match-2')).json()) as Answer;
    const before = await slotOf('match-2');
    await playToTheEnd(answer.address);
    await eventually(async () => {
      const after = (await slots()).find(({ id }) => id === before?.id);
      return after?.phase === 'warm' && after.process?.pid !== before?.process?.pid;
    }, 2_000);
    const types = await history(before?.id ?? '');
    const story = ['SlotRegistered', 'AllocationRequested', 'CallbackAcked', 'ExitedZero'];
    let from = 0;
    for (const type of story) {
      expect(types.indexOf(type, from)).toBeGreaterThanOrEqual(from);
      from = types.lastIndexOf(type) === -1 ? from : types.indexOf(type, from);
    }
  }, 20_000);

  test('gives the same id the same server, and says how it ended', async () => {
    await eventually(allAvailable, 5_000);
    const [one, other] = await Promise.all([allocate('match-3'), allocate('match-3')]);
    const answer = (await one.json()) as Answer;
    expect(await other.json()).toEqual(answer);
    await playToTheEnd(answer.address);
    await eventually(async () => (await slotOf('match-3')) === undefined, 5_000);
    const again = await allocate('match-3');
    expect(again.status).toBe(410);
    expect(((await again.json()) as { error: string }).error).toContain('ExitedZero');
  }, 20_000);

  test('says clearly that no server is available when all are taken', async () => {
    await eventually(allAvailable, 5_000);
    const answers = await Promise.all(['match-4', 'match-5'].map(allocate));
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const none = await allocate('match-6');
    expect(none.status).toBe(503);
    expect(((await none.json()) as { error: string }).error).toContain('available');
    for (const answer of answers) await playToTheEnd(((await answer.json()) as Answer).address);
  }, 20_000);

  test('needs only a NATS client', async () => {
    await eventually(allAvailable, 5_000);
    const nats = await connect({ servers: berth.natsUrl });
    const reply = await nats.request('allocate.local', '{"payload":{"mode":"duel"}}', {
      timeout: 5_000,
    });
    const answer = reply.json<Answer & { status: string; allocationId: string }>();
    expect(answer).toMatchObject({ status: 'allocated', payload: { mode: 'duel' } });
    const released = await nats.request(
      'deallocate.local',
      JSON.stringify({ allocationId: answer.allocationId }),
      { timeout: 5_000 },
    );
    expect(released.json()).toMatchObject({ status: 'deallocated' });
    const refused = await nats.request('allocate.local', 'nonsense', { timeout: 5_000 });
    expect(refused.json()).toMatchObject({ status: 'refused', code: 'invalid' });
    await nats.close();
    await eventually(allAvailable, 5_000);
  }, 20_000);

  test('survives kill -9 of everything but the games', async () => {
    const answer = (await (await allocate('match-7')).json()) as Answer;
    const player = await Player.join(answer.address);
    await player.hear();
    const before = await slotOf('match-7');
    await berth.killAll({ games: false });
    player.say('still there');
    expect(await player.hear()).toContain('still there');

    await berth.start(2);
    const after = await slotOf('match-7');
    expect(after).toMatchObject({ id: before?.id, status: 'allocated', process: before?.process });
    expect(await (await allocate('match-7')).json()).toEqual(answer);
    player.say('end');
    await player.gone();
    await eventually(allAvailable, 5_000);
    const types = await history(before?.id ?? '');
    expect(types.slice(types.lastIndexOf('AllocationRequested'))).toContain('ExitedZero');
  }, 60_000);

  test('survives kill -9 of everything, games included', async () => {
    const answer = (await (await allocate('match-8')).json()) as Answer;
    const before = await slotOf('match-8');
    await berth.killAll({ games: true });
    await berth.start(2);
    await eventually(async () => (await slotOf('match-8'))?.process != null, 10_000);
    const holders = (await slots()).filter(({ allocation }) => allocation !== null);
    expect(holders.map(({ id }) => id)).toEqual([before?.id]);
    await eventually(
      async () => (await slotOf('match-8'))?.process?.pid !== before?.process?.pid,
      10_000,
    );
    expect(await history(before?.id ?? '')).toContain('Crashed');
    await eventually(async () => {
      const player = await Player.join(answer.address).catch(() => undefined);
      player?.leave();
      return player !== undefined;
    }, 10_000);
  }, 60_000);

  test('says which port is taken', async () => {
    const second = new BerthDev();
    const child = second.run(['--http-port', new URL(berth.api).port, '--nats-port', '1']);
    await new Promise((resolve) => child.once('close', resolve));
    expect(child.exitCode).toBe(1);
    expect(second.output).toContain(`port ${new URL(berth.api).port}`);
    await second.dispose();
  }, 20_000);

  test('stops on Ctrl-C and leaves no process behind', async () => {
    expect(await berth.interrupt()).toBe(0);
    expect(berth.processes()).toEqual([]);
  }, 30_000);
});

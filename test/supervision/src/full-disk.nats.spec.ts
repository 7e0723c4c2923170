import { connectNats, JetStreamEventLog, slotStreamName } from '#jetstream';
import { startNatsServer, type NatsServer } from '#nats-server';
import { SystemClock } from '#service-runtime';
import { freePort } from '#testing';
import { slotRecordCodec, slotsSubject } from '#wire';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Filler, limitedStore } from '../../contracts/src/full-store.js';
import { Player } from '../../end-to-end/src/player.js';
import { inTime } from './in-time.js';
import { Machine } from './machine.js';

const ALLOCATOR = resolve('dist/apps/allocator/src/main.js');
const GATEWAY = resolve('dist/apps/gateway/src/main.js');

/** All that nats-server may store (bytes): two queues of 1 MiB each, and the log. */
const STORE_BYTES = 12 * 1_048_576;
const QUEUE_BYTES = '1048576';

/** Everything serves again this long after there is room (ms), on a loaded computer. */
const WITHIN_MS = 20_000;
const SECONDS_FULL = 5;

/** A machine whose nats-server may store little. */
class SmallMachine extends Machine {
  allocatorPort = 0;
  api = '';

  protected override async startServers(): Promise<readonly NatsServer[]> {
    const dataDirectory = join(this.folder, 'nats');
    const extraConfig = limitedStore(dataDirectory, STORE_BYTES);
    return [await startNatsServer({ dataDirectory, extraConfig })];
  }

  protected override async startAllocators(): Promise<void> {
    this.allocatorPort = await freePort();
    this.run('allocator', [ALLOCATOR], {
      ...{ BERTH_REGIONS: 'local', BERTH_METRICS_PORT: String(this.allocatorPort) },
      ...{ BERTH_REQUESTS_BYTES_MAX: QUEUE_BYTES, BERTH_OUTCOMES_BYTES_MAX: QUEUE_BYTES },
    });
    const port = await freePort();
    this.api = `http://127.0.0.1:${port}`;
    this.run('gateway', [GATEWAY], {
      ...{ BERTH_REGIONS: 'local', BERTH_OPEN: 'true', HTTP_PORT: String(port) },
      GAMEFABRIC_FLEETS: '*',
    });
  }

  /** The status and text of each service's `/readyz`. */
  readyz(): Promise<readonly string[]> {
    const urls = [`http://127.0.0.1:${this.allocatorPort}`, this.api];
    return Promise.all(urls.map((url) => textOf(fetch(`${url}/readyz`))));
  }

  post(path: string, body: object): Promise<string> {
    const headers = { 'content-type': 'application/json' };
    return textOf(fetch(this.api + path, { method: 'POST', headers, body: JSON.stringify(body) }));
  }
}

async function textOf(answer: Promise<Response>): Promise<string> {
  const found = await answer.catch(() => undefined);
  return found === undefined ? 'no answer' : `${found.status} ${await found.text()}`;
}

describe('A store that is full', () => {
  const machine = new SmallMachine(3);
  let connection: NatsConnection;
  let filler: Filler;
  let kept: string;
  let player: Player;
  let before: readonly string[];

  const ask = (allocationId: string) =>
    machine.post('/v1/allocations', { region: 'local', allocationId });

  /** The ids of all events of the log, in order. */
  const stored = async () => {
    const [stream, clock] = [slotStreamName('local'), new SystemClock()];
    const options = { stream, codec: slotRecordCodec, clock };
    const log = await JetStreamEventLog.open(connection, options);
    const ids: string[] = [];
    for await (const item of log.read(slotsSubject('local'))) {
      if (item.kind === 'recorded') ids.push(item.record.id);
    }
    return ids;
  };

  const untilReady = async (isReady: boolean) => {
    let said: readonly string[] = [];
    const look = async () => {
      do {
        await sleep(100);
        said = await machine.readyz();
      } while (!said.every((one) => one.startsWith(isReady ? '200' : '503')));
    };
    await inTime(`ready: ${isReady}`, look(), WITHIN_MS, () => `It says ${said.join()}`);
    return said;
  };

  beforeAll(async () => {
    await machine.start();
    await untilReady(true);
    connection = await connectNats({ servers: machine.natsUrl, name: 'filler' });
    filler = new Filler(connection);
    kept = await ask('kept');
    const over = await ask('over');
    const { address } = JSON.parse(over.slice(4)) as { readonly address: string };
    player = await Player.join(address);
    before = await stored();
    await inTime('the store is full', filler.fill(), 60_000);
  }, 180_000);

  afterAll(async () => {
    player.leave();
    await connection.close();
    await machine.close();
  }, 60_000);

  it('is known before anybody asks for anything', async () => {
    const said = await untilReady(false);
    for (const one of said) expect(one).toMatch(/^503 .* has no room.*Remedy: remove what is not/);
    expect(machine.printed('allocator')).toContain('"the log would store nothing"');
    expect(machine.printed('allocator')).not.toContain('"the log stores nothing"');
  }, 60_000);

  it('is told by every face, by name and without advice for operators', async () => {
    const said = [
      await ask('full-1'),
      await machine.post('/allocate', { region: 'local', payload: {} }),
      await machine.client
        .allocate({ region: 'local', allocationId: 'full-2', timeoutMs: 5_000 })
        .then(JSON.stringify, (error: unknown) => `503 ${String(error)}`),
    ];
    for (const one of said) {
      expect(one).toMatch(/^503 .*stream SLOTS_local has no room/);
      expect(one).not.toContain('Remedy');
    }
  }, 30_000);

  it('makes allocator and gateway not ready, second by second, with what to do', async () => {
    await untilReady(false);
    for (let second = 0; second < SECONDS_FULL; second += 1) {
      await ask(`full-${second}`);
      for (const said of await machine.readyz()) {
        expect(said).toMatch(/^503 .*stream SLOTS_local has no room.*Remedy: remove what is not/);
      }
      await sleep(1_000);
    }
    expect(machine.printed('allocator').split('"the log stores nothing"')).toHaveLength(2);
  }, 60_000);

  it('can be read: whoever asks again gets the same server, and slots are shown', async () => {
    expect((await ask('kept')).slice(4)).toBe(kept.slice(4));
    expect(await textOf(fetch(`${machine.api}/v1/slots`))).toMatch(/^200 /);
  });

  it('is recovered from without a hand once there is room, and nothing is lost', async () => {
    player.say('end');
    await player.gone();
    const asked = ask('full-1');
    await filler.empty();
    await untilReady(true);
    await asked;
    expect(await ask('full-1')).toMatch(/^20[01] /);
    await machine.until(
      () => machine.slotOf('over')?.state.context.lastEnd?.allocationId === 'over',
    );
    expect((await stored()).slice(0, before.length)).toEqual(before);
    expect(machine.slotOf('kept')?.state.value).toEqual({ allocated: 'live' });
    expect(machine.printed('allocator').split('"the log stores again"')).toHaveLength(2);
  }, 60_000);
});

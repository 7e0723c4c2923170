import { connectNats } from '#jetstream';
import { startNatsServer, type NatsServer } from '#nats-server';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { Filler, limitedStore } from '../../contracts/src/full-store.js';
import { Player } from '../../end-to-end/src/player.js';
import { inTime } from './in-time.js';
import { SmallMachine, textOf } from './small-machine.js';

/** All that nats-server may store (bytes): two queues of 1 MiB each, and the log. */
const STORE_BYTES = 12 * 1_048_576;

/** Everything serves again this long after there is room (ms), on a loaded computer. */
const WITHIN_MS = 20_000;
const SECONDS_FULL = 5;

/** A machine whose nats-server may store little. */
class LimitedMachine extends SmallMachine {
  protected override async startServers(): Promise<readonly NatsServer[]> {
    const { dataDirectory } = this;
    const extraConfig = limitedStore(dataDirectory, STORE_BYTES);
    return [await startNatsServer({ dataDirectory, extraConfig })];
  }
}

describe('A store that is full', () => {
  const machine = new LimitedMachine(3);
  let connection: NatsConnection;
  let filler: Filler;
  let kept: string;
  let player: Player;
  let before: readonly string[];

  const ask = (allocationId: string) => machine.allocate(allocationId);
  const untilReady = (isReady: boolean) => machine.whenReady(isReady, WITHIN_MS);

  beforeAll(async () => {
    await machine.start();
    await untilReady(true);
    connection = await connectNats({ servers: machine.natsUrl, name: 'filler' });
    filler = new Filler(connection);
    kept = await ask('kept');
    const over = await ask('over');
    const { address } = JSON.parse(over.slice(4)) as { readonly address: string };
    player = await Player.join(address);
    before = await machine.stored();
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
    expect((await machine.stored()).slice(0, before.length)).toEqual(before);
    expect(machine.slotOf('kept')?.state.value).toEqual({ allocated: 'live' });
    expect(machine.printed('allocator').split('"the log stores again"')).toHaveLength(2);
  }, 60_000);
});

import type { BerthClient } from '#client';
import type { NatsServer } from '#nats-server';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findClusterBinary, startCluster } from '../../contracts/src/cluster.js';
import { Player } from '../../end-to-end/src/player.js';
import { streamLeader } from '../../storm/src/leader.js';
import { Service } from '../../storm/src/service.js';
import { inTime } from './in-time.js';
import { Machine } from './machine.js';

const found = await findClusterBinary(process.env);

const ALLOCATOR = pathToFileURL(resolve('dist/apps/allocator/src/main.js'));
const START_MS = 90_000;

/** Everything serves again within this (ms), without a hand. */
const WITHIN_MS = 30_000;

type Allocated = Awaited<ReturnType<BerthClient['allocate']>>;

/** A machine whose log is kept by three servers. */
class ClusteredMachine extends Machine {
  private readonly allocators: Service[] = [];

  /** The server that leads the log, or one that follows it. */
  async server(role: 'leader' | 'follower'): Promise<NatsServer[]> {
    const leader = await streamLeader(this.servers, 'local');
    return this.servers.filter((one) => (one === leader) === (role === 'leader')).slice(0, 1);
  }

  protected override startServers(): Promise<readonly NatsServer[]> {
    if ('missing' in found) throw new Error(found.missing);
    return startCluster(this.folder, found.binary);
  }

  protected override async startAllocators(): Promise<void> {
    mkdirSync(join(this.folder, 'logs'), { recursive: true });
    for (const name of ['allocator-1', 'allocator-2']) {
      const logFile = join(this.folder, 'logs', `${name}.log`);
      const env = { NATS_URL: this.natsUrl, BERTH_REGIONS: 'local', BERTH_REPLICAS: '3' };
      this.allocators.push(new Service({ name, main: ALLOCATOR, env, logFile }));
    }
    await Promise.all(this.allocators.map((allocator) => allocator.start()));
  }

  override async close(): Promise<void> {
    await Promise.all(this.allocators.map((allocator) => allocator.abolish()));
    await super.close();
  }
}

describe.each(['leader', 'follower'] as const)(
  'A log on three servers, of which the %s is restored from an older copy',
  (role) => {
    if ('missing' in found) {
      it.skip(`is not tried: ${found.missing}`, () => undefined);
      return;
    }
    const machine = new ClusteredMachine(4, {}, ['pier', 'quay']);
    const players: Player[] = [];
    const before = new Map<string, Allocated>();
    const told = new Map<string, Allocated>();
    let tookMs = 0;

    const ask = (allocationId: string) =>
      machine.client.allocate({
        ...{ region: 'local', allocationId },
        ...{ waitMs: WITHIN_MS, timeoutMs: WITHIN_MS },
      });

    beforeAll(async () => {
      await inTime('a log and warm slots', machine.start(), START_MS);
      const server = await machine.server(role);
      before.set('kept', await ask('kept'));
      await machine.copyLog(server);
      for (const id of ['later-1', 'later-2', 'later-3']) {
        const allocated = await ask(id);
        const player = await Player.join(allocated.address);
        await player.hear();
        before.set(id, allocated);
        players.push(player);
      }
      await inTime('a server runs on the copy', machine.putLogBack(server), WITHIN_MS);
      const putBackAt = Date.now();
      const asked = [...before.keys(), 'new-1', 'new-2', 'new-3'];
      await Promise.all(asked.map(async (id) => told.set(id, await ask(id))));
      tookMs = Date.now() - putBackAt;
    }, 240_000);

    afterAll(async () => {
      for (const player of players) player.leave();
      await machine.close();
    }, 60_000);

    it('serves again within 30 s', () => {
      expect(tookMs).toBeLessThan(WITHIN_MS);
    });

    it('answers repeated requests with the same server', () => {
      for (const [id, { slot, token }] of before)
        expect(told.get(id)).toMatchObject({ slot, token });
    });

    it('gives no server to two sessions', () => {
      const slots = [...told.values()].map(({ slot }) => slot);
      expect(new Set(slots).size).toBe(before.size + 3);
    });

    it('ends no session that has players', async () => {
      for (const player of players) {
        player.say('still here?');
        expect(await player.hear()).toContain('still here?');
      }
    });

    it('has every session in the log', async () => {
      await machine.until(() =>
        [...told].every(([id, { slot, token }]) => {
          const allocation = machine.slots.get(slot)?.state.context.allocation;
          return allocation?.id === id && allocation.token === token;
        }),
      );
    }, 30_000);
  },
);

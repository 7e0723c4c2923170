import type { NatsServer } from '#nats-server';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findClusterBinary, startCluster } from '../../contracts/src/cluster.js';
import { streamLeader } from '../../storm/src/leader.js';
import { inTime } from './in-time.js';
import { START_MS, SupervisedMachine, WITHIN_MS, type Allocated } from './supervised-machine.js';

const found = await findClusterBinary(process.env);

/** A machine whose log is kept by three servers. */
class ClusteredMachine extends SupervisedMachine {
  protected override readonly allocatorSettings = { BERTH_REPLICAS: '3' };

  /** The server that leads the log, or one that follows it. */
  async server(role: 'leader' | 'follower'): Promise<NatsServer[]> {
    const leader = await streamLeader(this.servers, 'local');
    return this.servers.filter((one) => (one === leader) === (role === 'leader')).slice(0, 1);
  }

  protected override startServers(): Promise<readonly NatsServer[]> {
    if ('missing' in found) throw new Error(found.missing);
    return startCluster(this.folder, found.binary);
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
    const before = new Map<string, Allocated>();
    const told = new Map<string, Allocated>();
    let tookMs = 0;

    beforeAll(async () => {
      await inTime('a log and warm slots', machine.start(), START_MS);
      const server = await machine.server(role);
      before.set('kept', await machine.ask('kept'));
      await machine.copyLog(server);
      for (const id of ['later-1', 'later-2', 'later-3']) {
        before.set(id, await machine.play(id));
      }
      await inTime('a server runs on the copy', machine.putLogBack(server), WITHIN_MS);
      const putBackAt = Date.now();
      const asked = [...before.keys(), 'new-1', 'new-2', 'new-3'];
      await Promise.all(asked.map(async (id) => told.set(id, await machine.ask(id))));
      tookMs = Date.now() - putBackAt;
    }, 240_000);

    afterAll(() => machine.close(), 60_000);

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
      const echoes = await machine.echoes('still here?');
      expect(echoes).toHaveLength(3);
      for (const echo of echoes) expect(echo).toContain('still here?');
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

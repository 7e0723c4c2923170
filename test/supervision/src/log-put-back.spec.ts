import { statusOf } from '#slot';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Service } from '../../storm/src/service.js';
import { inTime } from './in-time.js';
import type { Seen } from './seen-log.js';
import { START_MS, SupervisedMachine, WITHIN_MS, type Allocated } from './supervised-machine.js';

interface Scenario {
  readonly name: string;
  /** What happens to allocators before the log is put back, and after. */
  before(allocators: readonly Service[]): Promise<void> | void;
  after(allocators: readonly Service[]): Promise<void> | void;
}

const isFree = (slot: Seen | undefined) =>
  slot !== undefined && statusOf(slot.state) === 'available';

const nothing = () => undefined;
const scenarios: readonly Scenario[] = [
  { name: 'all allocators run on', before: nothing, after: nothing },
  {
    name: 'one allocator is restarted',
    before: async ([one]) => one?.kill(),
    after: async ([one]) => one?.start(),
  },
  {
    name: 'one allocator is paused before, and wakes up later',
    before: ([one]) => one?.pause(),
    after: ([one]) => void setTimeout(() => one?.resume(), 5_000),
  },
  {
    name: 'all allocators are restarted',
    before: async (all) => void (await Promise.all(all.map((one) => one.kill()))),
    after: async (all) => void (await Promise.all(all.map((one) => one.start()))),
  },
];

describe.each(scenarios)(
  'A log that is restored from an older copy while $name',
  ({ before, after }) => {
    // Six slots for six sessions: most runs give a lost session the slot of the ended one.
    const machine = new SupervisedMachine(3, {}, ['pier', 'quay']);
    const lost = new Map<string, Allocated>();
    const told = new Map<string, Allocated>();
    let tookMs = 0;

    beforeAll(async () => {
      await inTime('a log and warm slots', machine.start(), START_MS);
      await machine.ask('kept');
      await machine.ask('ended');
      await machine.copyLog();
      await machine.client.deallocate({ allocationId: 'ended', region: 'local' });
      await machine.until(() => isFree(machine.slotOf('ended')));
      for (const id of ['lost-1', 'lost-2', 'lost-3']) {
        lost.set(id, await machine.play(id));
      }
      await inTime(
        'allocators are stopped',
        Promise.resolve(before(machine.allocators)),
        WITHIN_MS,
      );
      await inTime('nats-server runs on the copy', machine.putLogBack(), WITHIN_MS);
      const putBackAt = Date.now();
      // Those of whom the log knows nothing ask again, and others want the same slots.
      const asked = ['lost-1', 'new-1', 'lost-2', 'new-2', 'lost-3', 'kept'];
      const answers = Promise.all(asked.map(async (id) => told.set(id, await machine.ask(id))));
      answers.catch(() => undefined);
      await inTime(
        'allocators are up again',
        Promise.resolve(after(machine.allocators)),
        WITHIN_MS,
      );
      await answers;
      tookMs = Date.now() - putBackAt;
    }, 240_000);

    afterAll(() => machine.close(), 60_000);

    it('serves again within 30 s', () => {
      expect(tookMs).toBeLessThan(WITHIN_MS);
    });

    it('answers repeated requests with the same server', () => {
      for (const [id, server] of lost) {
        expect(told.get(id)).toMatchObject({ slot: server.slot, token: server.token });
      }
    });

    it('gives no server to two sessions, and no session two servers', () => {
      const slots = [...told.values()].map(({ slot }) => slot);
      expect(new Set(slots).size).toBe(slots.length);
      expect(told.size).toBe(6);
    });

    it('ends no session that has players', async () => {
      const echoes = await machine.echoes('still here?');
      expect(echoes).toHaveLength(3);
      for (const echo of echoes) expect(echo).toContain('still here?');
    });

    it('has the sessions in the log again, and ends the one that was already over', async () => {
      await machine.until(() => {
        const held = [...machine.slots.values()].map(({ state }) => state.context.allocation);
        const restored = held.filter(
          (one) => lost.get(one?.id ?? '')?.token === (one?.token ?? ''),
        );
        return restored.length === lost.size;
      });
      await machine.until(
        () => machine.slotOf('ended')?.state.context.lastEnd?.allocationId === 'ended',
      );
    }, 30_000);
  },
);

import { createLogger, SystemRandom, SystemClock } from '#service-runtime';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Daemon } from '../../../apps/agent/src/daemon/daemon.js';
import { daemonLimits } from '../../../apps/agent/src/daemon/limits.js';
import { TestSlots } from '../../../apps/agent/test/support/slots.js';
import { BerthAway, BerthRefused, connect, type BerthServer } from './index.js';

describe('a game server connected to Berth', () => {
  let slots: TestSlots;
  let daemon: Daemon;
  let server: BerthServer;

  beforeEach(async () => {
    slots = new TestSlots('12345');
    daemon = await open(slots);
    server = connect({ url: daemon.url, serverId: '12345' });
  });

  afterEach(async () => {
    server.close();
    await daemon.close();
  });

  const slot = () => slots.slots[0]!;
  const deallocated = () =>
    new Promise<string>((resolve) => {
      const forget = server.onDeallocated((id) => {
        forget();
        resolve(id);
      });
    });

  it('gets its allocation, whether that comes before or after it asks', async () => {
    const asked = server.allocation();
    slot().allocate('match-1', { mode: 'ctf' });
    expect(await asked).toEqual({ id: 'match-1', payload: { mode: 'ctf' }, token: 'secret' });
    const ended = deallocated();
    slot().deallocate();
    expect(await ended).toBe('match-1');
    slot().allocate('match-2', 'text');
    expect(await server.allocation()).toMatchObject({ id: 'match-2', payload: 'text' });
  });

  it('reports that it is ready, how many play, and that it is done', async () => {
    slot().allocate('match-1');
    await server.allocation();
    await server.ready();
    await server.players(3);
    expect([slot().isReady, slot().players]).toEqual([true, 3]);
    const ended = deallocated();
    await server.done();
    expect(await ended).toBe('match-1');
  });

  it('gets the reason of an error', async () => {
    const refused = await server.ready().catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(BerthRefused);
    expect(refused).toMatchObject({ status: 404, message: expect.stringContaining('allocation') });
    await expect(server.players(-1)).rejects.toThrow('"count" in the body is wrong');
  });

  it('stops waiting when its signal aborts, and when it is closed', async () => {
    const gone = new AbortController();
    const waiting = server.allocation({ signal: gone.signal });
    gone.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    const other = server.allocation();
    server.close();
    await expect(other).rejects.toBeInstanceOf(BerthAway);
    await expect(server.allocation()).rejects.toBeInstanceOf(BerthAway);
    await expect(server.ready()).rejects.toBeInstanceOf(BerthAway);
  });

  it('leaves an allocation to the callers that still wait', async () => {
    const gone = new AbortController();
    const impatient = server.allocation({ signal: gone.signal }).catch(() => 'gone');
    const patient = server.allocation();
    gone.abort();
    slot().allocate('match-1');
    expect(await impatient).toBe('gone');
    expect((await patient).id).toBe('match-1');
  });

  describe('whose daemon restarts', () => {
    const port = () => Number(new URL(daemon.url).port);

    it('does not get the same allocation twice, but the next one', async () => {
      slot().allocate('match-1');
      await server.allocation();
      const before = port();
      await daemon.close();
      daemon = await open(slots, before);
      const next = server.allocation();
      const ended = deallocated();
      // Once a request succeeds, the daemon is reachable again.
      await server.players(1);
      slot().allocate('match-2');
      expect((await next).id).toBe('match-2');
      expect(await ended).toBe('match-1');
    });

    it('learns what happened while the daemon was away', async () => {
      slot().allocate('match-1');
      await server.allocation();
      const before = port();
      await daemon.close();
      await expect(server.players(1)).rejects.toBeInstanceOf(BerthAway);
      slot().allocate('match-2');
      const next = server.allocation();
      daemon = await open(slots, before);
      expect((await next).id).toBe('match-2');
    });
  });
});

describe('a connection to Berth', () => {
  it('cannot be opened without a server id', () => {
    expect(() => connect({ url: 'http://127.0.0.1:1' })).toThrow('BERTH_SERVER_ID');
  });

  it('may be opened before there is a daemon', async () => {
    const slots = new TestSlots('12345');
    const first = await open(slots);
    const port = Number(new URL(first.url).port);
    await first.close();
    const server = connect({ url: first.url, serverId: '12345' });
    const asked = server.allocation();
    const daemon = await open(slots, port);
    slots.slots[0]?.allocate('match-1');
    expect((await asked).id).toBe('match-1');
    server.close();
    await daemon.close();
  });
});

function open(slots: TestSlots, port = 0): Promise<Daemon> {
  const clock = new SystemClock();
  const logger = createLogger('agent', 'silent');
  const random = new SystemRandom();
  const parts = { slots, clock, random, logger, agent: 'pier', limits: daemonLimits };
  return Daemon.open(parts, { host: '127.0.0.1', port });
}

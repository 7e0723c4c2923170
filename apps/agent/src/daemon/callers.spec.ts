import { createLogger, SystemClock, SystemRandom } from '#service-runtime';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { TestClient } from '../../test/support/client.js';
import { TestSlots } from '../../test/support/slots.js';
import type { Family } from '../process/members.js';
import { GameCallers } from './callers.js';
import { Daemon } from './daemon.js';
import { daemonLimits } from './limits.js';

/** This process, as if it were a game. */
function ownFamily(): Family {
  const stat = readFileSync('/proc/self/stat', 'latin1');
  const group = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
  return { group, mark: null, since: 0, user: null };
}

describe('A game that asks the daemon before the agent knows that it runs', () => {
  const running = new Map<string, Family>();
  const callers = new GameCallers(() => running);
  afterEach(() => running.clear());

  describe('over a connection that it keeps', () => {
    let server: Server;
    let client: Socket;
    let accepted: Socket;

    beforeEach(async () => {
      server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      client = connect((server.address() as AddressInfo).port, '127.0.0.1');
      [accepted] = (await once(server, 'connection')) as [Socket];
    });

    afterEach(() => {
      client.destroy();
      accepted.destroy();
      server.close();
    });

    it('is recognised once the agent knows', async () => {
      expect(await callers.slotOf(accepted)).toBeNull();
      running.set('1', ownFamily());
      expect(await callers.slotOf(accepted)).toBe('1');
      running.clear();
      expect(await callers.slotOf(accepted)).toBe('1');
    });
  });

  it('over a websocket, is refused until then, so that it connects again', async () => {
    const [clock, random, slots] = [new SystemClock(), new SystemRandom(), new TestSlots('12345')];
    const world = { clock, random, slots, logger: createLogger('agent', 'silent'), callers };
    const daemon = await Daemon.open(
      { ...world, agent: 'pier', limits: daemonLimits },
      { host: '127.0.0.1', port: 0 },
    );
    await expect(TestClient.open(daemon.url)).rejects.toThrow('503');
    running.set('1', ownFamily());
    await TestClient.following(daemon.url, '12345');
    await daemon.close();
  });
});

import { createLogger, SystemRandom, SystemClock } from '#service-runtime';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Daemon } from '../../../apps/agent/src/daemon/daemon.js';
import { daemonLimits } from '../../../apps/agent/src/daemon/limits.js';
import { TestSlots } from '../../../apps/agent/test/support/slots.js';
import { startGameServer, type GameServer } from './game-server.js';
import { TestPlayer } from '../test/support/player.js';

describe('a game server with the SDK', () => {
  let slots: TestSlots;
  let daemon: Daemon;
  let server: GameServer;
  let logged: (line: string) => void;

  beforeEach(async () => {
    slots = new TestSlots('12345');
    daemon = await Daemon.open(
      {
        slots,
        clock: new SystemClock(),
        random: new SystemRandom(),
        logger: createLogger('agent', 'silent'),
        agent: 'pier',
        limits: daemonLimits,
      },
      { host: '127.0.0.1', port: 0 },
    );
    process.env['BERTH_SDK_URL'] = daemon.url;
    process.env['BERTH_SERVER_ID'] = '12345';
    logged = () => undefined;
    const options = { host: '127.0.0.1', port: 0, callbackPort: 0, token: '', sdk: true };
    server = await startGameServer({ ...options, log: (line) => logged(line) });
  });

  afterEach(async () => {
    server.stop();
    await server.exited;
    await daemon.close();
    delete process.env['BERTH_SDK_URL'];
    delete process.env['BERTH_SERVER_ID'];
  });

  const slot = () => slots.slots[0]!;
  const until = (part: string) =>
    new Promise<void>((resolve) => (logged = (line) => line.includes(part) && resolve()));

  it('plays its session, and reports that it is ready and who plays', async () => {
    const accepted = until('accepted');
    slot().allocate('match-1', { mode: 'duel' });
    await accepted;
    const player = await TestPlayer.join(server.port);
    expect(await player.line()).toBe('welcome duel, players: 1');
    player.say('quit');
    await player.rest();
    expect(await server.exited).toBe(0);
  });

  it('ends when its session is ended', async () => {
    const accepted = until('accepted');
    slot().allocate('match-1');
    await accepted;
    slot().deallocate();
    expect(await server.exited).toBe(0);
  });

  it('gives back a session that it does not want', async () => {
    slot().allocate('match-1', { refuse: true });
    expect(await server.exited).toBe(0);
    expect(slot().session).toBeNull();
  });
});

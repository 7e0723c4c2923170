import { describe, expect, it } from '@jest/globals';
import { startGameServer } from '../../game-server/src/game-server.js';
import { play } from './play.js';

describe('a visit to a match', () => {
  it('is welcomed, says two lines, hears them, and leaves', async () => {
    const server = await startGameServer({
      host: '127.0.0.1',
      port: 0,
      callbackPort: 0,
      token: '',
      log: () => undefined,
    });
    const shown: string[] = [];
    await play(`127.0.0.1:${server.port}`, (line) => shown.push(line));
    expect(shown).toEqual([
      '< welcome nobody, players: 1',
      '> hello',
      '< player-1: hello',
      '> good game',
      '< player-1: good game',
      '> quit',
      '< goodbye',
    ]);
    server.stop();
    await server.exited;
  });

  it('fails if nothing listens', async () => {
    await expect(play('127.0.0.1:1', () => undefined)).rejects.toThrow('ECONNREFUSED');
  });
});

import { QueryClient, type QueryProtocol } from '#server-query';
import { afterEach, describe, expect, it } from '@jest/globals';
import { TestPlayer } from '../test/support/player.js';
import { startGameServer, type GameServer } from './game-server.js';
import { answerQuery } from './queries.js';

const later = (delayMs: number, action: () => void) => {
  const timer = setTimeout(action, delayMs);
  return () => clearTimeout(timer);
};

describe('a game server with a query port', () => {
  let server: GameServer;

  afterEach(async () => {
    server.stop();
    await server.exited;
  });

  async function start(host: string): Promise<void> {
    const ports = { port: 0, callbackPort: 0, queryPort: 0 };
    server = await startGameServer({ ...ports, host, token: '', log: () => undefined });
  }

  const ask = (protocol: QueryProtocol, host = '127.0.0.1') =>
    new QueryClient(later).ask({ protocol, host, port: server.queryPort ?? 0, withinMs: 5_000 });

  const playing = (players: number) => ({
    kind: 'answered',
    players: { players, playersMax: 32, bots: 0 },
  });

  it.each(['sqp', 'a2s'] as const)('reports in %s who plays', async (protocol) => {
    await start('127.0.0.1');
    expect(await ask(protocol)).toEqual(playing(0));
    const one = await TestPlayer.join(server.port);
    await one.line();
    const two = await TestPlayer.join(server.port);
    await two.line();
    expect(await ask(protocol)).toEqual(playing(2));
    one.say('quit');
    await one.rest();
    expect(await ask(protocol)).toEqual(playing(1));
  });

  it.each(['sqp', 'a2s'] as const)('answers %s over IPv6', async (protocol) => {
    await start('::1');
    expect(await ask(protocol, '::1')).toEqual(playing(0));
  });

  it('does not start if the query port is taken', async () => {
    await start('127.0.0.1');
    const ports = { port: 0, callbackPort: 0, queryPort: server.queryPort ?? 0 };
    const second = { ...ports, host: '127.0.0.1', token: '', log: () => undefined };
    await expect(startGameServer(second)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});

describe('a query', () => {
  const challenge = Buffer.from([1, 2, 3, 4]);
  const info = { players: 3, playersMax: 16, map: 'm', port: 7000 };
  const hex = (text: string) => Buffer.from(text.replace(/\s/g, ''), 'hex');
  const answer = (packet: string) => answerQuery(hex(packet), challenge, info)?.toString('hex');
  const A2S = 'ffffffff 54 536f7572636520456e67696e6520517565727900';

  it('in A2S is answered once it repeats the challenge', () => {
    const asked = 'ffffffff4101020304';
    expect(answer(A2S)).toBe(asked);
    expect(answer(`${A2S} 01020305`)).toBe(asked);
    expect(answer(`${A2S} 01020304`)).toMatch(/^ffffffff4911.*031000646c0000/);
  });

  it('in SQP is answered once it repeats the challenge', () => {
    expect(answer('00 00000000')).toBe('0001020304');
    expect(answer('01 01020305 0001 01')).toBeUndefined();
    expect(answer('01 01020304 0001 01')).toBe(
      hex(
        '01 01020304 0001 00 00 0017 00000013 0003 0010 07 486172626f7572 00 01 31 01 6d 1b58',
      ).toString('hex'),
    );
  });

  it.each(['', '00', '01 01020304', 'ffffffff', 'ffffffff 55 ffffffff', '02 00000000 0001 01'])(
    'is ignored if it says "%s"',
    (packet) => expect(answer(packet)).toBeUndefined(),
  );
});

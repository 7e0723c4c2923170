import { EventEmitter, once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startGameServer, type GameServer } from './game-server.js';
import { bodyBytesMax } from './json.js';
import { lineLengthMax, playersMax } from './players.js';
import { TestPlayer } from '../test/support/player.js';

const token = 'harbour-token';

describe('a game server', () => {
  let server: GameServer;
  let log: string[];
  let logged: EventEmitter;

  beforeEach(async () => {
    log = [];
    logged = new EventEmitter();
    const options = { host: '127.0.0.1', port: 0, callbackPort: 0, token };
    server = await startGameServer({
      ...options,
      log: (line) => {
        log.push(line);
        logged.emit('line', line);
      },
    });
  });

  afterEach(async () => {
    server.stop();
    await server.exited;
  });

  const join = (): Promise<TestPlayer> => TestPlayer.join(server.port);
  const url = (path: string): string => `http://127.0.0.1:${server.callbackPort}${path}`;

  function callback(body: string, given = `Bearer ${token}`, signal?: AbortSignal) {
    const headers = { authorization: given };
    return fetch(url('/allocate'), { method: 'POST', headers, body, signal: signal ?? null });
  }

  async function health(): Promise<unknown> {
    return (await fetch(url('/health'))).json();
  }

  describe('with players', () => {
    it('greets each player, and sends the lines of each to all', async () => {
      const one = await join();
      expect(await one.line()).toBe('welcome nobody, players: 1');
      const two = await join();
      expect(await two.line()).toBe('welcome nobody, players: 2');
      two.say('ahoy');
      expect(await one.line()).toBe('player-2: ahoy');
      expect(await two.line()).toBe('player-2: ahoy');
    });

    it('keeps running when all have left and nothing was allocated', async () => {
      const one = await join();
      one.say('quit');
      expect(await one.rest()).toEqual(['welcome nobody, players: 1', 'goodbye']);
      expect(await health()).toEqual({ status: 'ok', players: 0, allocated: false });
    });

    it('disconnects a player whose line is too long, and no other', async () => {
      const one = await join();
      const two = await join();
      two.say('a'.repeat(lineLengthMax + 1));
      expect(await two.rest()).toEqual(['welcome nobody, players: 2', 'line too long']);
      one.say('still here');
      expect(await one.line()).toBe('welcome nobody, players: 1');
      expect(await one.line()).toBe('player-1: still here');
    });

    it('refuses players when it is full', async () => {
      for (let player = 1; player <= playersMax; player += 1) await (await join()).line();
      expect(await (await join()).rest()).toEqual(['server full']);
    });

    it('writes one log line for each event', async () => {
      const one = await join();
      await one.line();
      one.say('tab\tand bell\u0007');
      await one.line();
      expect(log.slice(1)).toEqual(['player-1 joined', 'player-1: tab and bell']);
    });
  });

  describe('ending', () => {
    it.each([
      ['end', 'game over', 0],
      ['crash', 'crashed', 1],
    ])('on the line %s says %s and exits with %d', async (line, lastWord, code) => {
      const one = await join();
      const two = await join();
      await two.line();
      one.say(line);
      expect((await two.rest()).at(-1)).toBe(lastWord);
      expect(await server.exited).toBe(code);
    });

    it('says goodbye and exits with 0 when it is stopped', async () => {
      const one = await join();
      await one.line();
      server.stop();
      expect(await one.rest()).toEqual(['goodbye']);
      expect(await server.exited).toBe(0);
    });

    it('exits with 0 when the last player of an allocated session leaves', async () => {
      const early = await join();
      await early.line();
      await callback('{"mode":"duel"}');
      const late = await join();
      expect(await late.line()).toBe('welcome duel, players: 2');
      early.say('quit');
      await early.rest();
      late.hangUp();
      expect(await server.exited).toBe(0);
    });

    it('leaves an unanswered callback without an answer', async () => {
      const ignored = once(logged, 'line');
      const hanging = expect(callback('{"hang":true}')).rejects.toThrow('fetch failed');
      expect(await ignored).toEqual(['callback left without an answer, as it asked']);
      server.stop();
      await hanging;
    });
  });

  describe('getting its callback', () => {
    it('answers with the session, and gives the same answer again for the same payload', async () => {
      const first = await callback('{"mode":"duel","map":1}');
      const answer = (await first.json()) as { session: string };
      expect(first.status).toBe(200);
      expect(answer).toEqual({
        accepted: true,
        mode: 'duel',
        map: 'harbour',
        session: answer.session,
      });
      const second = await callback('{"map":1, "mode":"duel"}');
      expect(await second.json()).toEqual(answer);
      expect(await health()).toEqual({ status: 'ok', players: 0, allocated: true });
    });

    it.each([
      ['nothing', ''],
      ['null', 'null'],
      ['a text', '"duel"'],
      ['a mode that is not text', '{"mode":7}'],
    ])('accepts %s as payload, without a mode', async (_, body) => {
      const response = await callback(body);
      expect(response.status).toBe(200);
      expect(await response.json()).toMatchObject({ accepted: true, mode: null });
    });

    it('refuses another payload while a session runs', async () => {
      await callback('{"mode":"duel"}');
      const response = await callback('{"mode":"race"}');
      expect(response.status).toBe(409);
      expect(await response.json()).toEqual({
        error: expect.stringMatching(/^already allocated to session [0-9a-f]{8}$/),
      });
    });

    it('refuses if the payload asks for it', async () => {
      const response = await callback('{"refuse":true}');
      expect(response.status).toBe(409);
      expect(await response.json()).toEqual({ error: 'refused by request' });
      expect(await health()).toMatchObject({ allocated: false });
    });

    it.each(['', 'Bearer wrong', `Basic ${token}`, 'Bearer '])(
      'refuses the credentials "%s"',
      async (given) => {
        const response = await callback('{}', given);
        expect(response.status).toBe(401);
        expect(await response.json()).toEqual({ error: 'wrong or missing token' });
      },
    );

    it.each([
      ['400 to what is not JSON', '{"mode":', 400],
      ['413 to a body that is too large', JSON.stringify('a'.repeat(bodyBytesMax)), 413],
    ])('answers %s, with the error', async (_, body, status) => {
      const response = await callback(body);
      expect(response.status).toBe(status);
      expect(await response.json()).toEqual({ error: expect.any(String) });
    });

    it('answers 404 to other paths', async () => {
      expect((await fetch(url('/allocate'))).status).toBe(404);
      expect((await fetch(url('/'))).status).toBe(404);
    });
  });
});

describe('a game server without a token', () => {
  it('refuses every callback', async () => {
    const options = { host: '127.0.0.1', port: 0, callbackPort: 0, token: '' };
    const server = await startGameServer({ ...options, log: () => undefined });
    const response = await fetch(`http://127.0.0.1:${server.callbackPort}/allocate`, {
      method: 'POST',
      headers: { authorization: 'Bearer ' },
    });
    expect(response.status).toBe(401);
    server.stop();
    await server.exited;
  });
});

describe('a game server whose port is taken', () => {
  it('does not start and leaves nothing open', async () => {
    const options = {
      host: '127.0.0.1',
      port: 0,
      callbackPort: 0,
      token,
      sdk: false,
      log: () => undefined,
    };
    const first = await startGameServer(options);
    const second = startGameServer({ ...options, callbackPort: first.callbackPort });
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
    first.stop();
    await first.exited;
  });
});

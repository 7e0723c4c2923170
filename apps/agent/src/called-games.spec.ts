import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { statusOf } from '#slot';
import { TestMachine } from '../test/support/agent.js';
import { isLive } from '../test/support/region.js';
import type { GameSettings } from './slot/game-settings.js';

const node = (program: string, ...words: string[]) => [process.execPath, '-e', program, ...words];

/** A game that answers its callback with the payload, at the address it is given. */
const ANSWERING = `
const [, ip] = process.argv;
require('http').createServer((request, response) => request.pipe(response))
  .listen(Number(process.env.BERTH_CALLBACK_PORT), ip);
`;

/** A game whose child process answers for it. */
const child = (...words: string[]) =>
  ['/bin/sh', '-c', `"$@" & wait`, 'sh', ...words, ...node(ANSWERING, '0.0.0.0')] as const;

/** A game that binds its port after this time (ms). */
const binding = (kind: 'tcp' | 'udp', afterMs = 0) =>
  node(`setTimeout(() => {
    const port = Number(process.env.BERTH_GAME_PORT);
    if ('${kind}' === 'tcp') require('net').createServer().listen(port);
    else require('dgram').createSocket('udp6').bind(port, '::');
  }, ${afterMs})`);

const IDLE = node('setInterval(() => {}, 1000)');

describe('A game', () => {
  let machine: TestMachine;
  let stranger: Server | Socket | undefined;
  let heard: number;

  beforeEach(async () => {
    machine = await TestMachine.open();
    heard = 0;
  });
  afterEach(async () => {
    stranger?.close();
    stranger = undefined;
    await machine.close();
  });

  /** Starts the agent without a process before the claim. */
  async function start(command: readonly string[], changes: Partial<GameSettings> = {}) {
    await machine.start({ command, keepWarm: false, runsAny: false, ...changes });
    await machine.region.until((state) => statusOf(state) === 'available');
  }

  async function ports() {
    const text = await machine.read('slot.json');
    return (JSON.parse(text) as { ports: { game: number; query: number; callback: number } }).ports;
  }

  /** Starts another program on the port, which answers every request. */
  async function intrude(port: number): Promise<void> {
    const server = createServer((_, response) => {
      heard += 1;
      response.end('{}');
    });
    stranger = server;
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  }

  const claim = (limits = {}) => machine.claim('match-1', { payload: { map: 'docks' }, limits });
  const isCleared = () => machine.region.events.at(-1) !== 'CallbackRefused';

  async function refused(): Promise<string> {
    const { context } = await machine.region.until((state) => state.context.lastEnd !== null);
    expect(context.lastEnd?.by).toBe('CallbackRefused');
    expect(machine.region.events).not.toContain('CallbackAcked');
    return context.lastEnd?.reason ?? '';
  }

  describe('that gets a callback', () => {
    it.each(['127.0.0.1', '127.0.0.2', '0.0.0.0', '::', '::1'])(
      'gets it at %s, where it listens',
      async (ip) => {
        await start(node(ANSWERING, ip), { ip });
        await claim();
        const { context } = await machine.region.until(isLive);
        expect(context.allocation?.answer.value()).toEqual({ map: 'docks' });
      },
    );

    it('gets it when it is bound to the address it was given', async () => {
      await start(node(ANSWERING, '{ip}{ipv6}'), { ip: '127.0.0.3' });
      await claim();
      await machine.region.until(isLive);
    });

    it.each([
      ['a child process', []],
      ['a child process that has left its process group', ['setsid']],
    ])('may let %s listen', async (_, words) => {
      await start(child(...words));
      await claim();
      const { context } = await machine.region.until(isLive);
      expect(context.allocation?.answer.value()).toEqual({ map: 'docks' });
    });

    it('is not started if its ports were taken while it was cold; its slot moves', async () => {
      await start(node(ANSWERING, '127.0.0.1'));
      const before = await ports();
      await intrude(before.callback);
      await claim();
      expect(await refused()).toBe(
        `port ${before.callback} of the slot was taken by another process`,
      );
      await machine.region.until((state) => statusOf(state) === 'available');
      const after = await ports();
      expect(after).toMatchObject({ game: before.game, query: before.query });
      expect(after.callback).not.toBe(before.callback);
      await machine.claim('match-2');
      await machine.region.until(isLive);
      expect(heard).toBe(0);
    });

    it('does not leak payload and secret to a process that took its port after its start', async () => {
      await start(IDLE);
      const { callback } = await ports();
      await claim();
      await machine.told();
      await intrude(callback);
      expect(await refused()).toBe(
        `another process listens on the callback port ${callback} of the game`,
      );
      expect(heard).toBe(0);
      await machine.region.until((state) => statusOf(state) === 'available');
      expect((await ports()).callback).not.toBe(callback);
    });

    it('is refused with the reason: it did not listen, or it did not answer', async () => {
      await start(IDLE);
      await claim({ coldStartMs: 800 });
      const { callback } = await ports();
      expect(await refused()).toMatch(
        new RegExp(`^the game did not listen on its callback port ${callback} within \\d+ ms$`),
      );
    });
  });

  describe('that gets no callback', () => {
    const NOT_CALLED: Partial<GameSettings> = { callback: { kind: 'none', ready: 'listening' } };

    it.each(['tcp', 'udp'] as const)(
      'is ready once it has bound its port over %s',
      async (kind) => {
        await start(binding(kind, 700), NOT_CALLED);
        const since = Date.now();
        await claim({ coldStartMs: 1_200 });
        const { context } = await machine.region.until(isLive);
        expect((context.allocation?.acknowledgedAt ?? 0) - since).toBeGreaterThanOrEqual(700);
      },
    );

    it('is not ready before it has bound its port, however long it has run', async () => {
      await start(IDLE, NOT_CALLED);
      const { game } = await ports();
      await claim({ coldStartMs: 1_000 });
      expect(await refused()).toMatch(
        new RegExp(`^the game did not bind its port ${game} over TCP or UDP within \\d+ ms$`),
      );
    });

    it('is not ready because another process has bound its port', async () => {
      await start(IDLE, NOT_CALLED);
      const { game } = await ports();
      await claim();
      await machine.told();
      const socket = createSocket('udp4');
      stranger = socket;
      socket.bind(game, '127.0.0.1');
      expect(await refused()).toBe(`another process is bound to the port ${game} of the game`);
    });

    it.each([0, 1])('has failed to start if it ends with %i before it is ready', async (status) => {
      await start(['/bin/sh', '-c', `echo "agree first"; exit ${status}`], NOT_CALLED);
      await claim();
      expect(await refused()).toBe(`the game ended with exit code ${status} before it was ready`);
      await machine.region.until((state) => statusOf(state) === 'available' && isCleared());
      expect(machine.region.events).not.toContain('ExitedZero');
    });

    it('is ready as soon as it runs, if it is configured not to listen', async () => {
      await start(IDLE, { callback: { kind: 'none', ready: 'running' } });
      await claim();
      await machine.region.until(isLive);
    });
  });
});

import { MemoryBus } from '#memory';
import { ask, EndpointServer } from '#rpc';
import { createLogger, SystemClock } from '#service-runtime';
import { decodeJson, encodeJson, endpoints, logAnswer } from '#wire';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mkdtemp, readFile, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GameLogs } from './game-log.js';
import { LogService } from './log-service.js';
import { lastLines, wholeCharacters } from './text.js';

const clock = new SystemClock();
const ref = { region: 'local', agent: 'pier', slot: '1' };

describe('The log of a game', () => {
  let data: string;
  let logs: GameLogs;
  let game: FileHandle;

  beforeEach(async () => {
    data = await mkdtemp(join(tmpdir(), 'berth-logs-'));
    logs = new GameLogs(data, { bytesMax: 10, filesMax: 2 });
    game = await logs.of('1').open();
  });

  afterEach(async () => {
    await game.close();
    await rm(data, { recursive: true, force: true });
  });

  const kept = (name: string) => readFile(join(data, '1', 'logs', name), 'utf8');
  const say = async (text: string) => {
    await game.write(text);
    await logs.turnFull();
  };

  it('has a last line, whatever the game wrote', async () => {
    const last = () => logs.of('1').lastLine(0);
    expect(await last()).toBe('');
    await game.write(`one\ntwo \u001b[31mred\r\n \n`);
    expect(await last()).toBe('two \u001b[31mred');
    await game.write(`${'x'.repeat(10_000)}\n`);
    expect(await last()).toBe('x'.repeat(256));
    await game.write(`${'y'.repeat(255)}\u{1f6a2}\n`);
    expect(await last()).toBe('y'.repeat(255));
    expect(await logs.of('1').lastLine(clock.now() + 60_000)).toBe('');
  });

  it('makes room while the game keeps writing to it', async () => {
    await say('one two three four\n');
    await say('five\n');
    expect(await kept('game.log')).toBe('five\n');
    // The file cannot hold all of it; the beginning is lost.
    expect(await kept('game.log.1')).toBe('hree four\n');
  });

  it('keeps no more files than configured', async () => {
    for (const text of ['aaaaaaaaaa\n', 'bbbbbbbbbb\n', 'cccccccccc\n']) await say(text);
    expect(await kept('game.log.1')).toBe('ccccccccc\n');
    expect(await kept('game.log.2')).toBe('bbbbbbbbb\n');
    await expect(kept('game.log.3')).rejects.toThrow('ENOENT');
  });

  it('is read across all of its files, and its positions keep counting', async () => {
    await say('aaaaaaaaaa\n');
    await say('bb\n');
    const { end, bytes } = await logs.of('1').last(1_000);
    expect(bytes.toString()).toBe('aaaaaaaaa\nbb\n');
    expect(end).toBe(14);
    await say('cc\n');
    expect((await logs.of('1').read(end, 1_000)).bytes.toString()).toBe('cc\n');
  });

  describe('over the bus', () => {
    let bus: MemoryBus;
    let service: LogService;
    let server: EndpointServer;

    beforeEach(() => {
      bus = new MemoryBus(clock);
      const logger = createLogger('agent', 'silent');
      const identity = { region: ref.region, agent: ref.agent, incarnation: 7 };
      service = new LogService(identity, { clock, logger, logs, slots: ['1'] });
      service.start();
      server = new EndpointServer(bus, { clock, logger });
      service.serve(server);
    });

    afterEach(() => {
      server.close();
      service.stop();
    });

    const read = (question: { readonly lines?: number; readonly after?: number }, slot = '1') =>
      ask(bus, endpoints.logs, { ...ref, slot }, question);

    it('returns the last lines', async () => {
      await game.write('one\ntwo\nthree\n');
      expect(await read({ lines: 2 })).toEqual({
        status: 'read',
        chunk: { text: 'two\nthree\n', from: 4, to: 14, incarnation: 7 },
      });
      expect(await read({ lines: 0 })).toMatchObject({ chunk: { text: '', from: 14, to: 14 } });
    });

    it('returns what was written after a position', async () => {
      await game.write('before\n');
      expect(await read({ after: 7 })).toMatchObject({ chunk: { text: '', from: 7, to: 7 } });
      await game.write('now ⚓\n');
      expect(await read({ after: 7 })).toMatchObject({
        chunk: { text: 'now ⚓\n', from: 7, to: 15 },
      });
    });

    it('answers `berth logs` of version 0.2, which asks on the bus', async () => {
      await game.write('one\ntwo\n');
      const subject = endpoints.logs.subject.of({ ...ref, slot: '1' });
      const question = encodeJson({ lines: 1, follow: false });
      const answer = await bus.request(subject, question, 1_000);
      expect(decodeJson(logAnswer, answer)).toMatchObject({ chunk: { text: 'two\n' } });
    });

    it('refuses invalid requests, and slots that the agent does not have', async () => {
      expect(await read({ lines: -1 })).toMatchObject({ status: 'refused', code: 'invalid' });
      expect(await read({}, '2')).toMatchObject({ status: 'refused', code: 'unknown-slot' });
    });
  });
});

describe('Part of a text', () => {
  it('is cut between characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(), (text, at) => {
        const bytes = Buffer.from(text);
        const whole = wholeCharacters(bytes.subarray(0, at % (bytes.length + 1)));
        expect(text.startsWith(whole.toString('utf8'))).toBe(true);
        expect(wholeCharacters(bytes)).toEqual(bytes);
      }),
    );
  });

  it('has the requested number of lines', () => {
    const lines = (text: string, count: number) => lastLines(Buffer.from(text), count).toString();
    expect(lines('a\nb\nc', 2)).toBe('b\nc');
    expect(lines('a\nb\nc\n', 1)).toBe('c\n');
    expect(lines('a\n', 5)).toBe('a\n');
    expect(lines('', 5)).toBe('');
  });
});

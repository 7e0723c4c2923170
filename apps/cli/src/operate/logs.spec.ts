import { past } from '#testing';
import { decodeJson, encodeJson, endpoints, type LogChunk } from '#wire';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { TestGateway } from '../../../gateway/test/support/gateway.js';
import { Api } from './api.js';
import { LogPrinter } from './log-printer.js';
import { showLogs } from './logs.command.js';

const ref = { region: 'local', agent: 'a', slot: '1' };
const chunk = (text: string, from: number, incarnation = 7): LogChunk => ({
  text,
  from,
  to: from + Buffer.byteLength(text),
  incarnation,
});

describe('A printer of logs', () => {
  function printed(...chunks: readonly LogChunk[]): readonly string[] {
    const lines: string[] = [];
    const printer = new LogPrinter((text) => lines.push(...text.split('\n')));
    for (const one of chunks) printer.take(one);
    printer.end(chunk('', 0, 0));
    return lines;
  }

  it('prints whole lines, even if they arrive in parts', () => {
    expect(printed(chunk('one\nt', 0), chunk('wo\n', 5))).toEqual(['one', 'two']);
  });

  it('prints nothing twice', () => {
    const overlapping = [chunk('one\n', 0), chunk('one\n', 0), chunk('ne\ntwo\n', 1)];
    expect(printed(...overlapping)).toEqual(['one', 'two']);
  });

  it('says what is missing', () => {
    expect(printed(chunk('one\n', 0), chunk('two\n', 10))).toEqual([
      'one',
      '... 6 bytes are missing ...',
      'two',
    ]);
  });

  it('continues with the next start of the agent, but not with an earlier one', () => {
    expect(printed(chunk('b\n', 9, 8), chunk('a\n', 0, 7), chunk('c\n', 0, 9))).toEqual(['b', 'c']);
  });
});

describe('berth logs', () => {
  let gateway: TestGateway;
  beforeEach(async () => {
    gateway = await TestGateway.start();
    await gateway.record('local.a.1', past.warm);
  });
  afterEach(() => gateway.close());

  /** Plays the agent: gives these chunks, one after the other. */
  function written(...chunks: readonly LogChunk[]): readonly unknown[] {
    const asked: unknown[] = [];
    const left = [...chunks];
    gateway.bus.subscribe(endpoints.logs.subject.of(ref), (message) => {
      asked.push(decodeJson(z.json(), message.body));
      const next = left.shift() ?? chunks.at(-1);
      message.respond(encodeJson({ status: 'read', chunk: next }));
    });
    return asked;
  }

  /** Shows the log until it has printed a line. */
  async function shown(last: string): Promise<readonly string[]> {
    const lines: string[] = [];
    const interruption = new AbortController();
    const print = (text: string) => {
      lines.push(...text.split('\n'));
      if (lines.includes(last)) interruption.abort();
    };
    const wanted = { lines: 5, follow: true };
    await showLogs(new Api(gateway.url), 'local.a.1', wanted, print, interruption.signal);
    return lines;
  }

  it('says so if no agent answers, or there is no such slot', async () => {
    const show = (slot: string) =>
      showLogs(
        new Api(gateway.url),
        slot,
        { lines: 1, follow: false },
        () => 0,
        new AbortController().signal,
      );
    await expect(show('local.a.1')).rejects.toThrow('the agent of the slot does not answer');
    await expect(show('b')).rejects.toThrow('there is no slot b');
  });

  it('shows the last lines, and continues until it is interrupted', async () => {
    const asked = written(chunk('one\n', 0), chunk('', 4), chunk('two\n', 4));
    expect(await shown('two')).toEqual(['one', 'two']);
    expect(asked).toEqual([{ lines: 5 }, ...Array(2).fill({ lines: 100, after: 4 })]);
  });

  it('goes on with what is written after a new start of the agent', async () => {
    written(chunk('one\n', 50), chunk('', 54, 8), chunk('', 9, 8), chunk('two\n', 9, 8));
    expect(await shown('two')).toEqual(['one', 'two']);
  });
});

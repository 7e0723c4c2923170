import { MemoryBus } from '#memory';
import { SystemClock } from '#service-runtime';
import { endpoints, encodeJson, type LogChunk } from '#wire';
import { describe, expect, it } from '@jest/globals';
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
  const bus = new MemoryBus(new SystemClock());

  it('says so if no agent answers', async () => {
    const asked = showLogs(
      bus,
      'local.b.1',
      { lines: 1, follow: false },
      () => 0,
      Promise.resolve(),
    );
    await expect(asked).rejects.toThrow('the agent of this slot does not answer');
    const none = showLogs(bus, 'b', { lines: 1, follow: false }, () => 0, Promise.resolve());
    await expect(none).rejects.toThrow('b is no slot');
  });

  it('shows the last lines, and continues until it is interrupted', async () => {
    bus.subscribe(endpoints.logs.subject.of(ref), (message) => {
      // This line is published before the answer, and is in the answer too.
      bus.publish(endpoints.output.subject.of(ref), encodeJson(chunk('two\n', 4)));
      message.respond(encodeJson({ status: 'read', chunk: chunk('one\ntwo\n', 0) }));
      bus.publish(endpoints.output.subject.of(ref), encodeJson(chunk('three\n', 8)));
    });
    const lines: string[] = [];
    let interrupt: () => void = () => undefined;
    const interrupted = new Promise<void>((resolve) => (interrupt = resolve));
    const print = (text: string) => {
      lines.push(...text.split('\n'));
      if (lines.includes('three')) interrupt();
    };
    await showLogs(bus, 'local.a.1', { lines: 5, follow: true }, print, interrupted);
    expect(lines).toEqual(['one', 'two', 'three']);
  });
});

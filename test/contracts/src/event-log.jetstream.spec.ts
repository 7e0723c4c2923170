import { describe, expect, it } from '@jest/globals';
import { appendUntilKnown, TransientError } from '#kernel';
import { connectNats, JetStreamEventLog } from '#jetstream';
import { SystemClock } from '#service-runtime';
import { collect } from './collector.js';
import { SETTLE_MS, upTo } from './jetstream.js';
import { aNote, noteCodec } from './note.js';
import { bench, made, serverForEach, slot, write } from './server-for-each.js';

/** Longer than an append waits for its answer (ms). */
const HELD_UP_MS = 3_000;

const clock = new SystemClock();

serverForEach();

describe('An append', () => {
  it('has an unknown outcome while the server is frozen', async () => {
    await bench.freeze();
    const record = aNote('a1');
    const verdict = await made.log.append({ subject: slot, expected: 0, record });
    expect(verdict.kind).toBe('unknown');
  });

  it('has an unknown outcome while the server is away', async () => {
    await bench.server.kill();
    const record = aNote('a1');
    const verdict = await made.log.append({ subject: slot, expected: 0, record });
    expect(verdict.kind).toBe('unknown');
  });

  it('is stored if the answer came in time and the process was held up', async () => {
    const appending = made.log.append({ subject: slot, expected: 0, record: aNote('a1') });
    // It is sent at the end of this turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, HELD_UP_MS);
    expect(await appending).toEqual({ kind: 'stored', sequence: 1 });
  });

  it('has an unknown outcome on a closed connection', async () => {
    const connection = await connectNats({ servers: bench.server.url, name: 'closed' });
    const options = { stream: made.stream, codec: noteCodec, clock };
    const log = await JetStreamEventLog.open(connection, options);
    await connection.close();
    const verdict = await log.append({ subject: slot, expected: 0, record: aNote('a1') });
    expect(verdict.kind).toBe('unknown');
  });

  it('has an unknown outcome if no stream listens', async () => {
    const append = { subject: 'slot.nowhere.one.a', expected: 0, record: aNote('a1') };
    expect((await made.log.append(append)).kind).toBe('unknown');
  });

  it.each([
    ['the stream takes', 1_500_000, 10054],
    ['the server takes', 9_000_000, 'unsent'],
  ])('that is larger than %s is refused for good', async (_, size, code) => {
    const append = { subject: slot, expected: 0, record: aNote('x'.repeat(size)) };
    await expect(made.log.append(append)).rejects.toMatchObject({ name: 'LogRefused', code });
  });

  it('whose answer was lost is found stored, once', async () => {
    await bench.freeze();
    const append = { subject: slot, expected: 0, record: aNote('a1'), deduplicationId: 'grant' };
    expect((await made.log.append(append)).kind).toBe('unknown');
    bench.server.resume();
    const outcome = await appendUntilKnown(made.log, append, clock, clock.now() + SETTLE_MS);
    expect(outcome).toEqual({ kind: 'stored', sequence: 1 });
    expect((await collect(made.log.read(slot))).items).toHaveLength(1);
  });

  it('without an id, whose answer was lost, is found stored, once', async () => {
    await bench.freeze();
    const append = { subject: slot, expected: 0, record: aNote('a1') };
    expect((await made.log.append(append)).kind).toBe('unknown');
    bench.server.resume();
    const outcome = await appendUntilKnown(made.log, append, clock, clock.now() + SETTLE_MS);
    expect(outcome).toEqual({ kind: 'stored', sequence: 1 });
  });

  it('is found to be a duplicate of an earlier message with its id', async () => {
    const original = aNote('original');
    const deduplicationId = 'grant';
    await made.log.append({ subject: slot, expected: 0, record: original, deduplicationId });
    const append = { subject: `${made.root}.one.b`, expected: 0, record: aNote('again') };
    const outcome = await appendUntilKnown(
      made.log,
      { ...append, deduplicationId },
      clock,
      clock.now() + SETTLE_MS,
    );
    expect(outcome).toMatchObject({
      kind: 'duplicate',
      original: { sequence: 1, record: original },
    });
  });
});

describe('A read', () => {
  it('throws TransientError while the server is away', async () => {
    await write(slot, 0, 'a1');
    await bench.server.kill();
    await expect(made.log.last(slot)).rejects.toThrow(TransientError);
  });

  it('that a restart interrupts continues where it was', async () => {
    // More than is requested in advance, so that much of it is yet to come.
    const messages = 12_000;
    const many = Array.from({ length: messages }, (_, index) => `${made.root}.many.${index}`);
    while (many.length > 0) await Promise.all(many.splice(-500).map((to) => write(to, 0, 'x')));
    const sequences: number[] = [];
    for await (const { sequence } of made.log.read(`${made.root}.many.*`)) {
      sequences.push(sequence);
      if (sequence === 5) await bench.server.restart();
    }
    expect(sequences).toEqual(upTo(messages));
  });

  it('ends even if the last message is forgotten meanwhile', async () => {
    const messages = 12_000;
    const many = Array.from({ length: messages }, (_, index) => `${made.root}.many.${index}`);
    while (many.length > 0) await Promise.all(many.splice(-500).map((to) => write(to, 0, 'x')));
    const [end] = (await collect(made.log.read(`${made.root}.many.*`, { sequence: messages })))
      .items;
    let read = 0;
    for await (const { sequence } of made.log.read(`${made.root}.many.*`)) {
      read += 1;
      if (sequence === 5) await made.log.forget(end?.subject ?? '', messages);
    }
    expect(read).toBe(messages - 1);
  }, 30_000);

  it('ends if the server stays away', async () => {
    await write(slot, 0, 'a1');
    await bench.server.kill();
    await expect(collect(made.log.present(`${made.root}.*.*`))).rejects.toThrow(TransientError);
  }, 40_000);
});

describe('Forgetting', () => {
  it.each([
    ['a wildcard', 'slot.*.*.*', 1],
    ['everything', '>', 1],
    ['no end', 'slot.eu.one.a', 0],
  ])('%s is refused before the request reaches the server', async (_, subject, last) => {
    await write(slot, 0, 'a1');
    await expect(made.log.forget(subject, last)).rejects.toThrow(RangeError);
    expect(await made.log.at(1)).toBeDefined();
  });

  it('throws TransientError while the server is away', async () => {
    await write(slot, 0, 'a1');
    await bench.server.kill();
    await expect(made.log.forget(slot, 1)).rejects.toThrow(TransientError);
  });
});

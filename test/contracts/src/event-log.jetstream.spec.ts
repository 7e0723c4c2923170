import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { appendUntilKnown, TransientError, type LogSubscription } from '#kernel';
import { connectNats, JetStreamEventLog, LogWentBack } from '#jetstream';
import { SystemClock } from '#service-runtime';
import { jetstreamManager } from '@nats-io/jetstream';
import { collect, Collector } from './collector.js';
import { JetStreamBench, type JetStreamUnderTest } from './jetstream.js';
import { noteCodec } from './note.js';

const clock = new SystemClock();
/** How long an append is repeated (ms): longer than a server takes to come back. */
const settleMs = 15_000;

let bench: JetStreamBench;
let made: JetStreamUnderTest;
let slot: string;
let drawn = 0;

beforeEach(async () => {
  bench = await JetStreamBench.start();
  made = await bench.makeLog();
  slot = `${made.root}.one.a`;
});

afterEach(() => bench.stop());

function noteOf(text: string) {
  drawn += 1;
  return { id: `note-${drawn}`, text };
}

/** Appends until the message is stored, whatever happens to the server. */
async function write(subject: string, expected: number, text: string): Promise<number> {
  const append = { subject, expected, record: noteOf(text) };
  const outcome = await appendUntilKnown(made.log, append, clock, clock.now() + settleMs);
  if (outcome.kind !== 'stored') throw new Error(`settled as ${outcome.kind}`);
  return outcome.sequence;
}

async function writeMany(subject: string, from: number, count: number): Promise<number> {
  let last = from;
  for (let written = 0; written < count; written += 1) {
    last = await write(subject, last, `${last + 1}`);
  }
  return last;
}

/** When the log was last heard. */
function heardAt({ silentMs }: LogSubscription): number {
  return clock.now() - silentMs;
}

function upTo(sequence: number): number[] {
  return Array.from({ length: sequence }, (_, index) => index + 1);
}

describe('A follower', () => {
  it('misses nothing and sees nothing twice when the server is killed and comes back', async () => {
    const follower = new Collector();
    const following = await made.log.follow(0, follower);
    let last = await writeMany(slot, 0, 20);
    await bench.server.kill();
    const writing = writeMany(slot, last, 20);
    await bench.server.restart();
    last = await writing;
    await follower.untilSequence(last);
    expect(follower.sequences).toEqual(upTo(last));
    following.close();
  });

  it('continues when its consumer is deleted on the server', async () => {
    const follower = new Collector();
    const following = await made.log.follow(0, follower);
    await write(slot, 0, 'a1');
    await follower.untilSequence(1);
    const { consumers } = await jetstreamManager(bench.connection);
    for await (const { name } of consumers.list(made.stream)) {
      await consumers.delete(made.stream, name);
    }
    await write(slot, 1, 'a2');
    await follower.untilSequence(2);
    expect(follower.sequences).toEqual([1, 2]);
    following.close();
  });

  it('has no sign of life while the server is frozen, and continues when it is resumed', async () => {
    const follower = new Collector();
    const following = await made.log.follow(0, follower);
    await write(slot, 0, 'a1');
    await follower.untilSequence(1);
    await bench.freeze();
    const frozenAt = clock.now();
    // Two questions without an answer take four seconds, twice the time after which claims stop.
    for (let asked = 0; asked < 2; asked += 1) {
      await expect(made.log.last(slot)).rejects.toThrow(TransientError);
    }
    expect(heardAt(following)).toBeLessThan(frozenAt + 500);
    bench.server.resume();
    const thawedAt = clock.now();
    await write(slot, 1, 'a2');
    await follower.untilSequence(2);
    expect(heardAt(following)).toBeGreaterThanOrEqual(thawedAt);
    expect(follower.sequences).toEqual([1, 2]);
    following.close();
  });

  it('gets signs of life while nothing happens', async () => {
    const following = await made.log.follow(0, new Collector());
    const patienceUntil = clock.now() + 1_500;
    const heard = () => heardAt(following) > patienceUntil;
    while (!heard()) await made.log.last(slot);
    expect(heardAt(following)).toBeLessThan(patienceUntil + 1_000);
    following.close();
  });

  it('is not stopped by an error that it throws itself', async () => {
    const follower = new Collector();
    const mistake = new Error('a mistake of ours');
    const following = await made.log.follow(0, {
      receive(item) {
        follower.receive(item);
        if (item.sequence === 1) throw mistake;
      },
    });
    await writeMany(slot, 0, 2);
    await follower.untilSequence(2);
    expect(made.errors).toEqual([mistake]);
    following.close();
  });

  it('refuses to start beyond the end of the log', async () => {
    await write(slot, 0, 'a1');
    await expect(made.log.follow(2, new Collector())).rejects.toThrow(LogWentBack);
  });

  it('leaves no consumer behind when it closes', async () => {
    const following = await made.log.follow(0, new Collector());
    following.close();
    await collect(made.log.present(`${made.root}.*.*`));
    const { streams } = await jetstreamManager(bench.connection);
    const { state } = await streams.info(made.stream);
    expect(state.consumer_count).toBe(0);
  });
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

describe('A watcher', () => {
  it('sees what was stored while it was cut off', async () => {
    const others = [`${made.root}.one.b`, `${made.root}.one.c`] as const;
    const watcher = new Collector();
    const watching = await made.log.watch(`${made.root}.one.*`, watcher);
    let last = await writeMany(slot, 0, 3);
    await watcher.untilSequence(last);
    await bench.server.kill();
    const writing = writeMany(slot, last, 3);
    await bench.server.restart();
    last = await writing;
    for (const other of others) last = await write(other, 0, 'other');
    await watcher.untilSequence(last);
    await watcher.until(({ subject, sequence }) => subject === slot && sequence === 6);
    expect(watcher.sequences).toEqual([...new Set(watcher.sequences)]);
    watching.close();
  });

  it('recovers by a reconnect alone', async () => {
    const connection = await connectNats({ servers: bench.server.url, name: 'cut off' });
    const options = { stream: made.stream, codec: noteCodec, clock };
    const log = await JetStreamEventLog.open(connection, options);
    const watcher = new Collector();
    const watching = await log.watch(slot, watcher);
    // No one gets the republished message: the client has disconnected and not yet come back.
    const reconnecting = connection.reconnect();
    await write(slot, 0, 'a1');
    await reconnecting;
    await watcher.untilText('a1');
    expect(watcher.texts).toEqual(['a1']);
    watching.close();
    await connection.close();
  });

  it('sees the last messages of more subjects than one direct get returns', async () => {
    const subjects = Array.from({ length: 1_500 }, (_, index) => `${made.root}.many.${index}`);
    await Promise.all(subjects.map((subject) => write(subject, 0, 'here')));
    const watcher = new Collector();
    const watching = await made.log.watch(`${made.root}.*.*`, watcher);
    expect(watcher.items).toHaveLength(subjects.length);
    watching.close();
  });

  it('that is slow ends with the latest of every subject', async () => {
    const latest = new Map<string, number>();
    const watcher = new Collector();
    const watching = await made.log.watch(`${made.root}.busy.*`, {
      receive(item) {
        const until = clock.now() + 2;
        while (clock.now() < until);
        latest.set(item.subject, item.sequence);
        watcher.receive(item);
      },
    });
    const subjects = Array.from({ length: 10 }, (_, index) => `${made.root}.busy.${index}`);
    const written = await Promise.all(
      subjects.map(async (subject) => {
        let last = 0;
        for (let count = 0; count < 50; count += 1) last = await write(subject, last, 'x');
        return [subject, last] as const;
      }),
    );
    await watcher.untilSequence(500);
    expect(latest).toEqual(new Map(written));
    watching.close();
  });
});

describe('An append', () => {
  it('has an unknown outcome while the server is frozen', async () => {
    await bench.freeze();
    const record = noteOf('a1');
    const verdict = await made.log.append({ subject: slot, expected: 0, record });
    expect(verdict.kind).toBe('unknown');
  });

  it('has an unknown outcome while the server is away', async () => {
    await bench.server.kill();
    const record = noteOf('a1');
    const verdict = await made.log.append({ subject: slot, expected: 0, record });
    expect(verdict.kind).toBe('unknown');
  });

  it('has an unknown outcome on a closed connection', async () => {
    const connection = await connectNats({ servers: bench.server.url, name: 'closed' });
    const options = { stream: made.stream, codec: noteCodec, clock };
    const log = await JetStreamEventLog.open(connection, options);
    await connection.close();
    const verdict = await log.append({ subject: slot, expected: 0, record: noteOf('a1') });
    expect(verdict.kind).toBe('unknown');
  });

  it('has an unknown outcome if no stream listens', async () => {
    const append = { subject: 'slot.nowhere.one.a', expected: 0, record: noteOf('a1') };
    expect((await made.log.append(append)).kind).toBe('unknown');
  });

  it.each([
    ['the stream takes', 1_500_000, 10054],
    ['the server takes', 9_000_000, 'unsent'],
  ])('that is larger than %s is refused for good', async (_, size, code) => {
    const append = { subject: slot, expected: 0, record: noteOf('x'.repeat(size)) };
    await expect(made.log.append(append)).rejects.toMatchObject({ name: 'LogRefused', code });
  });

  it('whose answer was lost is found stored, once', async () => {
    await bench.freeze();
    const append = { subject: slot, expected: 0, record: noteOf('a1'), deduplicationId: 'grant' };
    expect((await made.log.append(append)).kind).toBe('unknown');
    bench.server.resume();
    const outcome = await appendUntilKnown(made.log, append, clock, clock.now() + settleMs);
    expect(outcome).toEqual({ kind: 'stored', sequence: 1 });
    expect((await collect(made.log.read(slot))).items).toHaveLength(1);
  });

  it('without an id, whose answer was lost, is found stored, once', async () => {
    await bench.freeze();
    const append = { subject: slot, expected: 0, record: noteOf('a1') };
    expect((await made.log.append(append)).kind).toBe('unknown');
    bench.server.resume();
    const outcome = await appendUntilKnown(made.log, append, clock, clock.now() + settleMs);
    expect(outcome).toEqual({ kind: 'stored', sequence: 1 });
  });

  it('is found to be a duplicate of an earlier message with its id', async () => {
    const original = noteOf('original');
    const deduplicationId = 'grant';
    await made.log.append({ subject: slot, expected: 0, record: original, deduplicationId });
    const append = { subject: `${made.root}.one.b`, expected: 0, record: noteOf('again') };
    const outcome = await appendUntilKnown(
      made.log,
      { ...append, deduplicationId },
      clock,
      clock.now() + settleMs,
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

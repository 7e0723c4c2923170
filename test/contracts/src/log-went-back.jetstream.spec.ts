import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { appendUntilKnown, type EventLog, type LogSubscription } from '#kernel';
import { connectNats, JetStreamEventLog, LogWentBack } from '#jetstream';
import { SystemClock } from '#service-runtime';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/transport-node';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Collector } from './collector.js';
import { CutLine } from './cut-line.js';
import { JetStreamBench, writeSurely, type JetStreamUnderTest } from './jetstream.js';
import { noteCodec, type Note } from './note.js';

const clock = new SystemClock();

let bench: JetStreamBench;
let made: JetStreamUnderTest;
let slot: string;
let line: CutLine;
let reader: NatsConnection;
let readerLog: EventLog<Note>;
let told: unknown[];

async function write(from: number, count: number): Promise<void> {
  for (let expected = from; expected < from + count; expected += 1) {
    await writeSurely(made.log, slot, expected, 'x');
  }
}

const store = () => join(bench.dataDirectory, 'jetstream');
const copy = () => join(bench.dataDirectory, 'copy');

/** Copies the store while the server runs, like a snapshot of the machine. */
const copyStore = () => cp(store(), copy(), { recursive: true });

/** Restores the copy, like a power cut or a restored machine. */
async function putStoreBack(): Promise<void> {
  await bench.server.kill();
  await rm(store(), { recursive: true });
  await cp(copy(), store(), { recursive: true });
  await bench.server.restart();
}

/** A consumer that has read ten records, of which the copy has five. */
async function readBeyondTheCopy(): Promise<[Collector, LogSubscription]> {
  await write(0, 5);
  const follower = new Collector();
  const following = await readerLog.follow(0, follower);
  await copyStore();
  await write(5, 5);
  await follower.untilSequence(10);
  return [follower, following];
}

/** Fails after 40 s, because an endless wait would keep the tests from ending. */
async function until(condition: () => boolean): Promise<void> {
  const giveUpAt = clock.now() + 40_000;
  while (!condition()) {
    if (clock.now() >= giveUpAt) throw new Error('it did not come about within 40 s');
    await clock.sleep(50);
  }
}

const untilTold = () => until(() => told.length > 0);

describe.each([
  ['consumers', true],
  ['direct gets', false],
])('Read by %s', (_, consumers) => {
  beforeEach(async () => {
    bench = await JetStreamBench.start();
    made = await bench.makeLog();
    slot = `${made.root}.one.a`;
    line = await CutLine.to(bench.server.port);
    reader = await connectNats({ servers: line.url, name: 'reader' });
    told = [];
    readerLog = await JetStreamEventLog.open(reader, {
      stream: made.stream,
      codec: noteCodec,
      clock,
      onError: (error) => told.push(error),
      consumers,
    });
  });

  afterEach(async () => {
    await reader.close();
    await line.close();
    await bench.stop();
  });

  describe('A follower of a log that was restored from an older copy', () => {
    it('reports it if others have written past its position while it was cut off', async () => {
      const [follower] = await readBeyondTheCopy();
      line.cut();
      await putStoreBack();
      await write(5, 10);
      line.mend();
      await untilTold();
      expect(told).toEqual([expect.any(LogWentBack)]);
      expect(String(told[0])).toContain('at 10 stands another record than was read there');
      await write(15, 1);
      await clock.sleep(1_000);
      expect(follower.sequences.at(-1)).toBe(10);
      expect(told).toHaveLength(1);
    }, 60_000);

    it('reports it if the log ends before its position, and delivers nothing from then on', async () => {
      const [follower, following] = await readBeyondTheCopy();
      await putStoreBack();
      await untilTold();
      expect(told).toEqual([expect.any(LogWentBack)]);
      expect(String(told[0])).toContain('it was read up to 10 and ends at 5');
      await write(5, 10);
      await clock.sleep(1_000);
      expect(follower.sequences.at(-1)).toBe(10);
      expect(following.silentMs).toBeGreaterThan(1_000);
    }, 60_000);

    it('continues if the copy has everything that it has read', async () => {
      await write(0, 5);
      const follower = new Collector();
      await readerLog.follow(0, follower);
      await follower.untilSequence(5);
      await copyStore();
      await putStoreBack();
      await write(5, 5);
      await follower.untilSequence(10);
      expect(told).toEqual([]);
    }, 60_000);

    it('compares the message at its starting position, even if it has read nothing itself', async () => {
      await write(0, 3);
      await copyStore();
      await write(3, 2);
      await readerLog.follow(5, new Collector());
      line.cut();
      await putStoreBack();
      await write(3, 5);
      line.mend();
      await untilTold();
      expect(String(told[0])).toContain('at 5 stands another record');
    }, 60_000);
  });

  describe('A writer of a log that was restored from an older copy', () => {
    const append = (expected: number, id: string) =>
      readerLog.append({ subject: slot, expected, record: { id, text: id } });

    /** The server forgets the reader's consumer, so that nothing is delivered for a moment. */
    async function stopDelivery(): Promise<void> {
      const { consumers } = await jetstreamManager(bench.connection);
      for await (const { name } of consumers.list(made.stream)) {
        await consumers.delete(made.stream, name);
      }
    }

    /** Once more if the reader has noticed that nothing is delivered: it compares then. */
    async function appendUndelivered(expected: number, id: string) {
      for (;;) {
        await stopDelivery();
        const verdict = await append(expected, id);
        if (verdict.kind !== 'unknown') return verdict;
      }
    }

    it('writes nothing more if its own last record is lost, although another has its place', async () => {
      await write(0, 5);
      await readerLog.follow(5, new Collector());
      await copyStore();
      expect(await appendUndelivered(5, 'own')).toEqual({ kind: 'stored', sequence: 6 });
      line.cut();
      await putStoreBack();
      await write(5, 1);
      line.mend();
      const verdicts = new Set<string>();
      const giveUpAt = clock.now() + 20_000;
      while (told.length === 0 && clock.now() < giveUpAt) {
        verdicts.add((await append(6, 'next')).kind);
        await clock.sleep(1);
      }
      verdicts.add((await append(6, 'next')).kind);
      expect([...verdicts]).toEqual(['unknown']);
      expect(told).toEqual([expect.any(LogWentBack)]);
      expect(String(told[0])).toContain('at 6 stands another record');
      expect(await made.log.end()).toBe(6);
    }, 60_000);

    it('goes on writing if the copy has its own last record', async () => {
      await write(0, 5);
      await readerLog.follow(5, new Collector());
      expect(await append(5, 'own')).toEqual({ kind: 'stored', sequence: 6 });
      await copyStore();
      await putStoreBack();
      const record = { id: 'next', text: 'next' };
      const next = { subject: slot, expected: 6, record };
      const outcome = await appendUntilKnown(readerLog, next, clock, clock.now() + 30_000);
      expect(outcome).toEqual({ kind: 'stored', sequence: 7 });
      expect(told).toEqual([]);
    }, 60_000);
  });

  describe('A watcher of a log that was restored from an older copy', () => {
    class Watcher extends Collector {
      startedOverAfter: number[] = [];

      startedOver(): void {
        this.startedOverAfter.push(this.items.length);
      }
    }

    it('starts over from the last messages, and accepts lower sequences', async () => {
      await write(0, 5);
      await copyStore();
      await write(5, 5);
      const watcher = new Watcher();
      const watching = await readerLog.watch(`${made.root}.one.*`, watcher);
      expect(watcher.sequences).toEqual([10]);
      await putStoreBack();
      await until(() => watcher.items.length >= 2);
      await write(5, 1);
      await until(() => watcher.items.length >= 3);
      expect(watcher.sequences).toEqual([10, 5, 6]);
      expect(watcher.startedOverAfter).toEqual([1]);
      expect(told).toEqual([]);
      watching.close();
    }, 60_000);

    it('starts over if others have written past its position while it was cut off', async () => {
      await write(0, 5);
      await copyStore();
      await write(5, 5);
      const watcher = new Watcher();
      const watching = await readerLog.watch(`${made.root}.one.*`, watcher);
      line.cut();
      await putStoreBack();
      await write(5, 5);
      line.mend();
      await until(() => watcher.items.length >= 2);
      expect(watcher.sequences).toEqual([10, 10]);
      expect(watcher.startedOverAfter).toEqual([1]);
      watching.close();
    }, 60_000);

    it('starts over even if it may read only exact subjects, and others have continued to write', async () => {
      await write(0, 5);
      await copyStore();
      await write(5, 5);
      const watcher = new Watcher();
      const watching = await readerLog.watch([slot], watcher);
      expect(watcher.sequences).toEqual([10]);
      line.cut();
      await putStoreBack();
      const own = slot;
      slot = `${made.root}.two.b`;
      await write(0, 1);
      await write(6, 9);
      line.mend();
      await until(() => watcher.items.length >= 2);
      expect(watcher.sequences).toEqual([10, 5]);
      expect(watcher.items.at(-1)?.subject).toBe(own);
      expect(watcher.startedOverAfter).toEqual([1]);
      watching.close();
    }, 60_000);
  });
});

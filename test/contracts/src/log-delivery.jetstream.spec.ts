import { describe, expect, it } from '@jest/globals';
import { TransientError, type LogSubscription } from '#kernel';
import { connectNats, JetStreamEventLog, LogWentBack } from '#jetstream';
import { SystemClock } from '#service-runtime';
import { jetstreamManager } from '@nats-io/jetstream';
import { collect, Collector } from './collector.js';
import { upTo } from './jetstream.js';
import { noteCodec } from './note.js';
import { bench, made, serverForEach, slot, write } from './server-for-each.js';

const clock = new SystemClock();

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

describe.each([
  ['consumers', true],
  ['direct gets', false],
])('Read by %s', (_, consumers) => {
  serverForEach(consumers);

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

    it('continues when the consumers are deleted on the server', async () => {
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
});

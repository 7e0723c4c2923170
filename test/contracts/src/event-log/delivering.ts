import { describe, expect, it } from '@jest/globals';
import { Collector } from '../collector.js';
import { a, b, garbage, log, root, stored, write } from './log-under-test.js';

/** What followers and watchers are sent. */
export function delivering(): void {
  describe('with a follower', () => {
    it('delivers what was stored before and what is stored later, in order', async () => {
      await stored(a, 0, 'a1');
      await stored(b, 0, 'b1');
      const follower = new Collector();
      const following = await log.follow(0, follower);
      await stored(a, 1, 'a2');
      await follower.untilText('a2');
      expect(follower.sequences).toEqual([1, 2, 3]);
      expect(following.sequence).toBe(3);
      following.close();
    });

    it('starts after the given sequence, while others write', async () => {
      for (let last = 0; last < 20; last += 1) await stored(a, last, `before ${last}`);
      const follower = new Collector();
      const starting = log.follow(7, follower);
      for (let last = 20; last < 60; last += 1) await stored(a, last, `after ${last}`);
      const following = await starting;
      await follower.untilSequence(60);
      expect(follower.sequences).toEqual(Array.from({ length: 53 }, (_, index) => index + 8));
      following.close();
    });

    it('marks what cannot be parsed as unreadable, and continues', async () => {
      const follower = new Collector();
      const following = await log.follow(0, follower);
      await garbage(a);
      await stored(b, 0, 'b1');
      await follower.untilText('b1');
      expect(follower.texts).toEqual(['unreadable', 'b1']);
      following.close();
    });

    it('says when it last had a sign of life from the log', async () => {
      const following = await log.follow(0, new Collector());
      expect(following.silentMs).toBeGreaterThanOrEqual(0);
      expect(following.silentMs).toBeLessThan(10_000);
      following.close();
    });

    it('delivers nothing more after the follower has closed', async () => {
      const [leaver, stayer] = [new Collector(), new Collector()];
      const [left, stays] = [await log.follow(0, leaver), await log.follow(0, stayer)];
      await stored(a, 0, 'a1');
      await Promise.all([leaver.untilText('a1'), stayer.untilText('a1')]);
      left.close();
      await stored(a, 1, 'a2');
      await stayer.untilText('a2');
      expect(leaver.texts).toEqual(['a1']);
      stays.close();
    });
  });

  describe('with a watcher', () => {
    it('delivers the last messages first, then each change', async () => {
      await stored(a, 0, 'a1');
      await stored(a, 1, 'a2');
      await stored(b, 0, 'b1');
      const watcher = new Collector();
      const watching = await log.watch(`${root}.one.*`, watcher);
      expect([...watcher.texts].sort()).toEqual(['a2', 'b1']);
      await stored(b, 3, 'b2');
      await watcher.untilText('b2');
      await stored(`${root}.one.c`, 0, 'c1');
      await watcher.untilText('c1');
      expect(watcher.texts.slice(2)).toEqual(['b2', 'c1']);
      watching.close();
    });

    it.each(['*', 'a'])('delivers only what matches %s', async (slot) => {
      await stored(`${root}.two.a`, 0, 'elsewhere');
      const watcher = new Collector();
      const watching = await log.watch(`${root}.one.${slot}`, watcher);
      await stored(`${root}.two.b`, 0, 'elsewhere');
      await stored(a, 0, 'a1');
      await watcher.untilText('a1');
      expect(watcher.texts).toEqual(['a1']);
      watching.close();
    });

    it('delivers only the exact subjects that it is given', async () => {
      const [first, second, other] = [a, b, `${root}.one.c`];
      await write(first, 0, 'a1');
      await write(other, 0, 'c1');
      const watcher = new Collector();
      const watching = await log.watch([first, second], watcher);
      expect(watcher.texts).toEqual(['a1']);
      await write(second, 0, 'b1');
      await write(first, 1, 'a2');
      await watcher.untilText('a2');
      expect([...watcher.texts].sort()).toEqual(['a1', 'a2', 'b1']);
      watching.close();
    });

    it('never delivers older after newer, and ends with the latest, while others write', async () => {
      const watcher = new Collector();
      const starting = log.watch(`${root}.one.*`, watcher);
      let last = 0;
      for (let count = 0; count < 50; count += 1) last = await stored(a, last, `${count}`);
      const watching = await starting;
      await watcher.untilText('49');
      expect(watcher.sequences).toEqual([...watcher.sequences].sort((x, y) => x - y));
      expect(new Set(watcher.sequences).size).toBe(watcher.sequences.length);
      watching.close();
    });

    it('marks what cannot be parsed as unreadable, and continues', async () => {
      await garbage(a);
      const watcher = new Collector();
      const watching = await log.watch(`${root}.one.*`, watcher);
      await garbage(a);
      await stored(a, 2, 'a3');
      await watcher.untilText('a3');
      expect(watcher.texts).toEqual(['unreadable', 'unreadable', 'a3']);
      watching.close();
    });

    it('delivers nothing more after the watcher has closed', async () => {
      const [leaver, stayer] = [new Collector(), new Collector()];
      const filter = `${root}.one.*`;
      const [left, stays] = [await log.watch(filter, leaver), await log.watch(filter, stayer)];
      left.close();
      await stored(a, 0, 'a1');
      await stayer.untilText('a1');
      expect(leaver.items).toEqual([]);
      stays.close();
    });
  });
}

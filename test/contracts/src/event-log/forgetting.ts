import { describe, expect, it } from '@jest/globals';
import { collect, Collector } from '../collector.js';
import { a, b, log, root, stored, write } from './log-under-test.js';

/** What is left of a subject whose messages are removed. */
export function forgetting(): void {
  describe('on forgetting a subject', () => {
    it('has nothing of it any more, and everything of the others', async () => {
      await stored(a, 0, 'a1');
      await stored(b, 0, 'b1');
      await log.forget(a, await stored(a, 1, 'a2'));
      expect(await log.last(a)).toBeUndefined();
      expect(await log.at(1)).toBeUndefined();
      const filter = `${root}.*.*`;
      expect((await collect(log.present(filter))).texts).toEqual(['b1']);
      expect((await collect(log.read(filter))).texts).toEqual(['b1']);
      expect((await collect(log.read(a))).items).toEqual([]);
    });

    it('keeps what came after the last message to forget', async () => {
      const first = await stored(a, 0, 'a1');
      await stored(a, first, 'a2');
      await log.forget(a, first);
      expect((await collect(log.read(a))).texts).toEqual(['a2']);
      expect(await write(a, 2, 'a3')).toEqual({ kind: 'stored', sequence: 3 });
    });

    it('succeeds if the subject is already forgotten or never existed', async () => {
      const last = await stored(a, 0, 'a1');
      await log.forget(a, last);
      await log.forget(a, last);
      await log.forget(b, last);
      expect(await log.end()).toBe(last);
    });

    it('refuses writers that still expect a forgotten message', async () => {
      const first = await stored(a, 0, 'a1');
      const last = await stored(a, first, 'a2');
      await log.forget(a, last);
      expect(await write(a, last, 'late')).toEqual({ kind: 'conflict' });
      expect(await write(a, first, 'later still')).toEqual({ kind: 'conflict' });
      expect(await log.last(a)).toBeUndefined();
    });

    it('never uses a sequence again', async () => {
      await log.forget(a, await stored(a, 0, 'a1'));
      expect(await stored(b, 0, 'b1')).toBe(2);
    });

    it('still knows the de-duplication ids of forgotten messages', async () => {
      await write(a, 0, 'a1', 'grant');
      await log.forget(a, 1);
      expect(await write(b, 0, 'b1', 'grant')).toEqual({ kind: 'duplicate', sequence: 1 });
    });

    it('keeps delivering to a follower, behind the gap or before it', async () => {
      await stored(a, 0, 'a1');
      await stored(b, 0, 'b1');
      const early = new Collector();
      const following = await log.follow(0, early);
      await early.untilText('b1');
      await log.forget(a, 1);
      await stored(b, 2, 'b2');
      await early.untilText('b2');
      expect(early.texts).toEqual(['a1', 'b1', 'b2']);
      const late = new Collector();
      const followingLate = await log.follow(0, late);
      await late.untilText('b2');
      expect(late.texts).toEqual(['b1', 'b2']);
      following.close();
      followingLate.close();
    });

    it('keeps delivering to a watcher', async () => {
      await stored(a, 0, 'a1');
      const watcher = new Collector();
      const watching = await log.watch(`${root}.one.*`, watcher);
      await log.forget(a, 1);
      await stored(b, 0, 'b1');
      await watcher.untilText('b1');
      expect(watcher.texts).toEqual(['a1', 'b1']);
      watching.close();
    });
  });
}

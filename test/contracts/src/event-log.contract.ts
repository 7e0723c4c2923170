import { beforeEach, describe, expect, it } from '@jest/globals';
import type { EventLog, Verdict } from '#kernel';
import { collect, Collector } from './collector.js';
import type { Note } from './note.js';

/** A log for one test, with operations that only a test needs. */
export interface LogUnderTest {
  readonly log: EventLog<Note>;
  /** The prefix of every subject of this log: `note.<something>`. Two more tokens follow. */
  readonly root: string;
  /** Stores bytes that no codec would write. */
  corrupt(subject: string, body: Uint8Array): Promise<void>;
  /** Advances the log's clock by at least a millisecond, and returns its time (epoch ms). */
  nextInstant(): Promise<number>;
}

/** What every implementation of the event log must do. */
export function eventLogContract(name: string, makeLog: () => Promise<LogUnderTest>): void {
  describe(`An event log (${name})`, () => {
    let log: EventLog<Note>;
    let made: LogUnderTest;
    let a: string;
    let b: string;
    let drawn = 0;

    beforeEach(async () => {
      made = await makeLog();
      log = made.log;
      a = `${made.root}.one.a`;
      b = `${made.root}.one.b`;
    });

    /** Appends a note of which only the text matters. */
    function write(
      subject: string,
      expected: number,
      text: string,
      deduplicationId?: string,
    ): Promise<Verdict> {
      drawn += 1;
      const record = { id: `note-${drawn}`, text };
      const id = deduplicationId === undefined ? {} : { deduplicationId };
      return log.append({ subject, expected, record, ...id });
    }

    async function stored(subject: string, expected: number, text: string): Promise<number> {
      const verdict = await write(subject, expected, text);
      if (verdict.kind !== 'stored') throw new Error(`the answer was ${verdict.kind}`);
      return verdict.sequence;
    }

    async function garbage(subject: string): Promise<void> {
      await made.corrupt(subject, new TextEncoder().encode('{"id":'));
    }

    describe('on an append', () => {
      it('stores the first message of a subject if none is expected', async () => {
        expect(await write(a, 0, 'first')).toEqual({ kind: 'stored', sequence: 1 });
      });

      it('counts its sequences across subjects', async () => {
        await stored(a, 0, 'a1');
        expect(await write(b, 0, 'b1')).toEqual({ kind: 'stored', sequence: 2 });
        expect(await write(a, 1, 'a2')).toEqual({ kind: 'stored', sequence: 3 });
      });

      it.each([
        ['none', 0],
        ['an older one', 1],
        ['one that is not there yet', 9],
      ])('writes nothing if %s is expected and another is there', async (_, expected) => {
        await stored(a, 0, 'a1');
        await stored(a, 1, 'a2');
        expect(await write(a, expected, 'late')).toEqual({ kind: 'conflict' });
        expect((await collect(log.read(a))).texts).toEqual(['a1', 'a2']);
      });

      it('writes nothing if a message is expected on a subject that has none', async () => {
        await stored(a, 0, 'a1');
        expect(await write(b, 1, 'early')).toEqual({ kind: 'conflict' });
        expect(await log.last(b)).toBeUndefined();
      });

      it('lets exactly one of 20 racing writers win', async () => {
        await stored(a, 0, 'a1');
        const race = Array.from({ length: 20 }, (_, racer) => write(a, 1, `racer ${racer}`));
        const kinds = (await Promise.all(race)).map(({ kind }) => kind);
        expect(kinds.filter((kind) => kind === 'stored')).toHaveLength(1);
        expect((await collect(log.read(a))).items).toHaveLength(2);
      });
    });

    describe('on an append with a de-duplication id', () => {
      it('stores it once, and then returns the original', async () => {
        await stored(b, 0, 'other');
        expect(await write(a, 0, 'original', 'grant')).toEqual({ kind: 'stored', sequence: 2 });
        expect(await write(b, 1, 'again', 'grant')).toEqual({ kind: 'duplicate', sequence: 2 });
        expect((await collect(log.read(`${made.root}.*.*`))).texts).toEqual(['other', 'original']);
      });

      it('answers a repeated message with duplicate or conflict, and keeps one', async () => {
        const append = { subject: a, expected: 0, record: { id: 'same', text: 'x' } };
        await log.append({ ...append, deduplicationId: 'grant' });
        const { kind } = await log.append({ ...append, deduplicationId: 'grant' });
        expect(['duplicate', 'conflict']).toContain(kind);
        expect((await collect(log.read(a))).items).toHaveLength(1);
      });

      it('does not use the id up in a conflict', async () => {
        await stored(a, 0, 'taken');
        expect(await write(a, 0, 'loses', 'grant')).toEqual({ kind: 'conflict' });
        expect(await write(b, 0, 'wins', 'grant')).toEqual({ kind: 'stored', sequence: 2 });
      });

      it('accepts at most one of 20 racing writers on as many subjects', async () => {
        const race = Array.from({ length: 20 }, (_, slot) =>
          write(`${made.root}.one.slot-${slot}`, 0, `racer ${slot}`, 'grant'),
        );
        const kinds = (await Promise.all(race)).map(({ kind }) => kind);
        expect(kinds.filter((kind) => kind === 'stored')).toHaveLength(1);
        expect((await collect(log.read(`${made.root}.*.*`))).items).toHaveLength(1);
      });
    });

    it('returns its last sequence', async () => {
      expect(await log.end()).toBe(0);
      await stored(a, 0, 'a1');
      const last = await stored(b, 0, 'b1');
      expect(await log.end()).toBe(last);
    });

    it('returns the time with which it dates what it stores', async () => {
      await stored(a, 0, 'before');
      await made.nextInstant();
      const at = await log.time();
      await made.nextInstant();
      await stored(a, 1, 'after');
      expect((await collect(log.read(a, { at }))).texts).toEqual(['after']);
    });

    describe('on a read of one message', () => {
      it('returns the last one of a subject', async () => {
        await stored(a, 0, 'a1');
        await stored(b, 0, 'b1');
        await stored(a, 1, 'a2');
        expect(await log.last(a)).toMatchObject({
          kind: 'recorded',
          subject: a,
          sequence: 3,
          record: { text: 'a2' },
        });
      });

      it('returns the one at a sequence', async () => {
        await stored(a, 0, 'a1');
        await stored(b, 0, 'b1');
        expect(await log.at(1)).toMatchObject({ subject: a, sequence: 1, record: { text: 'a1' } });
      });

      it('returns nothing if there is none', async () => {
        expect(await log.last(a)).toBeUndefined();
        expect(await log.at(1)).toBeUndefined();
        await stored(a, 0, 'a1');
        expect(await log.last(b)).toBeUndefined();
        expect(await log.at(2)).toBeUndefined();
      });

      it('marks what cannot be parsed as unreadable', async () => {
        await garbage(a);
        const aside = { kind: 'unreadable', subject: a, sequence: 1, reason: 'not JSON' };
        expect(await log.last(a)).toEqual(aside);
        expect(await log.at(1)).toEqual(aside);
      });
    });

    describe('on a read of the last messages', () => {
      it('returns nothing while it is empty', async () => {
        expect((await collect(log.present(`${made.root}.*.*`))).items).toEqual([]);
      });

      it('returns nothing if no subject matches', async () => {
        await stored(a, 0, 'a1');
        expect((await collect(log.present(`${made.root}.two.*`))).items).toEqual([]);
      });

      it.each(['*.*', 'one.*', '*.a', 'one.a', '>'])(
        'returns the one that matches %s',
        async (end) => {
          await stored(a, 0, 'a1');
          await stored(a, 1, 'a2');
          expect((await collect(log.present(`${made.root}.${end}`))).texts).toEqual(['a2']);
        },
      );

      it('returns the last message of each of many subjects, in order', async () => {
        const subjects = Array.from({ length: 300 }, (_, slot) => `${made.root}.many.${slot}`);
        const first = await Promise.all(subjects.map((subject) => stored(subject, 0, 'old')));
        const again = subjects.filter((_, slot) => slot % 3 === 0);
        await Promise.all(
          again.map((subject) => stored(subject, first[subjects.indexOf(subject)] ?? 0, 'new')),
        );
        await stored(a, 0, 'a1');
        const { items, sequences, texts } = await collect(log.present(`${made.root}.many.*`));
        expect(items.map(({ subject }) => subject).sort()).toEqual([...subjects].sort());
        expect(texts.filter((text) => text === 'new')).toHaveLength(again.length);
        expect(sequences).toEqual([...sequences].sort((x, y) => x - y));
      });

      it('marks what cannot be parsed as unreadable, and continues', async () => {
        await stored(a, 0, 'a1');
        await garbage(b);
        await stored(`${made.root}.one.c`, 0, 'c1');
        const { texts } = await collect(log.present(`${made.root}.*.*`));
        expect(texts).toEqual(['a1', 'unreadable', 'c1']);
      });
    });

    describe('on a read of a history', () => {
      beforeEach(async () => {
        await stored(a, 0, 'a1');
        await stored(b, 0, 'b1');
        await stored(a, 1, 'a2');
        await garbage(b);
        await stored(a, 3, 'a3');
      });

      it('returns the history of one subject', async () => {
        const history = await collect(log.read(a));
        expect(history.texts).toEqual(['a1', 'a2', 'a3']);
        expect(history.sequences).toEqual([1, 3, 5]);
      });

      it('returns everything that matches, and marks what cannot be parsed as unreadable', async () => {
        const { texts } = await collect(log.read(`${made.root}.*.*`));
        expect(texts).toEqual(['a1', 'b1', 'a2', 'unreadable', 'a3']);
      });

      it('returns nothing if no subject matches', async () => {
        expect((await collect(log.read(`${made.root}.two.*`))).items).toEqual([]);
      });

      it('starts at a sequence, inclusive', async () => {
        const filter = `${made.root}.*.*`;
        expect((await collect(log.read(filter, { sequence: 3 }))).sequences).toEqual([3, 4, 5]);
        expect((await collect(log.read(a, { sequence: 2 }))).sequences).toEqual([3, 5]);
        expect((await collect(log.read(filter, { sequence: 6 }))).sequences).toEqual([]);
      });

      it('starts at an instant', async () => {
        const at = await made.nextInstant();
        await stored(b, 4, 'b2');
        expect((await collect(log.read(`${made.root}.*.*`, { at }))).texts).toEqual(['b2']);
        const { items } = await collect(log.read(`${made.root}.*.*`, { at: at - 60_000 }));
        expect(items).toHaveLength(6);
      });

      it('leaves out what does not mention a text', async () => {
        const filter = `${made.root}.*.*`;
        expect((await collect(log.read(filter, undefined, '"a2"'))).sequences).toEqual([3]);
        expect((await collect(log.read(a, { sequence: 2 }, 'a'))).sequences).toEqual([3, 5]);
        expect((await collect(log.read(filter, undefined, 'a4'))).sequences).toEqual([]);
      });

      it('can be left before its end', async () => {
        for await (const item of log.read(`${made.root}.*.*`)) {
          if (item.sequence === 2) break;
        }
        expect((await collect(log.read(a))).items).toHaveLength(3);
      });

      it('ends even if writers continue', async () => {
        let last = 5;
        for await (const { sequence } of log.read(a)) {
          last = await stored(a, last, 'meanwhile');
          if (sequence > 500) throw new Error('there is no end to it');
        }
      });
    });

    describe('on forgetting a subject', () => {
      it('has nothing of it any more, and everything of the others', async () => {
        await stored(a, 0, 'a1');
        await stored(b, 0, 'b1');
        await log.forget(a, await stored(a, 1, 'a2'));
        expect(await log.last(a)).toBeUndefined();
        expect(await log.at(1)).toBeUndefined();
        const filter = `${made.root}.*.*`;
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
        const watching = await log.watch(`${made.root}.one.*`, watcher);
        await log.forget(a, 1);
        await stored(b, 0, 'b1');
        await watcher.untilText('b1');
        expect(watcher.texts).toEqual(['a1', 'b1']);
        watching.close();
      });
    });

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
        const watching = await log.watch(`${made.root}.one.*`, watcher);
        expect([...watcher.texts].sort()).toEqual(['a2', 'b1']);
        await stored(b, 3, 'b2');
        await watcher.untilText('b2');
        await stored(`${made.root}.one.c`, 0, 'c1');
        await watcher.untilText('c1');
        expect(watcher.texts.slice(2)).toEqual(['b2', 'c1']);
        watching.close();
      });

      it.each(['*', 'a'])('delivers only what matches %s', async (slot) => {
        await stored(`${made.root}.two.a`, 0, 'elsewhere');
        const watcher = new Collector();
        const watching = await log.watch(`${made.root}.one.${slot}`, watcher);
        await stored(`${made.root}.two.b`, 0, 'elsewhere');
        await stored(a, 0, 'a1');
        await watcher.untilText('a1');
        expect(watcher.texts).toEqual(['a1']);
        watching.close();
      });

      it('tells the present of exact subjects, in their own order', async () => {
        await stored(a, 0, 'a1');
        await stored(b, 0, 'b1');
        await stored(a, 1, 'a2');
        const never = `${made.root}.one.never`;
        expect((await collect(log.present([b, never, a]))).texts).toEqual(['b1', 'a2']);
      });

      it('delivers only the exact subjects that it is given', async () => {
        const [first, second, other] = [a, b, `${made.root}.one.c`];
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
        const starting = log.watch(`${made.root}.one.*`, watcher);
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
        const watching = await log.watch(`${made.root}.one.*`, watcher);
        await garbage(a);
        await stored(a, 2, 'a3');
        await watcher.untilText('a3');
        expect(watcher.texts).toEqual(['unreadable', 'unreadable', 'a3']);
        watching.close();
      });

      it('delivers nothing more after the watcher has closed', async () => {
        const [leaver, stayer] = [new Collector(), new Collector()];
        const filter = `${made.root}.one.*`;
        const [left, stays] = [await log.watch(filter, leaver), await log.watch(filter, stayer)];
        left.close();
        await stored(a, 0, 'a1');
        await stayer.untilText('a1');
        expect(leaver.items).toEqual([]);
        stays.close();
      });
    });
  });
}

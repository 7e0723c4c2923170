import { beforeEach, describe, expect, it } from '@jest/globals';
import { collect } from '../collector.js';
import { a, b, garbage, log, nextInstant, root, stored } from './log-under-test.js';

/** What is read, each time from the log. */
export function reading(): void {
  it('returns its last sequence', async () => {
    expect(await log.end()).toBe(0);
    await stored(a, 0, 'a1');
    const last = await stored(b, 0, 'b1');
    expect(await log.end()).toBe(last);
  });

  it('returns the time with which it dates what it stores', async () => {
    await stored(a, 0, 'before');
    await nextInstant();
    const at = await log.time();
    await nextInstant();
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
      expect((await collect(log.present(`${root}.*.*`))).items).toEqual([]);
    });

    it('returns nothing if no subject matches', async () => {
      await stored(a, 0, 'a1');
      expect((await collect(log.present(`${root}.two.*`))).items).toEqual([]);
    });

    it.each(['*.*', 'one.*', '*.a', 'one.a', '>'])(
      'returns the one that matches %s',
      async (end) => {
        await stored(a, 0, 'a1');
        await stored(a, 1, 'a2');
        expect((await collect(log.present(`${root}.${end}`))).texts).toEqual(['a2']);
      },
    );

    it('returns the last message of each of many subjects, in order', async () => {
      const subjects = Array.from({ length: 300 }, (_, slot) => `${root}.many.${slot}`);
      const first = await Promise.all(subjects.map((subject) => stored(subject, 0, 'old')));
      const again = subjects.filter((_, slot) => slot % 3 === 0);
      await Promise.all(
        again.map((subject) => stored(subject, first[subjects.indexOf(subject)] ?? 0, 'new')),
      );
      await stored(a, 0, 'a1');
      const { items, sequences, texts } = await collect(log.present(`${root}.many.*`));
      expect(items.map(({ subject }) => subject).sort()).toEqual([...subjects].sort());
      expect(texts.filter((text) => text === 'new')).toHaveLength(again.length);
      expect(sequences).toEqual([...sequences].sort((x, y) => x - y));
    });

    it('marks what cannot be parsed as unreadable, and continues', async () => {
      await stored(a, 0, 'a1');
      await garbage(b);
      await stored(`${root}.one.c`, 0, 'c1');
      const { texts } = await collect(log.present(`${root}.*.*`));
      expect(texts).toEqual(['a1', 'unreadable', 'c1']);
    });

    it('tells the present of exact subjects, in their own order', async () => {
      await stored(a, 0, 'a1');
      await stored(b, 0, 'b1');
      await stored(a, 1, 'a2');
      const never = `${root}.one.never`;
      expect((await collect(log.present([b, never, a]))).texts).toEqual(['b1', 'a2']);
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
      const { texts } = await collect(log.read(`${root}.*.*`));
      expect(texts).toEqual(['a1', 'b1', 'a2', 'unreadable', 'a3']);
    });

    it('returns nothing if no subject matches', async () => {
      expect((await collect(log.read(`${root}.two.*`))).items).toEqual([]);
    });

    it('starts at a sequence, inclusive', async () => {
      const filter = `${root}.*.*`;
      expect((await collect(log.read(filter, { sequence: 3 }))).sequences).toEqual([3, 4, 5]);
      expect((await collect(log.read(a, { sequence: 2 }))).sequences).toEqual([3, 5]);
      expect((await collect(log.read(filter, { sequence: 6 }))).sequences).toEqual([]);
    });

    it('starts at an instant', async () => {
      const at = await nextInstant();
      await stored(b, 4, 'b2');
      expect((await collect(log.read(`${root}.*.*`, { at }))).texts).toEqual(['b2']);
      const { items } = await collect(log.read(`${root}.*.*`, { at: at - 60_000 }));
      expect(items).toHaveLength(6);
    });

    it('leaves out what does not mention a text', async () => {
      const filter = `${root}.*.*`;
      expect((await collect(log.read(filter, undefined, '"a2"'))).sequences).toEqual([3]);
      expect((await collect(log.read(a, { sequence: 2 }, 'a'))).sequences).toEqual([3, 5]);
      expect((await collect(log.read(filter, undefined, 'a4'))).sequences).toEqual([]);
    });

    it('can be left before its end', async () => {
      for await (const item of log.read(`${root}.*.*`)) {
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
}

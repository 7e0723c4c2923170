import { describe, expect, it } from '@jest/globals';
import { collect } from '../collector.js';
import { a, b, log, root, stored, write } from './log-under-test.js';

/** What is stored, and what is refused. */
export function appending(): void {
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
      expect((await collect(log.read(`${root}.*.*`))).texts).toEqual(['other', 'original']);
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
        write(`${root}.one.slot-${slot}`, 0, `racer ${slot}`, 'grant'),
      );
      const kinds = (await Promise.all(race)).map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === 'stored')).toHaveLength(1);
      expect((await collect(log.read(`${root}.*.*`))).items).toHaveLength(1);
    });
  });
}

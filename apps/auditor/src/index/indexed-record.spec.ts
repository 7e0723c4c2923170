import { aLife, storedLog } from '#testing';
import { slotRecordCodec } from '#wire';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ClaimFold } from './claim-fold.js';
import { indexedRecordCodec } from './indexed-record.js';

const SUBJECT = 'slot.eu.m.1';
const log = [...storedLog({ slots: 5, sessions: 8 })];

describe('What the index reads of an event', () => {
  it('has its id and its instant, whether it is parsed or not', () => {
    for (const { subject, body } of log) {
      const { id, event } = slotRecordCodec.decode(subject, body);
      expect(indexedRecordCodec.decode(subject, body)).toMatchObject({ id, at: event.at });
    }
  });

  it('gives, over many lives, the same claims as all that the event says', () => {
    fc.assert(
      fc.property(aLife(), ({ steps }) => {
        const [short, full] = [new ClaimFold([]), new ClaimFold([])];
        for (const [index, step] of steps.entries()) {
          const written = { id: `r-${index}`, source: 'berth/allocator/a', ...step };
          const body = slotRecordCodec.encode(SUBJECT, written);
          const { record } = indexedRecordCodec.decode(SUBJECT, body);
          expect(short.take(SUBJECT, index, record)).toEqual(full.take(SUBJECT, index, written));
        }
      }),
    );
  });

  it('leaves nearly half of the events unparsed', () => {
    const parsed = log.filter(({ subject, body }) => {
      return indexedRecordCodec.decode(subject, body).record !== undefined;
    });
    expect(parsed.length).toBeLessThan(0.65 * log.length);
  });

  it('is of its own subject', () => {
    for (const { body } of log.slice(0, 20)) {
      expect(() => indexedRecordCodec.decode('slot.eu.other.1', body)).toThrow('stands on');
    }
  });
});

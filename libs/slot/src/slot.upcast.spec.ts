import { parseJson, printJson } from '#json';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { firstDifference, slotEvent, slotState, type SlotEvent, type SlotState } from '#slot';
import { aLife, anEvent } from '#testing';

/** What versions up to 0.2.0 did not record yet. */
const SINCE = new Set(['cause', 'outcome', 'failedStarts']);
const asBefore = (value: unknown) => printJson(without(value));

function without(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !isPlain(value)) return value;
  if (Array.isArray(value)) return value.map(without);
  const known = Object.entries(value).filter(([key]) => !SINCE.has(key));
  return Object.fromEntries(known.map(([key, inner]) => [key, without(inner)]));
}

const isPlain = (value: object) => Array.isArray(value) || value.constructor === Object;

describe('A record from before events had causes', () => {
  it('is read with nothing else changed, and still replays', () => {
    const law = fc.property(aLife(), ({ steps }) => {
      const read = steps.map(({ event, state }) => ({
        event: parseJson(slotEvent, asBefore(event)),
        state: parseJson(slotState, asBefore(state)),
      }));
      const known = (record: object): unknown => JSON.parse(asBefore(record));
      expect(read.map(known)).toEqual(steps.map(known));
      expect(firstDifference(read)).toBeUndefined();
    });
    fc.assert(law);
  });

  it.each([
    ["beyond the fleet's maximum", 'fleet-maximum'],
    ['the process ended before it answered', 'process-ended'],
    ['the map is missing', 'game'],
    ['constructor', 'game'],
  ])('gets its cause from "%s": %s', (reason, cause) => {
    const event = asBefore(anEvent('CallbackRefused', { reason }));
    expect(parseJson(slotEvent, event)).toMatchObject({ reason, cause });
  });
});

describe('A record with a cause', () => {
  it('keeps it, whatever its reason says', () => {
    const event = anEvent('CallbackRefused', { reason: "beyond the fleet's maximum" });
    expect(parseJson<SlotEvent>(slotEvent, printJson(event))).toEqual(event);
  });

  it('keeps its outcome', () => {
    fc.assert(
      fc.property(aLife(), ({ steps }) => {
        for (const { state } of steps) {
          expect(parseJson<SlotState>(slotState, printJson(state))).toEqual(state);
        }
      }),
      { numRuns: 20 },
    );
  });
});

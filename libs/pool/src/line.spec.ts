import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anOffer } from '#testing';
import { Line, type Waiting } from './line.js';
import { fits, type Wish } from './wish.js';

const docks: Wish = { attributes: { map: 'docks' } };
const peaks: Wish = { attributes: { map: 'peaks' } };
const anything: Wish = { attributes: {} };
const wishes = [docks, peaks, anything];
const offers = ['docks', 'peaks', 'caves'].map((map) => anOffer({ attributes: { map } }));

describe('a line', () => {
  test('calls the first whom the slot fits, whoever else is ahead', () => {
    const line = new Line();
    const [one, two, three] = [docks, peaks, anything].map((wish, place) => ({ wish, place }));
    for (const waiter of [one!, two!, three!]) line.add(waiter);
    expect(offers.map((offer) => line.firstFor(offer))).toEqual([one, two, three]);
  });

  test('lets one who comes back stand where they stood', () => {
    const line = new Line();
    const [one, two] = [1, 2].map((place) => ({ wish: docks, place }));
    line.add(two!);
    line.add(one!);
    expect(line.firstFor(offers[0]!)).toBe(one);
    line.delete(one!);
    expect(line.firstFor(offers[0]!)).toBe(two);
    expect(line.size).toBe(1);
  });

  test('is empty once everybody has left, however often they leave', () => {
    const line = new Line();
    const one = { wish: docks, place: 1 };
    line.add(one);
    line.delete(one);
    line.delete(one);
    expect([line.size, line.all, line.firstFor(offers[0]!)]).toEqual([0, [], undefined]);
  });

  test('calls whom a search through everybody finds', () => {
    const step = fc.record({
      wish: fc.constantFrom(...wishes),
      place: fc.nat(30),
      leaves: fc.boolean(),
    });
    const law = fc.property(fc.array(step), (steps) => {
      const line = new Line();
      const model = new Map<number, Waiting>();
      for (const { wish, place, leaves } of steps) {
        const known = model.get(place);
        if (leaves && known !== undefined) {
          line.delete(known);
          model.delete(place);
        } else if (known === undefined) {
          const waiter = { wish, place };
          line.add(waiter);
          model.set(place, waiter);
        }
        const sorted = [...model.values()].sort((a, b) => a.place - b.place);
        for (const offer of offers) {
          expect(line.firstFor(offer)).toBe(sorted.find((waiter) => fits(waiter.wish, offer)));
        }
        expect(line.size).toBe(model.size);
      }
    });
    fc.assert(law);
  });
});

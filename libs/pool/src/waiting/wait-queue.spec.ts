import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { anOffer } from '#testing';
import { fits, type SlotRequirements } from '../slot-requirements.js';
import { WaitQueue, type Waiting } from './wait-queue.js';

const docks: SlotRequirements = { attributes: { map: 'docks' } };
const peaks: SlotRequirements = { attributes: { map: 'peaks' } };
const anything: SlotRequirements = { attributes: {} };
const required = [docks, peaks, anything];
const offers = ['docks', 'peaks', 'caves'].map((map) => anOffer({ attributes: { map } }));

describe('A wait queue', () => {
  test('calls the first request that the slot fits, whatever waits ahead of it', () => {
    const queue = new WaitQueue();
    const [one, two, three] = [docks, peaks, anything].map((requirements, place) => ({
      requirements,
      place,
    }));
    for (const waiter of [one!, two!, three!]) queue.add(waiter);
    expect(offers.map((offer) => queue.firstFor(offer))).toEqual([one, two, three]);
  });

  test('gives a request that returns its former place', () => {
    const queue = new WaitQueue();
    const [one, two] = [1, 2].map((place) => ({ requirements: docks, place }));
    queue.add(two!);
    queue.add(one!);
    expect(queue.firstFor(offers[0]!)).toBe(one);
    queue.delete(one!);
    expect(queue.firstFor(offers[0]!)).toBe(two);
    expect(queue.size).toBe(1);
  });

  test('is empty once all have left, however often each leaves', () => {
    const queue = new WaitQueue();
    const one = { requirements: docks, place: 1 };
    queue.add(one);
    queue.delete(one);
    queue.delete(one);
    expect([queue.size, queue.firstFor(offers[0]!)]).toEqual([0, undefined]);
  });

  test('calls the same request as a search through all would find', () => {
    const step = fc.record({
      requirements: fc.constantFrom(...required),
      place: fc.nat(30),
      leaves: fc.boolean(),
    });
    const law = fc.property(fc.array(step), (steps) => {
      const queue = new WaitQueue();
      const model = new Map<number, Waiting>();
      for (const { requirements, place, leaves } of steps) {
        const known = model.get(place);
        if (leaves && known !== undefined) {
          queue.delete(known);
          model.delete(place);
        } else if (known === undefined) {
          const waiter = { requirements, place };
          queue.add(waiter);
          model.set(place, waiter);
        }
        const sorted = [...model.values()].sort((a, b) => a.place - b.place);
        for (const offer of offers) {
          expect(queue.firstFor(offer)).toBe(
            sorted.find((waiter) => fits(waiter.requirements, offer)),
          );
        }
        expect(queue.size).toBe(model.size);
      }
    });
    fc.assert(law);
  });
});

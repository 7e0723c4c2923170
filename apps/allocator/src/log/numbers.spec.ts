import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { slotIds } from '#multiplay';
import { anEvent, START } from '#testing';
import { slot } from '#slot';
import { slotOfSubject, slotSubject } from '#wire';
import type { Allocator } from '../allocator.js';
import { TestRegion } from '../../test/support/region.js';
import { Numbers } from './numbers.js';

/** Two pairs of slots of machine `m` in region `eu` whose names have the same number. */
const TWINS = ['35567', '37429'] as const;
const MORE_TWINS = ['33891', '73936'] as const;

describe('The numbers of slots', () => {
  let region: TestRegion;
  let one: Allocator;
  let two: Allocator;

  beforeEach(async () => {
    region = new TestRegion();
    one = await region.startAllocator();
    two = await region.startAllocator();
  });
  afterEach(() => region.close());

  function shown(allocator: Allocator): readonly number[] {
    const heads = [...TWINS, ...MORE_TWINS].map((name) =>
      allocator.pool.slots.get(slotSubject({ region: 'eu', agent: 'm', slot: name })),
    );
    return heads.flatMap((head) => {
      if (head === undefined) return [];
      const { region: eu, agent, slot: name } = slotOfSubject(head.subject);
      return [slotIds(`${eu}.${agent}.${name}`, agent, head.state.context.numbers).server];
    });
  }

  it('differ, even if two names give the same number', async () => {
    await region.own(...TWINS, ...MORE_TWINS);
    await region.pass(200);
    expect(shown(one)).toEqual([1_578_391_923, 1_578_391_924, 1_463_806_776, 1_463_806_777]);
    expect(shown(two)).toEqual(shown(one));
  });

  it('stay the same across restarts of the agent and of the allocators', async () => {
    await region.own(...TWINS);
    await region.pass(200);
    const before = shown(one);
    region.stop(one);
    const three = await region.startAllocator();
    await region.report(TWINS[1], 0, { incarnation: START + 1 });
    await region.pass(200);
    expect(shown(three)).toEqual(before);
  });

  it('are corrected if two allocators have registered slots at the same time', async () => {
    const [first, second] = TWINS.map((name) =>
      slotSubject({ region: 'eu', agent: 'm', slot: name }),
    ) as [string, string];
    for (const subject of [first, second]) {
      const event = anEvent('SlotRegistered');
      const [step] = [{ event, state: slot.evolve(slot.initial, event) }];
      const record = { id: subject, source: 'berth/allocator/old', ...step };
      await region.log.append({ subject, expected: 0, record });
    }
    await region.pass(200);
    expect(shown(one)).toEqual([1_578_391_923, 1_578_391_923]);
    await region.report(TWINS[1], 0, {});
    await region.pass(200);
    expect(shown(two)).toEqual([1_578_391_923, 1_578_391_924]);
  });
});

describe('The numbers of machines', () => {
  const subjectOf = (agent: string) => slotSubject({ region: 'eu', agent, slot: '1' });

  it('differ, even if two names give the same number', () => {
    const numbers = new Numbers();
    numbers.begin([]);
    const event = anEvent('SlotRegistered');
    numbers.take({ subject: subjectOf('pier-318'), state: slot.evolve(slot.initial, event) });
    expect(numbers.anewFor(subjectOf('pier-318'), undefined)).toBeUndefined();
    expect(numbers.anewFor(subjectOf('pier-62704'), undefined)).toEqual({ machine: 258_159_209 });
  });

  it('that a slot had before the log was read belong to nobody', () => {
    const subject = subjectOf('pier-318');
    const stateWith = (server: number) =>
      slot.evolve(slot.initial, anEvent('SlotRegistered', { numbers: { server, machine: 1 } }));
    const numbers = new Numbers();
    numbers.take({ subject, state: stateWith(5) });
    const state = stateWith(6);
    numbers.begin([{ subject, sequence: 2, at: START, state }]);
    const twin = { subject: subjectOf('quay'), sequence: 3, at: START, state: stateWith(5) };
    numbers.take(twin);
    expect(numbers.anewFor(twin.subject, twin)).toEqual({ machine: 2 });
  });
});

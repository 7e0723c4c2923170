import { parseJson, printJson } from '#json';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ImpossibleEvent, permits } from '#kernel';
import {
  firstDifference,
  isOffered,
  nextDeadline,
  slot,
  slotMachine,
  statusOf,
  withoutShownOffer,
  type SlotCommand,
  type SlotState,
  slotEvent,
  slotState,
} from '#slot';
import { EVENT_TYPES, aLife, anEvent, type Life, type Turn } from '#testing';

/**
 * The longest series of events that repeating one report can cause: answered, crashed, ended,
 * cleared, registered.
 */
const REPORTS_MAX = 5;

const always = (law: (life: Life) => void) => fc.assert(fc.property(aLife(), law));
const everyTurn = (law: (turn: Turn) => void) => always(({ turns }) => turns.forEach(law));

function proposed(state: SlotState, command: SlotCommand) {
  const decision = slot.decide(state, command);
  return decision.kind === 'accepted' ? decision.steps : [];
}

describe('Any life of a slot', () => {
  it('includes, over many lives, every type of event', () => {
    const lives = fc.sample(aLife(), { numRuns: 200, seed: 1 });
    const seen = new Set(lives.flatMap(({ steps }) => steps.map(({ event }) => event.type)));
    expect([...seen].sort()).toEqual([...EVENT_TYPES].sort());
  });

  it('replays from its events to the recorded states', () => {
    always(({ steps }) => expect(firstDifference(steps)).toBeUndefined());
  });

  it('replays from the middle of its history just as well', () => {
    always(({ steps }) => {
      const middle = Math.floor(steps.length / 2);
      expect(firstDifference(steps.slice(middle + 1), steps[middle]?.state)).toBeUndefined();
    });
  });

  it('is unchanged by the storage format, events and states', () => {
    always(({ steps }) => {
      for (const { event, state } of steps) {
        expect(parseJson(slotEvent, printJson(event))).toEqual(event);
        expect(parseJson(slotState, printJson(state))).toEqual(state);
      }
    });
  });

  it('does not modify the state it decided from', () => {
    everyTurn(({ before, command }) => {
      const copy = structuredClone(before);
      slot.decide(before, command);
      expect(before).toEqual(copy);
    });
  });

  it('raises the fence with each session, and otherwise only to what its machine has seen', () => {
    always(({ steps }) => {
      let fence = 0;
      for (const { event, state } of steps) {
        if (event.type === 'AllocationRequested') fence += 1;
        if (event.type === 'SlotRegistered') fence = Math.max(fence, event.fence);
        if (event.type === 'SessionRestored') {
          expect(event.fence).toBeGreaterThan(fence);
          fence = event.fence;
        }
        expect(state.context.fence).toBe(fence);
      }
    });
  });

  it('changes the allocation only by a claim or a restoration, and removes it only by clearing', () => {
    always(({ steps }) => {
      let held: string | undefined;
      for (const { event, state } of steps) {
        if (event.type === 'AllocationRequested') {
          expect(held).toBeUndefined();
          held = event.allocationId;
        }
        if (event.type === 'SessionRestored') held = event.allocation.id;
        if (event.type === 'SlotCleared') held = undefined;
        if (event.type === 'ExitedZero' && event.cleared !== undefined) held = undefined;
        expect(state.context.allocation?.id).toBe(held);
      }
    });
  });

  it('never has an allocation while it is available, and always one while it is allocated', () => {
    everyTurn(({ after }) => {
      const status = statusOf(after);
      if (status === 'available') expect(after.context.allocation).toBeNull();
      if (status === 'allocated') expect(after.context.allocation).not.toBeNull();
    });
  });

  it('is warm exactly while a process is known to run', () => {
    everyTurn(({ after: { value, context } }) => {
      if (typeof value === 'string' || !('available' in value)) return;
      expect(value.available).toBe(context.process === null ? 'cold' : 'warm');
    });
  });

  it('grants exactly the claims made while it is offered', () => {
    everyTurn(({ before, command, decision }) => {
      if (command.type !== 'RequestAllocation') return;
      expect(decision.kind).toBe(isOffered(before) ? 'accepted' : 'refused');
    });
  });

  it('records no expiry before its time', () => {
    always(({ turns }) => {
      for (const { before, decision } of turns) {
        const event = decision.kind === 'accepted' ? decision.steps[0]?.event : undefined;
        if (event?.type !== 'CallbackTimedOut' && event?.type !== 'TtlExpired') continue;
        expect(event.at).toBeGreaterThanOrEqual(nextDeadline(before)?.at ?? Infinity);
      }
    });
  });

  it('ends whatever is overdue when it is asked to', () => {
    everyTurn(({ after }) => {
      const deadline = nextDeadline(after);
      if (deadline === null) return;
      const expire = (at: number) => slot.decide(after, { type: 'Expire', at });
      expect(expire(deadline.at).kind).toBe('accepted');
      expect(expire(deadline.at - 1).kind).toBe('refused');
    });
  });

  it('never continues once it is retired', () => {
    everyTurn(({ before, decision }) => {
      if (statusOf(before) !== 'retired') return;
      expect(decision.kind === 'accepted' ? decision.steps : []).toEqual([]);
    });
  });
});

describe('A command other than a report', () => {
  it('changes nothing the second time', () => {
    everyTurn(({ after, command, decision }) => {
      // Whether there is something to repair is visible in the log only, not in the state.
      if (command.type === 'ApplyReport' || command.type === 'Repair') return;
      if (decision.kind === 'refused') return;
      expect(proposed(after, command)).toEqual([]);
    });
  });
});

describe('A report', () => {
  it('produces no more events after it has been applied a few times', () => {
    everyTurn(({ before, command }) => {
      if (command.type !== 'ApplyReport') return;
      let state = before;
      for (let times = 0; times < REPORTS_MAX; times += 1) {
        state = proposed(state, command).at(-1)?.state ?? state;
      }
      expect(proposed(state, command)).toEqual([]);
    });
  });

  it('has the same effect without the offer that the log shows', () => {
    everyTurn(({ before, command, decision }) => {
      if (command.type !== 'ApplyReport') return;
      const report = withoutShownOffer(command.report, before);
      expect(slot.decide(before, { ...command, report })).toEqual(decision);
    });
  });

  it('registers nothing if it comes late, and without an offer', () => {
    always(({ turns }) => {
      const { command } = turns.at(0) ?? {};
      if (command?.type !== 'ApplyReport') return;
      const { offer: _, ...report } = command.report;
      const events = turns.flatMap(({ after }) => proposed(after, { ...command, report }));
      expect(events.filter(({ event }) => event.type === 'SlotRegistered')).toEqual([]);
    });
  });

  it('is ignored if it comes from an earlier start of the agent', () => {
    everyTurn(({ before, command }) => {
      if (command.type !== 'ApplyReport') return;
      const incarnation = before.context.incarnation - 1;
      const stale = { ...command, report: { ...command.report, incarnation } };
      expect(proposed(before, stale)).toEqual([]);
    });
  });
});

describe('The machine', () => {
  it('permits exactly what can be evolved', () => {
    always(({ turns }) => {
      const state = turns.at(-1)?.after ?? slot.initial;
      for (const type of EVENT_TYPES) {
        const event = anEvent(type);
        if (permits(slotMachine, state, event)) slot.evolve(state, event);
        else expect(() => slot.evolve(state, event)).toThrow(ImpossibleEvent);
      }
    });
  });
});

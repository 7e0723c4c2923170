import { describe, expect, it } from '@jest/globals';
import { ImpossibleEvent, machineDecider, permits, refusal, type Proposal } from '#kernel';
import { assign, setup } from 'xstate';

type DoorEvent =
  { readonly type: 'Opened'; readonly by: string } | { readonly type: 'Closed' | 'Locked' };
type DoorCommand = { readonly type: 'Open' | 'Slam' | 'Ring'; readonly by: string };

const door = setup({
  types: { context: {} as { readonly openedBy: string | null }, events: {} as DoorEvent },
}).createMachine({
  id: 'door',
  context: { openedBy: null },
  initial: 'closed',
  states: {
    closed: {
      on: {
        Opened: { target: 'open', actions: assign(({ event }) => ({ openedBy: event.by })) },
        Locked: 'locked',
      },
    },
    open: { on: { Closed: 'closed' } },
    locked: { type: 'final' },
  },
});

const doorman = machineDecider(door, (_, command: DoorCommand): Proposal<DoorEvent> => {
  switch (command.type) {
    case 'Open':
      return [{ type: 'Opened', by: command.by }];
    case 'Slam':
      return [{ type: 'Closed' }, { type: 'Locked' }];
    case 'Ring':
      return command.by === '' ? refusal('nameless', 'who is there?') : [];
    default:
      return command.type satisfies never;
  }
});

const closed = { value: 'closed', context: { openedBy: null } };
const open = { value: 'open', context: { openedBy: 'Ada' } };

describe('A decider made from a machine', () => {
  it('starts in the initial state of the machine, as plain data', () => {
    expect(doorman.initial).toStrictEqual(closed);
  });

  it('accepts what the machine permits, with the state it leads to', () => {
    expect(doorman.decide(closed, { type: 'Open', by: 'Ada' })).toStrictEqual({
      kind: 'accepted',
      steps: [{ event: { type: 'Opened', by: 'Ada' }, state: open }],
    });
  });

  it('applies each event to the state after the one before', () => {
    const decision = doorman.decide(open, { type: 'Slam', by: 'Ada' });
    expect(decision).toMatchObject({
      kind: 'accepted',
      steps: [{ state: { value: 'closed' } }, { state: { value: 'locked' } }],
    });
  });

  it('refuses a whole proposal if the machine forbids one of its events', () => {
    expect(doorman.decide(closed, { type: 'Slam', by: 'Ada' })).toEqual({
      kind: 'refused',
      refusal: { code: 'not-now', message: 'Closed may not happen in state "closed"' },
    });
  });

  it('passes on the refusal of the proposer', () => {
    expect(doorman.decide(closed, { type: 'Ring', by: '' })).toEqual({
      kind: 'refused',
      refusal: { code: 'nameless', message: 'who is there?' },
    });
  });

  it('accepts an empty proposal', () => {
    const decision = doorman.decide(closed, { type: 'Ring', by: 'Ada' });
    expect(decision).toEqual({ kind: 'accepted', steps: [] });
  });

  it('replays to exactly the states that it decided', () => {
    expect(doorman.evolve(closed, { type: 'Opened', by: 'Ada' })).toStrictEqual(open);
  });

  it('throws for a recorded event that cannot have happened', () => {
    expect(() => doorman.evolve(open, { type: 'Locked' })).toThrow(
      expect.objectContaining({
        name: ImpossibleEvent.name,
        eventType: 'Locked',
        stateValue: 'open',
      }),
    );
  });

  it('permits nothing after the final state', () => {
    const locked = { value: 'locked', context: { openedBy: null } };
    expect(permits(door, locked, { type: 'Opened', by: 'Ada' })).toBe(false);
  });
});

describe('A machine', () => {
  it('permits what it has a transition for, and no unknown event', () => {
    expect(permits(door, closed, { type: 'Locked' })).toBe(true);
    expect(permits(door, closed, { type: 'Closed' })).toBe(false);
    expect(permits(door, closed, { type: 'Painted' } as unknown as DoorEvent)).toBe(false);
  });
});

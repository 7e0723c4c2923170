import { describe, expect, it } from '@jest/globals';
import { permits } from '#kernel';
import {
  blank,
  endsAllocation,
  slot,
  slotMachine,
  statusOf,
  type SlotContext,
  type SlotEvent,
  type SlotEventType,
  type SlotState,
} from '#slot';
import { EVENT_TYPES, START, aProcess, aRequest, anEvent, anOffer } from '#testing';

/*
 * Each state against each event, and the state it leads to. "." means: the state stays, the context
 * changes. A blank cell means: must not happen. Several words mean: it depends, as slot.spec.ts
 * shows.
 */
const whileFree = `
                      | unregistered | cold        | warm        | drained   | maintenance
SlotRegistered        | cold         | .           | .           | .         | .
SlotRetired           |              | retired     | retired     | retired   | retired
ProcessStarted        |              | warm        | .           | .         | .
ProcessStopped        |              |             | cold        | .         | .
AllocationRequested   |              | awaiting    | awaiting    |           |
CallbackAcked         |              |             |             |           |
CallbackRefused       |              |             |             |           |
CallbackTimedOut      |              |             |             |           |
WentActive            |              |             |             |           |
WentIdle              |              |             |             |           |
ExitedZero            |              |             |             |           |
Crashed               |              |             |             |           |
TtlExpired            |              |             |             |           |
DeallocationRequested |              |             |             |           |
SlotCleared           |              |             |             |           |
CheckFailed           |              | .           | .           |           |
DrainRequested        |              | drained     | drained     |           |
DrainWithdrawn        |              |             |             | cold warm |
MaintenanceRequested  |              | maintenance | maintenance |           |
MaintenanceEnded      |              |             |             |           | cold warm
WarmthSet             |              | .           | .           |           |
ConfigurationAssigned |              | .           | .           |           |
HoldSet               |              | .           | .           |           |
SlotRepaired          | .            | .           | .           | .         | .
SessionRestored       |              | live        | live        | live      | live
AgentLost             |              | .           | .           | .         | .
AgentReturned         |              | .           | .           | .         | .
`;

const whileTaken = `
                      | awaiting    | live                                      | idle                                      | deallocated                   | retired
SlotRegistered        |             |                                           |                                           |                               |
SlotRetired           |             |                                           |                                           | retired                       |
ProcessStarted        | .           | .                                         | .                                         |                               |
ProcessStopped        |             |                                           |                                           |                               |
AllocationRequested   |             |                                           |                                           |                               |
CallbackAcked         | live        |                                           |                                           |                               |
CallbackRefused       | deallocated |                                           |                                           |                               |
CallbackTimedOut      | deallocated |                                           |                                           |                               |
WentActive            |             | .                                         | live                                      |                               |
WentIdle              |             | idle                                      |                                           |                               |
ExitedZero            |             | cold deallocated drained maintenance warm | cold deallocated drained maintenance warm |                               |
Crashed               |             | . deallocated                             | . deallocated                             |                               |
TtlExpired            |             | deallocated                               | deallocated                               |                               |
DeallocationRequested | deallocated | deallocated                               | deallocated                               |                               |
SlotCleared           |             |                                           |                                           | cold drained maintenance warm |
CheckFailed           | .           | .                                         | .                                         |                               |
DrainRequested        | .           | .                                         | .                                         | .                             |
DrainWithdrawn        | .           | .                                         | .                                         | .                             |
MaintenanceRequested  | .           | .                                         | .                                         | .                             |
MaintenanceEnded      | .           | .                                         | .                                         | .                             |
WarmthSet             |             |                                           |                                           |                               |
ConfigurationAssigned |             |                                           |                                           |                               |
HoldSet               | .           | .                                         | .                                         |                               |
SlotRepaired          | .           | .                                         | .                                         | .                             |
SessionRestored       |             |                                           |                                           | live                          |
AgentLost             | .           | .                                         | .                                         | .                             |
AgentReturned         | .           | .                                         | .                                         | .                             |
`;

/** The same state under every circumstance that a guard distinguishes. */
function circumstances(context: SlotContext): readonly SlotContext[] {
  const pending = (['drain', 'maintenance', null] as const).map((wish) => ({
    ...context,
    pending: wish,
  }));
  const processes = pending.flatMap((one) => [one, { ...one, process: null }]);
  return processes.flatMap((one) => [one, { ...one, agentLost: true }]);
}

/** The same event under every circumstance that a guard distinguishes. */
function variants(type: SlotEvent['type']): readonly SlotEvent[] {
  switch (type) {
    case 'Crashed':
      return [anEvent(type, { consequence: 'restart' }), anEvent(type, { consequence: 'end' })];
    case 'ExitedZero':
      return [undefined, null, aProcess()].map((process) =>
        anEvent(type, process === undefined ? {} : { cleared: { process, remark: '' } }),
      );
    case 'SlotCleared':
      return [anEvent(type), anEvent(type, { process: aProcess() })];
    default:
      return [anEvent(type)];
  }
}

const nameOf = ({ value }: SlotState) =>
  typeof value === 'string' ? value : Object.values(value)[0];

function destinations(states: readonly SlotState[], type: SlotEvent['type']): string {
  const found = new Set<string>();
  for (const state of states) {
    for (const event of variants(type)) {
      if (!permits(slotMachine, state, event)) continue;
      const [from, to] = [nameOf(state), nameOf(slot.evolve(state, event))];
      found.add(from === to ? '.' : (to ?? ''));
    }
  }
  return [...found].sort().join(' ');
}

const registered: SlotContext = {
  ...blank,
  offer: anOffer(),
  incarnation: START,
  process: aProcess(),
};
const request = slot.decide({ value: { available: 'warm' }, context: registered }, aRequest());
const claimed = request.kind === 'accepted' ? request.steps[0]?.state.context : undefined;
const allocation = claimed?.allocation ?? null;
const taken = {
  ...registered,
  allocation: allocation && { ...allocation, idleUntil: START + 60_000 },
};

const states: Readonly<Record<string, SlotState>> = {
  unregistered: { value: 'unregistered', context: blank },
  cold: { value: { available: 'cold' }, context: { ...registered, process: null } },
  warm: { value: { available: 'warm' }, context: registered },
  drained: { value: 'drained', context: registered },
  maintenance: { value: 'maintenance', context: registered },
  awaiting: { value: { allocated: 'awaiting' }, context: taken },
  live: { value: { allocated: 'live' }, context: taken },
  idle: { value: { allocated: 'idle' }, context: taken },
  deallocated: { value: 'deallocated', context: taken },
  retired: { value: 'retired', context: registered },
};

/** The machine's own table, laid out like the one it is compared with. */
function asFound(table: string): string {
  const header = table.split('\n')[1] ?? '';
  const columns = header.split('|').slice(1);
  const rows = EVENT_TYPES.map((type) => {
    const cells = columns.map((column) => {
      const state = states[column.trim()] as SlotState;
      const all = circumstances(state.context).map((context) => ({ ...state, context }));
      return ` ${destinations(all, type)}`.padEnd(column.length);
    });
    return [type.padEnd(22), ...cells].join('|').trimEnd();
  });
  return ['', header, ...rows, ''].join('\n');
}

describe('Each state and each event', () => {
  it.each([
    ['free', whileFree],
    ['taken, or gone', whileTaken],
  ])('lead to the states in the table while the slot is %s', (_, table) => {
    expect(asFound(table)).toBe(table);
  });

  it('are all in the table', () => {
    const columns = [whileFree, whileTaken].flatMap((table) =>
      (table.split('\n')[1] ?? '').split('|').slice(1),
    );
    expect(columns.map((column) => column.trim())).toEqual(Object.keys(states));
    const leaves = Object.values(slotMachine.root.states).flatMap(({ key, states }) =>
      Object.keys(states).length === 0 ? [key] : Object.keys(states),
    );
    expect(leaves.sort()).toEqual(Object.keys(states).sort());
  });
});

/** The allocated states under every circumstance that a guard distinguishes. */
const all = Object.values(states).flatMap((state) =>
  circumstances(state.context).map((context) => ({ ...state, context })),
);
const lawful = (type: SlotEventType) =>
  all.flatMap((before) =>
    variants(type)
      .filter((event) => permits(slotMachine, before, event))
      .map((event) => ({ before, after: slot.evolve(before, event) })),
  );

describe.each(EVENT_TYPES)('%s', (type) => {
  it('may happen in some state', () => expect(lawful(type)).not.toEqual([]));

  it(`${endsAllocation(type) ? 'ends' : 'does not end'} the allocation that it happens to`, () => {
    const ends = lawful(type).filter(
      ({ before, after }) => statusOf(before) === 'allocated' && statusOf(after) !== 'allocated',
    );
    expect(ends.length > 0).toBe(endsAllocation(type));
    for (const { after } of ends) expect(after.context.lastEnd).toMatchObject({ by: type });
  });
});

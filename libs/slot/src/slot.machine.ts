import { assign, setup } from 'xstate';
import {
  acknowledged,
  agentLost,
  agentReturned,
  assigned,
  checkFailed,
  claimed,
  cleared,
  crashed,
  ended,
  exitedAndCleared,
  holdSet,
  intending,
  limitEnd,
  notRunning,
  playersCame,
  playersLeft,
  putBack,
  registered,
  repaired,
  restored,
  running,
  warmthSet,
} from './slot.changes.js';
import type { SlotEvent } from './slot.events.js';
import { blank, type SlotContext } from './slot.state.js';

const slot = setup({
  types: { context: {} as SlotContext, events: {} as SlotEvent },
  guards: {
    'the agent is present': ({ context }) => !context.agentLost,
    'the agent is lost or was started anew': ({ context, event }) =>
      event.type === 'AgentReturned' &&
      (context.agentLost || event.incarnation > context.incarnation),
    'nothing is pending': ({ context }) => context.pending === null,
    'a drain is pending': ({ context }) => context.pending === 'drain',
    'maintenance is pending': ({ context }) => context.pending === 'maintenance',
    'a process runs': ({ context }) => context.process !== null,
    'something is left': ({ event }) => event.type === 'ExitedZero' && event.cleared === undefined,
    'a process is left': ({ event }) =>
      event.type === 'ExitedZero'
        ? event.cleared?.process != null
        : event.type === 'SlotCleared' && event.process !== null,
    'the idle clock runs': ({ context }) => context.allocation?.idleUntil != null,
    'the callback is overdue': ({ context, event }) =>
      event.at >= (context.allocation?.callbackUntil ?? Infinity),
    'the limit has passed': ({ context, event }) =>
      event.type === 'TtlExpired' && event.at >= limitEnd(context, event.limit),
    'its fence is the highest': ({ context, event }) =>
      event.type === 'SessionRestored' && event.fence > context.fence,
    'the crash policy restarts it': ({ event }) =>
      event.type === 'Crashed' && event.consequence === 'restart',
  },
});

/**
 * An event carries everything it changes, so an action is one pure function of context and event.
 */
function record<Event extends SlotEvent>(
  change: (context: SlotContext, event: Event) => SlotContext,
) {
  return assign<SlotContext, Event, undefined, SlotEvent, never>(({ context, event }) =>
    change(context, event),
  );
}

/**
 * While the slot is registered, its agent may be lost and return, and an operator may repair the
 * slot.
 */
const agentPresence = slot.createStateConfig({
  on: {
    AgentLost: { guard: 'the agent is present', actions: record(agentLost) },
    AgentReturned: {
      guard: 'the agent is lost or was started anew',
      actions: record(agentReturned),
    },
    SlotRepaired: { actions: record(repaired) },
  },
}).on;

/** Facts about the game that do not change the slot's state: a failed check, a hold. */
const remarks = slot.createStateConfig({
  on: {
    CheckFailed: { actions: record(checkFailed) },
    HoldSet: { actions: record(holdSet) },
  },
}).on;

/** While a session is protected, a drain or maintenance waits, and may be withdrawn. */
const intentions = slot.createStateConfig({
  on: {
    DrainRequested: { guard: 'nothing is pending', actions: record(intending('drain')) },
    DrainWithdrawn: { guard: 'a drain is pending', actions: record(intending(null)) },
    MaintenanceRequested: {
      guard: 'nothing is pending',
      actions: record(intending('maintenance')),
    },
    MaintenanceEnded: { guard: 'maintenance is pending', actions: record(intending(null)) },
  },
}).on;

/** Where a clean slot goes. */
function free<Event extends SlotEvent>(actions: ReturnType<typeof record<Event>>) {
  return [
    { guard: 'a drain is pending', target: '#slot.drained', actions },
    { guard: 'maintenance is pending', target: '#slot.maintenance', actions },
    { guard: 'a process is left', target: '#slot.available.warm', actions },
    { target: '#slot.available.cold', actions },
  ] as const;
}

/** The ends of a session that has begun: exit, crash, time limit. */
const sessionEnds = slot.createStateConfig({
  on: {
    ExitedZero: [
      { guard: 'something is left', target: '#slot.deallocated', actions: record(ended) },
      ...free(record(exitedAndCleared)),
    ],
    Crashed: [
      { guard: 'the crash policy restarts it', actions: record(crashed) },
      { target: '#slot.deallocated', actions: [record(crashed), record(ended)] },
    ],
    TtlExpired: {
      guard: 'the limit has passed',
      target: '#slot.deallocated',
      actions: record(ended),
    },
  },
}).on;

/**
 * While the slot has no session, a session that the log has lost can come back. A pending drain or
 * maintenance then waits for its end.
 */
const restorations = (pending?: 'drain' | 'maintenance') =>
  slot.createStateConfig({
    on: {
      SessionRestored: {
        guard: 'its fence is the highest',
        target: '#slot.allocated.live',
        actions:
          pending === undefined ? record(restored) : [record(restored), record(intending(pending))],
      },
    },
  }).on;

/** While the slot is out of service, the agent still reports what it sees. */
const reports = slot.createStateConfig({
  on: {
    SlotRegistered: { actions: record(registered) },
    ProcessStarted: { actions: record(running) },
    ProcessStopped: { guard: 'a process runs', actions: record(notRunning) },
    SlotRetired: 'retired',
  },
}).on;

/**
 * The slot's state machine. Its events are those the log records; an event without a transition
 * here cannot happen. Actions only assign and guards only read. Deadlines are values in the
 * context; a process that has a clock asks for the event when one has passed.
 */
export const slotMachine = slot.createMachine({
  id: 'slot',
  context: blank,
  initial: 'unregistered',
  states: {
    unregistered: {
      on: {
        SlotRegistered: { target: 'available', actions: record(registered) },
        // Its first message may be one that nobody can read.
        SlotRepaired: { actions: record(repaired) },
      },
    },

    available: {
      initial: 'cold',
      on: {
        ...agentPresence,
        ...remarks,
        SlotRegistered: { actions: record(registered) },
        AllocationRequested: {
          guard: 'the agent is present',
          target: 'allocated',
          actions: record(claimed),
        },
        WarmthSet: { actions: record(warmthSet) },
        ConfigurationAssigned: { actions: record(assigned) },
        ...restorations(),
        DrainRequested: 'drained',
        MaintenanceRequested: 'maintenance',
        SlotRetired: 'retired',
      },
      states: {
        cold: { on: { ProcessStarted: { target: 'warm', actions: record(running) } } },
        warm: {
          on: {
            ProcessStarted: { actions: record(running) },
            ProcessStopped: { target: 'cold', actions: record(notRunning) },
          },
        },
      },
    },

    allocated: {
      initial: 'awaiting',
      on: {
        ...agentPresence,
        ...remarks,
        ProcessStarted: { actions: record(running) },
        DeallocationRequested: { target: 'deallocated', actions: record(ended) },
        ...intentions,
      },
      states: {
        awaiting: {
          on: {
            CallbackAcked: { target: 'live', actions: record(acknowledged) },
            CallbackRefused: { target: '#slot.deallocated', actions: record(ended) },
            CallbackTimedOut: {
              guard: 'the callback is overdue',
              target: '#slot.deallocated',
              actions: record(ended),
            },
          },
        },
        live: {
          on: {
            ...sessionEnds,
            WentActive: { guard: 'the idle clock runs', actions: record(playersCame) },
            WentIdle: { target: 'idle', actions: record(playersLeft) },
          },
        },
        idle: {
          on: {
            ...sessionEnds,
            WentActive: { target: 'live', actions: record(playersCame) },
          },
        },
      },
    },

    deallocated: {
      on: {
        ...agentPresence,
        ...restorations(),
        SlotCleared: [...free(record(cleared))],
        ...intentions,
        SlotRetired: 'retired',
      },
    },

    drained: {
      on: {
        ...agentPresence,
        ...reports,
        ...restorations('drain'),
        DrainWithdrawn: [
          { guard: 'a process runs', target: 'available.warm', actions: record(putBack) },
          { target: 'available.cold', actions: record(putBack) },
        ],
      },
    },

    maintenance: {
      on: {
        ...agentPresence,
        ...reports,
        ...restorations('maintenance'),
        MaintenanceEnded: [
          { guard: 'a process runs', target: 'available.warm', actions: record(putBack) },
          { target: 'available.cold', actions: record(putBack) },
        ],
      },
    },

    retired: { type: 'final' },
  },
});

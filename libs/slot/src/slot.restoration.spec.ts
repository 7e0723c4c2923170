import { describe, expect, it } from '@jest/globals';
import { slot, statusOf } from '#slot';
import {
  START,
  aProcess,
  aRequest,
  aSession,
  anAllocation,
  anEvent,
  given,
  past,
  reported,
} from '#testing';
import type { RestoreSession } from '#slot';

const { warm, awaiting, live, deallocated, cleared } = past;
const other = aRequest({ allocationId: 'match-2' });

/** A session under the slot's second claim, as its agent remembers it. */
function restore(id = 'match-9', fence = 2): RestoreSession {
  const session = { fence, allocation: anAllocation({ id, crashes: 1 }) };
  return { type: 'RestoreSession', at: START + 500, session, process: aProcess() };
}
const unlogged = restore().session;

describe('A session that the log lost', () => {
  it('is restored unchanged if the slot is free, with its idle clock restarted', () => {
    const outcome = given(slot, ...warm).when(restore());
    outcome.then({ type: 'SessionRestored', fence: 2 });
    const { value, context } = outcome.state;
    expect(value).toEqual({ allocated: 'live' });
    expect(context.allocation).toEqual({
      ...unlogged.allocation,
      acknowledgedAt: START + 500,
      idleUntil: START + 60_500,
    });
  });

  it('gets a fence that no claim had, even if another claim had its fence', () => {
    expect(given(slot, ...cleared).when(restore('match-9', 1)).state.context.fence).toBe(2);
    expect(given(slot, ...warm).when(restore('match-9', 7)).state.context.fence).toBe(7);
  });

  it('is restored after the claim that had the slot since was refused', () => {
    const { state } = given(slot, ...awaiting).when(reported({ unlogged }), restore());
    expect(state.context.allocation?.id).toBe('match-9');
    expect(state.context.lastEnd).toMatchObject({ allocationId: 'match-1', outcome: 'withdrawn' });
  });

  it('postpones directions for the slot', () => {
    const drained = given(slot, ...warm, anEvent('DrainRequested')).when(restore()).state;
    expect(drained.context.pending).toBe('drain');
    const away = given(slot, ...warm, anEvent('MaintenanceRequested')).when(restore()).state;
    expect([statusOf(away), away.context.pending]).toEqual(['allocated', 'maintenance']);
  });

  it('is not restored if the log has it, or has its end', () => {
    given(slot, ...live)
      .when(restore('match-1'))
      .thenNothing();
    given(slot, ...deallocated)
      .when(restore('match-1'))
      .thenNothing();
    given(slot, ...cleared)
      .when(restore('match-1'))
      .thenNothing();
  });

  it('is not restored if the slot has another session, or is gone', () => {
    given(slot, ...live)
      .when(restore())
      .thenNothing();
    given(slot).when(restore()).thenRefused('not-now');
    given(slot, ...warm, anEvent('SlotRetired'))
      .when(restore())
      .thenRefused('not-now');
  });
});

describe('A claim that the machine cannot serve', () => {
  it('is refused at no cost to its request while another session runs there', () => {
    const refusal = { type: 'CallbackRefused', cause: 'occupied', failedStarts: 0 } as const;
    given(slot, ...awaiting)
      .when(reported({ unlogged }))
      .then(refusal);
  });

  it('is refused if the machine has already cleared that claim, or a later one', () => {
    given(slot, ...awaiting)
      .when(reported({ clearedFence: 1 }))
      .then('CallbackRefused');
  });

  it('is not answered by the answer to another claim with the same fence', () => {
    const session = aSession({ allocationId: 'match-9' });
    given(slot, ...awaiting)
      .when(reported({ session }))
      .thenNothing();
    given(slot, ...live)
      .when(reported({ session: { ...session, crashes: 1 } }))
      .thenNothing();
  });
});

describe('A session that is live in the log', () => {
  it('ends if the machine has already cleared it', () => {
    const outcome = given(slot, ...live).when(reported({ clearedFence: 1 }));
    outcome.then({ type: 'DeallocationRequested', by: 'its agent' });
    expect(outcome.state.context.lastEnd?.outcome).toBe('over');
  });
});

describe('A slot whose session is over', () => {
  it('is not free while it runs a session that the log has lost', () => {
    given(slot, ...deallocated)
      .when(reported({ clearedFence: 1, unlogged }))
      .thenNothing();
  });
});

describe('A free slot', () => {
  it('takes over the fence of the latest claim that its machine has seen', () => {
    const outcome = given(slot, ...warm).when(
      reported({ process: aProcess(), clearedFence: 5 }),
      other,
    );
    expect(outcome.state.context.fence).toBe(6);
    given(slot, ...warm)
      .when(reported({ process: aProcess(), clearedFence: 0 }))
      .thenNothing();
  });
});

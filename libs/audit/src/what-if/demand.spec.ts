import { slot, type SlotCommand, type SlotState } from '#slot';
import { aProcess, aRequest, aSession, expire, reported, START } from '#testing';
import { describe, expect, it } from '@jest/globals';
import { DemandReader } from './demand.js';

const [FIRST, SECOND] = ['slot.eu.m-1.1', 'slot.eu.m-1.2'];
const warm = { process: aProcess() };

/** A recorded region, to which commands are given. */
class Recording {
  readonly reader = new DemandReader();
  private readonly states = new Map<string, SlotState>();

  run(subject: string, at: number, command: SlotCommand): this {
    const decision = slot.decide(this.states.get(subject) ?? slot.initial, { ...command, at });
    if (decision.kind === 'refused') throw new Error(decision.refusal.message);
    for (const { event, state } of decision.steps) {
      this.states.set(subject, state);
      this.reader.take(subject, { id: '', source: 'berth/allocator/a', event, state });
    }
    return this;
  }
}

const [claimedAt, nextAt, clearedAt, endedAt] = [1, 60, 61, 70].map((s) => START + s * 1_000);

function retried(): Recording {
  return new Recording()
    .run(FIRST, START, reported(warm))
    .run(SECOND, START, reported(warm))
    .run(FIRST, claimedAt!, aRequest())
    .run(FIRST, nextAt! - 1, expire(nextAt!))
    .run(SECOND, nextAt!, aRequest({ attempt: 2 }))
    .run(SECOND, nextAt!, reported({ ...warm, session: aSession() }))
    .run(FIRST, clearedAt!, reported({ ...warm, clearedFence: 1 }));
}

describe('The demand of a record', () => {
  it('counts a session as going on whose earlier slot was cleared meanwhile', () => {
    const { wishes, unended } = retried()
      .run(FIRST, endedAt!, aRequest({ allocationId: 'match-2' }))
      .reader.demand();
    expect(unended).toBe(2);
    expect(wishes[0]).toMatchObject({
      ...{ id: 'match-1', at: claimedAt, heldMs: endedAt! - nextAt! },
    });
  });
});

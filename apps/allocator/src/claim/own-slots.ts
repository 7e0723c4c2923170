import type { SlotRef } from '#slot';
import {
  fullAllocationRequest,
  parse,
  slotName,
  slotSubject,
  type AllocationAnswer,
  type DeallocationAnswer,
  type DoneRequest,
  type ReserveRequest,
} from '#wire';
import { refusedAnswer } from './answers.js';
import type { Claims } from './claims.js';
import type { Deallocations } from './deallocations.js';

/**
 * What a game asks of its own slot, through its agent. The subject says which slot that is, and
 * nothing that is asked here reaches another slot, whatever id it names.
 */
export class OwnSlots {
  constructor(
    private readonly claims: Pick<Claims, 'allocate'>,
    private readonly deallocations: Pick<Deallocations, 'deallocate'>,
  ) {}

  async reserve(
    { allocationId, timeoutMs }: ReserveRequest,
    ref: SlotRef,
  ): Promise<AllocationAnswer> {
    const slot = slotName(ref);
    const wanted = { allocationId, region: ref.region, slot, by: `game ${slot}`, timeoutMs };
    const answer = await this.claims.allocate(parse(fullAllocationRequest, wanted));
    // A known id is answered with the server that it has, which may be another's.
    if (answer.status !== 'allocated' || answer.slot === slot) return answer;
    return refusedAnswer(allocationId, 'unknown-allocation', 'no such allocation is of this slot');
  }

  done({ allocationId, reason }: DoneRequest, ref: SlotRef): Promise<DeallocationAnswer> {
    const request = { allocationId, region: ref.region, reason, by: `game ${slotName(ref)}` };
    return this.deallocations.deallocate(request, slotSubject(ref));
  }
}

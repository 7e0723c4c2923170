import type { SlotHead } from '#pool';
import {
  slotName,
  slotOfSubject,
  type AllocationAnswer,
  type RefusalCode,
  type Refused,
} from '#wire';

/** The answer for a slot that holds an acknowledged allocation; its payload is as the log has it. */
export function allocatedAnswer({ subject, state }: SlotHead): AllocationAnswer {
  const { offer, allocation } = state.context;
  if (offer === null || allocation === null) throw new TypeError(`${subject} holds no allocation`);
  const ref = slotOfSubject(subject);
  return {
    status: 'allocated',
    allocationId: allocation.id,
    slot: slotName(ref),
    region: ref.region,
    fleet: offer.fleet,
    buildConfiguration: allocation.buildConfiguration,
    address: offer.address,
    ip: offer.ip,
    ports: offer.ports,
    ...(offer.addresses && { addresses: offer.addresses }),
    token: allocation.token ?? '',
    ...(allocation.tokenEncrypted && { tokenEncrypted: true }),
    payload: allocation.answer,
    ...(allocation.payloadKey !== undefined && { payloadKey: allocation.payloadKey }),
    allocatedAt: allocation.requestedAt,
  };
}

export function refusedAnswer(
  allocationId: string | undefined,
  code: RefusalCode,
  message: string,
): Refused {
  return { status: 'refused', code, message, ...(allocationId !== undefined && { allocationId }) };
}

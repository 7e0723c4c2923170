import type { Allocation } from '#slot';
import { slotSubject } from '#wire';
import type { Allocator } from '../../src/allocator.js';
import { aRequest, TestRegion } from './region.js';

const DAY_MS = 24 * 3_600_000;

/** Payloads, answers and tokens are encrypted. */
export const ON = { encryptsPayloads: true, payloadMs: 2 * DAY_MS };

/** Of the first slot. */
export const subject = slotSubject({ region: 'eu', agent: 'm', slot: 's-1' });

/** The region of the test that runs. */
export let place: TestRegion;

/** A new region with two slots, and its allocator. */
export async function begin(
  options: object = ON,
  ports: Parameters<TestRegion['startAllocator']>[0] = {},
): Promise<Allocator> {
  place = new TestRegion(options);
  const allocator = await place.startAllocator(ports);
  await place.own('s-1', 's-2');
  return allocator;
}

export const allocate = (to: Allocator, id = 'match-1', payload: unknown = { map: 'docks' }) =>
  place.kept(to.claims.allocate(aRequest(id, { payload })));

/** The first allocation that the log has, with its slot. */
export async function held(): Promise<{ readonly slot: string; readonly allocation: Allocation }> {
  for (const slot of ['s-1', 's-2']) {
    const last = await place.log.last(slotSubject({ region: 'eu', agent: 'm', slot }));
    const allocation = last?.kind === 'recorded' ? last.record.state.context.allocation : null;
    if (allocation !== null) return { slot, allocation };
  }
  throw new Error('no slot holds anything');
}

/** What the log has of the session, as an allocator opens it. */
export async function opened(by: Allocator) {
  const { slot, allocation } = await held();
  const { payloadKey = 0, payload, answer } = allocation;
  const texts = [payload, answer].map((text) => String(text.value()));
  const at = slotSubject({ region: 'eu', agent: 'm', slot });
  return Promise.all(texts.map((text) => by.payloads.decrypt(at, { payloadKey, text })));
}

export const forget = (allocator: Allocator, payloadKey: number) =>
  allocator.forgetting.forget({
    ...{ allocationId: 'match-1', payloadKeys: [payloadKey] },
    ...{ by: 'ann (api)', reason: 'a player asked for it' },
  });

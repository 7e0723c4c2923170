import type { AllocationAnswer } from '#wire';
import { afterEach, expect } from '@jest/globals';
import type { Allocator } from '../../src/allocator.js';
import { aRequest, TestRegion } from './region.js';

const region = 'eu';
export const DUPLICATE_WINDOW_MS = 1_000;
export const REMEMBER_MS = 600_000;

/** Of the test that runs, once it has called `regionWith`. */
export let place: TestRegion;

/** Closes the region after each test of a file. */
export function regionForEach(): void {
  afterEach(() => place.close());
}

/** A region that remembers ids for far longer than the log's duplicate window. */
export async function regionWith(
  allocators: number,
  ...slots: readonly string[]
): Promise<Allocator[]> {
  place = new TestRegion({ rememberMs: REMEMBER_MS }, DUPLICATE_WINDOW_MS);
  for (let each = 0; each < allocators; each += 1) await place.startAllocator();
  await place.own(...slots);
  await place.pass(50);
  return [...place.allocators];
}

export function ask(allocator: Allocator, id: string): Promise<AllocationAnswer> {
  return place.kept(allocator.claims.allocate(aRequest(id)));
}

export async function release(allocator: Allocator, allocationId: string): Promise<void> {
  await allocator.deallocations.deallocate({ region, allocationId, reason: 'over', by: 'test' });
  await place.pass(50);
}

export const ended = {
  status: 'refused',
  code: 'ended',
  message: expect.stringMatching(/^the allocation ended at .* \(DeallocationRequested: over\)$/),
};

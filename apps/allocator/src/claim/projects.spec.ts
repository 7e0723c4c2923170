import { anOffer } from '#testing';
import { fullAllocationRequest, type AllocationAnswer } from '#wire';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Allocator } from '../allocator.js';
import { TestRegion } from '../../test/support/region.js';

const region = 'eu';

let place: TestRegion;
let allocator: Allocator;
beforeEach(async () => {
  place = new TestRegion();
  allocator = await place.startAllocator();
});
afterEach(() => place.close());

async function own(projects: readonly string[] | undefined, ...slots: readonly string[]) {
  place.agent.offer = anOffer({ ...(projects && { projects }) });
  await place.own(...slots);
  await place.pass(50);
}

const allocate = (allocationId: string, change: object = {}): Promise<AllocationAnswer> =>
  place.kept(
    allocator.claims.allocate(fullAllocationRequest.parse({ region, allocationId, ...change })),
  );

const release = (allocationId: string) =>
  place.kept(
    allocator.deallocations.deallocate({ region, allocationId, reason: 'over', by: 'test' }),
  );

describe('Two projects that share slots', () => {
  beforeEach(() => own(['default', 'acme', 'beta'], '1', '2', '3'));

  it('get a slot each for the same id, and the same one again', async () => {
    const ids = ['match-1', 'acme match-1', 'beta match-1'];
    const slots = [];
    for (const id of ids) {
      const answer = await allocate(id);
      expect(answer).toMatchObject({ status: 'allocated', allocationId: id });
      slots.push('slot' in answer ? answer.slot : '');
    }
    expect(new Set(slots).size).toBe(3);
    for (const [index, id] of ids.entries()) {
      expect(await allocate(id)).toMatchObject({ slot: slots[index] });
    }
  });

  it('end their own sessions only', async () => {
    await allocate('acme match-1');
    for (const other of ['match-1', 'beta match-1']) {
      expect(await release(other)).toMatchObject({ status: 'refused', code: 'unknown-allocation' });
    }
    expect(allocator.claims.knows('acme match-1')).toBe(true);
    expect(await release('acme match-1')).toMatchObject({ status: 'deallocated' });
    expect(await allocate('acme match-1')).toMatchObject({ status: 'refused', code: 'ended' });
    expect(await allocate('beta match-1')).toMatchObject({ status: 'allocated' });
  });

  it('do not cancel each other’s requests that wait', async () => {
    for (const id of ['a', 'b', 'c']) await allocate(id);
    const waiting = allocator.claims.allocate(
      fullAllocationRequest.parse({ region, allocationId: 'acme match-9', waitMs: 60_000 }),
    );
    await place.pass(50);
    expect(allocator.claims.cancel('match-9')).toBe(false);
    expect(allocator.claims.cancel('beta match-9')).toBe(false);
    await release('a');
    expect(await place.kept(waiting)).toMatchObject({ allocationId: 'acme match-9' });
  });
});

describe('A slot', () => {
  it('that names no project is given to requests of the default project only', async () => {
    await own(undefined, '1');
    expect(await allocate('acme match-1')).toMatchObject({
      status: 'refused',
      code: 'nothing-fits',
    });
    expect(await allocate('match-1')).toMatchObject({ status: 'allocated' });
  });

  it('of one project is unknown to all others', async () => {
    await own(['acme'], '1');
    const never = { code: 'unknown-slot', message: 'no slot eu.m.1 is known in region eu' };
    for (const id of ['match-1', 'beta match-1']) {
      expect(await allocate(id, { slot: 'eu.m.1' })).toMatchObject(never);
    }
    expect(await allocate('acme match-1', { slot: 'eu.m.1' })).toMatchObject({ slot: 'eu.m.1' });
  });

  it('of one project does not go to an earlier request of another that waits', async () => {
    const waiting = allocator.claims.allocate(
      fullAllocationRequest.parse({ region, allocationId: 'beta match-1', waitMs: 5_000 }),
    );
    await own(['acme'], '1');
    expect(await allocate('acme match-1')).toMatchObject({ status: 'allocated' });
    expect(await place.kept(waiting)).toMatchObject({ status: 'refused' });
  });
});

describe('A refusal', () => {
  it('is the same whether another project has the fleet, or nobody', async () => {
    await own(['acme'], '1');
    const refusals = [];
    for (const fleet of ['harbour', 'nowhere']) {
      const refused = await allocate(`beta ${fleet}`, { fleet });
      refusals.push(JSON.stringify(refused).replaceAll(fleet, '…'));
    }
    expect(refusals[0]).toContain('nothing-fits');
    expect(refusals[0]).toBe(refusals[1]);
  });
});

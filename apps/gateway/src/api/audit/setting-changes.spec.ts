import { NotPermitted } from '#kernel';
import { anEvent, past, START } from '#testing';
import type { FleetEvent } from '#fleet';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TestGateway, type Answer } from '../../../test/support/gateway.js';

let gateway: TestGateway;
beforeEach(async () => void (gateway = await TestGateway.start()));
afterEach(() => gateway.close());

const list = async (query = ''): Promise<Answer['body']> =>
  (await gateway.get(`/v1/audit/actions?region=local${query}`)).body;

const size = { minAvailable: 1, max: 9, buffer: 0 };
const state = { size: null, buildConfiguration: null, atATime: 1 };
let written = 0;

async function sizeAt(at: number, by = 'ops (acme, api): ann', fleet = 'harbour') {
  const event: FleetEvent = { type: 'FleetSized', at, size, by, reason: 'the weekend' };
  const subject = `fleet.local.${fleet}`;
  const expected = (await gateway.settings.fleet.last(subject))?.sequence ?? 0;
  const record = { id: `change-${(written += 1)}`, source: 'berth/allocator/test', event, state };
  const verdict = await gateway.settings.fleet.append({ subject, expected, record });
  expect(verdict).toMatchObject({ kind: 'stored' });
}

/** All pages, as a client reads them. */
async function pages(limit: number) {
  const read: [actions: number[], changes: number[]][] = [];
  for (let after: string | undefined = ''; after !== undefined;) {
    const page: Answer['body'] = await list(`&limit=${limit}${after && `&after=${after}`}`);
    const timesOf = (items: readonly { readonly at: number }[]) =>
      items.map(({ at }) => at - START);
    read.push([timesOf(page.actions), timesOf(page.changes)]);
    after = page.next;
  }
  return read;
}

describe('The changes of settings among the actions', () => {
  it('have who made them, when, why and what was set', async () => {
    await gateway.record('local.a.1', past.cold);
    await sizeAt(START + 5);
    expect((await list()).changes).toEqual([
      {
        ...{ setting: 'fleet', id: 'local.harbour', sequence: 1, at: START + 5, size },
        ...{ event: 'FleetSized', by: 'ops (acme, api): ann', reason: 'the weekend' },
      },
    ]);
  });

  it.each([
    ['&by=ops', 1],
    ['&project=acme&face=api', 1],
    ['&by=bob', 1],
    ['&by=eve', 0],
    [`&since=${START + 6}`, 1],
    [`&until=${START + 6}`, 1],
  ])('are limited by %s', async (query, count) => {
    await sizeAt(START + 5);
    await sizeAt(START + 7, 'bob');
    expect((await list(query)).changes).toHaveLength(count);
  });

  it('come in pages with the actions of the same time, each once', async () => {
    const drains = [10, 20, 30].map((at) =>
      anEvent('DrainRequested', { at: START + at, by: 'ops', reason: '' }),
    );
    for (const [index, drain] of drains.entries()) {
      await gateway.record(`local.d.${index}`, [...past.cold, drain]);
    }
    for (const at of [5, 15, 15, 15, 40]) await sizeAt(START + at);
    expect(await pages(2)).toEqual([
      [[10], [5]],
      // Changes of one instant are not parted.
      [[], [15, 15, 15]],
      [[20, 30], []],
      [[], [40]],
    ]);
    expect(await pages(100)).toEqual([
      [
        [10, 20, 30],
        [5, 15, 15, 15, 40],
      ],
    ]);
  });

  it('are null where permissions on NATS do not let them be read', async () => {
    gateway.settings.fleet.read = () => {
      throw new NotPermitted('not allowed', '$JS.API.STREAM.INFO.FLEETS_local');
    };
    expect(await list()).toMatchObject({ actions: [], changes: null });
  });
});

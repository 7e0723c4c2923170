import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Append, Verdict } from '#kernel';
import { MemoryEventLog } from '#memory';
import { ask, EndpointServer, tell } from '#rpc';
import { createLogger } from '#service-runtime';
import { endpoints, slotRecordCodec, type SlotRecord } from '#wire';
import { aRequest, TestRegion } from '../../test/support/region.js';
import type { Allocator } from '../allocator.js';

/** As many appends as may be under way. */
const APPENDS = 256;

/** A log that answers only when it is told to. */
class SlowLog extends MemoryEventLog<SlotRecord> {
  waiting: (() => void)[] | undefined;

  override async append(append: Append<SlotRecord>): Promise<Verdict> {
    if (this.waiting !== undefined) {
      await new Promise<void>((resolve) => this.waiting?.push(resolve));
    }
    return super.append(append);
  }
}

let place: TestRegion;
let log: SlowLog;
let allocator: Allocator;
beforeEach(async () => {
  place = new TestRegion();
  log = new SlowLog(slotRecordCodec, { clock: place.clock });
  Object.assign(place, { log });
  Object.assign(place.agent, { log });
  allocator = await place.startAllocator({ log });
  const server = new EndpointServer(place.bus, {
    clock: place.clock,
    logger: createLogger('test', 'silent'),
  });
  allocator.serve(server);
  await place.own(...Array.from({ length: APPENDS + 2 }, (_, index) => String(index)));
  await place.pass(50);
});
afterEach(() => place.close());

const request = (id: string, change = {}) =>
  ask(place.bus, endpoints.allocate, { region: 'eu' }, aRequest(id, change));

/** As many requests as may have an append under way; the function lets the log answer. */
async function atOnce() {
  log.waiting = [];
  const asked = Array.from({ length: APPENDS }, (_, index) => request(`match-${index}`));
  await place.pass(1);
  expect(log.waiting).toHaveLength(APPENDS);
  return async () => {
    const { waiting } = log;
    log.waiting = undefined;
    for (const resolve of waiting ?? []) resolve();
    const answers = await place.kept(Promise.all(asked));
    expect(answers.filter(({ status }) => status === 'allocated')).toHaveLength(APPENDS);
  };
}

describe('A request for a server, while as many appends are under way as may be', () => {
  it('waits, and is begun when the log has answered', async () => {
    const goOn = await atOnce();
    const late = request('late');
    await place.pass(500);
    expect(log.waiting).toHaveLength(APPENDS);
    await goOn();
    expect(await place.kept(late)).toMatchObject({ status: 'allocated' });
  });

  it.each([
    ['for more than 1 s', {}, 1_100],
    ['for longer than its own time', { timeoutMs: 300 }, 400],
  ])('is refused if it waits %s, and nothing is claimed for it', async (_, change, afterMs) => {
    const goOn = await atOnce();
    const late = request('late', change);
    await place.pass(afterMs);
    const busy = { status: 'refused', code: 'not-ready', allocationId: 'late' };
    expect(await place.kept(late)).toMatchObject(busy);
    await goOn();
    expect(await place.claims()).not.toContain('late');
  });

  it('can be cancelled', async () => {
    const goOn = await atOnce();
    const late = request('late');
    tell(place.bus, endpoints.cancel, { region: 'eu' }, { allocationId: 'late' });
    expect(await place.kept(late)).toMatchObject({ status: 'refused', code: 'cancelled' });
    await goOn();
    expect(await place.claims()).not.toContain('late');
  });

  it('is told so if the allocator stops', async () => {
    await atOnce();
    const late = request('late');
    await place.pass(50);
    allocator.stop();
    const stopping = {
      status: 'refused',
      code: 'not-ready',
      message: expect.stringContaining('stopping'),
    };
    expect(await place.kept(late)).toMatchObject(stopping);
  });
});

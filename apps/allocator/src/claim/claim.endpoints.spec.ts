import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Append, Verdict } from '#kernel';
import { MemoryEventLog } from '#memory';
import { ask, EndpointServer } from '#rpc';
import { createLogger } from '#service-runtime';
import { endpoints, slotRecordCodec, type SlotRecord } from '#wire';
import { aRequest, TestRegion } from '../../test/support/region.js';

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
beforeEach(async () => {
  place = new TestRegion();
  log = new SlowLog(slotRecordCodec, { clock: place.clock });
  Object.assign(place, { log });
  Object.assign(place.agent, { log });
  const allocator = await place.startAllocator({ log });
  const server = new EndpointServer(place.bus, {
    clock: place.clock,
    logger: createLogger('test', 'silent'),
  });
  allocator.serve(server);
  await place.own(...Array.from({ length: APPENDS + 2 }, (_, index) => String(index)));
  await place.pass(50);
});
afterEach(() => place.close());

const request = (id: string) => ask(place.bus, endpoints.allocate, { region: 'eu' }, aRequest(id));

describe('Requests for servers, while as many appends are under way as may be', () => {
  it('are refused at once, and served again when the log has answered', async () => {
    log.waiting = [];
    const asked = Array.from({ length: APPENDS }, (_, index) => request(`match-${index}`));
    await place.pass(1);
    expect(log.waiting).toHaveLength(APPENDS);
    expect(await place.kept(request('late'))).toMatchObject({
      status: 'refused',
      code: 'not-ready',
    });
    const { waiting } = log;
    log.waiting = undefined;
    for (const resolve of waiting) resolve();
    const answers = await place.kept(Promise.all(asked));
    expect(answers.filter(({ status }) => status === 'allocated')).toHaveLength(APPENDS);
    expect(await place.kept(request('late'))).toMatchObject({ status: 'allocated' });
  });
});

import { ManualClock, MemoryBus } from '#memory';
import { slot } from '#slot';
import { anEvent, aProcess, aReport, aSession, given, past } from '#testing';
import { decodeJson, reportMessage } from '#wire';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { Reporter } from './reporter.js';

const any = 'report.local.pier.1';
const claimer = `${any}.allocator-1`;

describe('a reporter', () => {
  let clock: ManualClock;
  let heard: string[];
  let offers: boolean[];
  let reporter: Reporter;
  const { state: awaiting } = given(slot, ...past.awaiting);
  const acked = aReport({ session: aSession(), process: aProcess() });

  beforeEach(() => {
    clock = new ManualClock();
    heard = [];
    offers = [];
    const bus = new MemoryBus(clock);
    for (const subject of [any, `${any}.*`]) {
      bus.subscribe(subject, ({ subject: on, body }) => {
        const { seen, report } = decodeJson(reportMessage, body);
        expect({ seen, report: { offer: acked.offer, ...report } }).toEqual({
          seen: 3,
          report: acked,
        });
        offers.push(report.offer !== undefined);
        heard.push(on);
      });
    }
    reporter = new Reporter({ region: 'local', agent: 'pier', slot: '1' }, bus, clock);
  });

  afterEach(() => reporter.close());

  async function pass(ms: number): Promise<void> {
    clock.advance(ms);
    await turn();
  }

  it('reports to the allocator that made the claim, then to any, with growing pauses', async () => {
    reporter.update(awaiting, 3, acked);
    await pass(249);
    expect(heard).toEqual([claimer]);
    await pass(1);
    expect(heard).toEqual([claimer, any]);
    await pass(500 + 1_000 + 2_000 + 2_000);
    expect(heard).toEqual([claimer, any, any, any, any, any]);
  });

  it('omits the offer that the log shows, until it has to repeat the report', async () => {
    reporter.update(awaiting, 3, acked);
    await pass(250);
    expect(offers).toEqual([false, true]);
  });

  it('omits no offer for ten minutes after a report had to be repeated', async () => {
    reporter.update(awaiting, 3, acked);
    await pass(250);
    const shown = () => reporter.update(given(slot, ...past.live).state, 4, acked);
    const again = async () => {
      shown();
      offers.length = 0;
      reporter.update(awaiting, 3, acked);
      await pass(0);
      shown();
      return offers;
    };
    expect(await again()).toEqual([true]);
    await pass(600_000);
    expect(await again()).toEqual([false]);
  });

  it('includes the offer if the log shows it from an earlier start of the agent', async () => {
    const { context } = awaiting;
    const before = { ...awaiting, context: { ...context, incarnation: context.incarnation - 1 } };
    reporter.update(before, 3, acked);
    await pass(0);
    expect(offers).toEqual([true]);
  });

  it('does not send the same report twice at a time', async () => {
    reporter.update(awaiting, 3, acked);
    reporter.update(awaiting, 3, acked);
    await pass(0);
    expect(heard).toEqual([claimer]);
  });

  it('is silent once the log shows the report', async () => {
    reporter.update(awaiting, 3, acked);
    reporter.update(given(slot, ...past.live).state, 4, acked);
    await pass(10_000);
    expect(heard).toEqual([claimer]);
  });

  it('is silent if there is no news', async () => {
    reporter.update(given(slot, ...past.live).state, 4, acked);
    await pass(10_000);
    expect(heard).toEqual([]);
  });

  it('does not wait for an absent allocator a second time', async () => {
    reporter.update(awaiting, 3, acked);
    await pass(250);
    reporter.update(given(slot, ...past.live).state, 4, acked);
    const lost = given(slot, ...past.live, anEvent('AgentLost')).state;
    reporter.update(lost, 3, acked);
    await pass(0);
    expect(heard).toEqual([claimer, any, any]);
  });
});

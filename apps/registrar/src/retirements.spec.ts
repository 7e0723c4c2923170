import { ManualClock, MemoryBus } from '#memory';
import { createLogger } from '#service-runtime';
import { endpoints, decodeJson, operationRequest, encodeJson } from '#wire';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { Retirements } from './retirements.js';

describe('Retirements', () => {
  let clock: ManualClock;
  let bus: MemoryBus;
  let retirements: Retirements;
  let asked: string[];

  beforeEach(() => {
    clock = new ManualClock();
    bus = new MemoryBus(clock);
    asked = [];
    const agent = { region: 'local', agent: 'registrar' };
    retirements = new Retirements(agent, bus, clock, createLogger('test', 'silent'));
  });

  /** Plays the allocator. If `outcome` returns null, the allocator does not answer. */
  function answer(outcome: () => 'done' | 'refused' | null): void {
    bus.subscribe(endpoints.operate.subject.of({ region: 'local' }), (message) => {
      const { slot = '', direction, reason, force } = decodeJson(operationRequest, message.body);
      asked.push(`${direction} ${slot}: ${reason}${force ? ', by force' : ''}`);
      const is = outcome();
      if (is === null) return;
      const slots = [{ slot, outcome: is, message: 'a session runs' }];
      message.respond(encodeJson({ status: 'directed', slots }));
    });
  }

  async function pass(ms: number): Promise<void> {
    for (let turns = 0; turns < 5; turns += 1) await turn();
    clock.advance(ms);
    for (let turns = 0; turns < 5; turns += 1) await turn();
  }

  it('are requested once, and never forced', async () => {
    answer(() => 'done');
    retirements.ask('1', 'its lease ran out');
    retirements.ask('1', 'its lease ran out');
    await pass(0);
    expect(asked).toEqual(['retire 1: its lease ran out']);
  });

  it('are requested again if an allocator does not know yet that a session is over', async () => {
    answer(() => (asked.length === 1 ? 'refused' : 'done'));
    retirements.ask('1', 'over');
    await pass(20);
    expect(asked).toHaveLength(2);
    await pass(60_000);
    expect(asked).toHaveLength(2);
  });

  it('are given up after a few refusals, until they are requested again', async () => {
    answer(() => 'refused');
    retirements.ask('1', 'over');
    for (let seconds = 0; seconds < 10; seconds += 1) await pass(1_000);
    expect(asked).toHaveLength(3);
    retirements.ask('1', 'over');
    await pass(0);
    expect(asked).toHaveLength(4);
  });

  it('are requested a few at a time', async () => {
    answer(() => null);
    for (let slot = 1; slot <= 100; slot += 1) retirements.ask(String(slot), 'over');
    await pass(0);
    expect(asked).toHaveLength(16);
    retirements.close();
  });
});

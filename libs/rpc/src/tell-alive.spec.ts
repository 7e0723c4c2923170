import { ManualClock, MemoryBus } from '#memory';
import { ALIVE_MS, decodeJson, endpoints } from '#wire';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { setImmediate as turn } from 'node:timers/promises';
import { tellAlive } from '#rpc';

const AT = { region: 'eu', service: 'allocator', id: 'a' };

let clock: ManualClock;
let notReadyBecause: string | null;
let told: (string | null)[];
let silence: () => void;

beforeEach(() => {
  clock = new ManualClock();
  const bus = new MemoryBus(clock);
  notReadyBecause = 'the log is being read';
  told = [];
  bus.subscribe(endpoints.alive.subject.of(AT), ({ body }) => {
    told.push(decodeJson(endpoints.alive.message, body).notReadyBecause);
  });
  const sign = endpoints.alive.message.parse(endpoints.alive.example);
  silence = tellAlive({ bus, clock }, AT, () => ({ ...sign, notReadyBecause }));
});

/** What has been told after so long (ms) more. */
async function toldAfter(ms: number): Promise<readonly (string | null)[]> {
  clock.advance(ms);
  await turn();
  return told;
}

describe('A service', () => {
  it('tells at its start, and every two seconds, that it runs', async () => {
    expect(await toldAfter(ALIVE_MS - 1)).toHaveLength(1);
    expect(await toldAfter(1)).toHaveLength(2);
  });

  it('tells within 250 ms that it has become ready, or is so no longer', async () => {
    notReadyBecause = null;
    expect((await toldAfter(250)).slice(1)).toEqual([null]);
    notReadyBecause = 'the store is full';
    expect((await toldAfter(250)).slice(2)).toEqual(['the store is full']);
  });

  it('tells no earlier why it is not ready', async () => {
    notReadyBecause = 'most of the log was read';
    expect(await toldAfter(ALIVE_MS - 1)).toHaveLength(1);
  });

  it('tells nothing once it is silenced', async () => {
    silence();
    notReadyBecause = null;
    expect(await toldAfter(2 * ALIVE_MS)).toHaveLength(1);
  });
});

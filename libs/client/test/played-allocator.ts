import { Clock, type Cancel } from '#kernel';
import { MemoryBus } from '#memory';
import { granted } from '#testing';
import { encodeJson, endpoints, type RefusalCode } from '#wire';
import { afterEach, beforeEach } from '@jest/globals';
import { BerthClient } from '../src/index.js';

/** What the allocator that is played gets. */
export interface Asked {
  readonly allocationId: string;
  readonly waitMs: number;
  readonly timeoutMs: number;
}

export const SILENCE = Symbol('no answer');
export const grant = ({ allocationId }: Asked): unknown => ({ ...granted, allocationId });
export const refuse = (code: RefusalCode) => (): unknown => ({
  status: 'refused',
  code,
  message: 'because',
});

/** A clock whose time passes at once, as soon as anything waits for it. */
class HastyClock extends Clock {
  private time = 0;

  now(): number {
    return this.time;
  }

  after(delayMs: number, action: () => void): Cancel {
    const timer = setImmediate(() => {
      this.time += delayMs;
      action();
    });
    return () => clearImmediate(timer);
  }
}

let bus: MemoryBus;
/** Of the test that runs. */
export let clock: HastyClock;
export let client: BerthClient;

/** Gives each test of a file a client of its own. */
export function clientForEach(): void {
  beforeEach(() => {
    clock = new HastyClock();
    bus = new MemoryBus(clock);
    client = new BerthClient(bus, { clock });
  });
  afterEach(() => client.close());
}

/** Plays the allocator: gives these answers in order, and repeats the last one. */
export function answer(
  subject: string,
  ...answers: readonly ((asked: Asked) => unknown)[]
): Asked[] {
  const asked: Asked[] = [];
  bus.subscribe(subject, (message) => {
    const request = JSON.parse(new TextDecoder().decode(message.body)) as Asked;
    asked.push(request);
    const reply = answers[Math.min(asked.length, answers.length) - 1]?.(request);
    if (reply !== SILENCE) message.respond(encodeJson(reply));
  });
  return asked;
}

export const onAllocate = (...answers: readonly ((asked: Asked) => unknown)[]) =>
  answer(endpoints.allocate.subject.of({ region: 'local' }), ...answers);

export const ids = (asked: readonly Asked[]) =>
  new Set(asked.map(({ allocationId }) => allocationId));

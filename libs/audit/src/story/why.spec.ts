import { describe, expect, it } from '@jest/globals';
import { anEvent, EVENT_TYPES } from '#testing';
import { whyOf } from '../index.js';

/** Types that say all there is to say. */
const SILENT = ['AgentReturned'];

describe('The why of an event', () => {
  it.each(EVENT_TYPES)('%s says something, unless its type says it all', (type) => {
    const { type: _, at: __, ...data } = anEvent(type);
    expect(whyOf(type, data) === '').toBe(SILENT.includes(type));
  });

  it.each([
    ['Crashed', { exitCode: null, signal: 'SIGSEGV', consequence: 'end' }, 'SIGSEGV, end'],
    ['Crashed', { exitCode: 3, signal: null, reason: 'exit code 3' }, 'exit code 3'],
    ['AllocationRequested', { allocationId: 'm', attempt: 2 }, 'for m, attempt 2'],
    ['CallbackRefused', { cause: 'game', reason: 'no such map' }, 'game: no such map'],
    ['SlotCleared', { process: null, remark: 'killed' }, 'no process is left: killed'],
    [
      'ExitedZero',
      { cleared: { process: { pid: 7, buildConfiguration: 'game' }, remark: '' } },
      'the process exited with 0, process 7 of game runs now',
    ],
    ['HoldSet', { until: 0 }, 'until 1970-01-01T00:00:00.000Z'],
    ['OfTomorrow', { reason: 'who knows' }, 'who knows'],
    ['OfTomorrow', {}, ''],
  ])('%s %j is "%s"', (type, data, why) => expect(whyOf(type, data)).toBe(why));
});

import { beforeEach, describe } from '@jest/globals';
import { appending } from './event-log/appending.js';
import { delivering } from './event-log/delivering.js';
import { forgetting } from './event-log/forgetting.js';
import { begin, type MakeLog } from './event-log/log-under-test.js';
import { reading } from './event-log/reading.js';

/** What every implementation of the event log must do. */
export function eventLogContract(name: string, makeLog: MakeLog): void {
  describe(`An event log (${name})`, () => {
    beforeEach(() => begin(makeLog));

    for (const part of [appending, reading, forgetting, delivering]) part();
  });
}

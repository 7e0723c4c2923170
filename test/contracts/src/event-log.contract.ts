import { appending } from './event-log/appending.js';
import { delivering } from './event-log/delivering.js';
import { forgetting } from './event-log/forgetting.js';
import type { MakeLog } from './event-log/log-under-test.js';
import { reading } from './event-log/reading.js';

/** What every implementation of the event log must do. */
export function eventLogContract(name: string, makeLog: MakeLog): void {
  for (const part of [appending, reading, forgetting, delivering]) part(name, makeLog);
}

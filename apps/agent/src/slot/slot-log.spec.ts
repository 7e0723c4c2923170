import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { aRecord } from '../../test/support/samples.js';
import { slotLog } from './slot-log.js';
import { noSession, type SessionRecord } from './session-record.js';
import { SessionStore } from './session-store.js';

const ref = { region: 'eu', agent: 'm', slot: '1' };

/** What the log of a slot with this record writes. */
function written(record: SessionRecord): Record<string, unknown> {
  const lines: string[] = [];
  const logger = pino({}, { write: (line: string) => void lines.push(line) });
  const folder = { writeRecord: () => Promise.resolve() } as never;
  slotLog(logger, ref, new SessionStore(folder, record)).info({ game: 7 }, 'started the game');
  return JSON.parse(lines[0] ?? '') as Record<string, unknown>;
}

describe('The log of a slot', () => {
  it('has the id of its allocation in each line, and none without a session', () => {
    expect(written(aRecord())).toMatchObject({
      ...{ slot: 'eu.m.1', allocationId: 'match-1', game: 7, msg: 'started the game' },
    });
    expect(written(noSession)).not.toHaveProperty('allocationId');
    expect(written(aRecord({ clearedFence: 1 }))).not.toHaveProperty('allocationId');
  });
});

import { SlotReplay, Verification, type Replayed } from '#audit';
import type { StoredMessage } from '#kernel';
import { storedLog } from '#testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ReplayThreads } from './replay-threads.js';

const log: readonly StoredMessage[] = [...storedLog({ slots: 23, sessions: 8 })];
const middle = Math.floor(log.length / 2);
const damaged = log
  .map((message) =>
    message.sequence === middle ? { ...message, body: message.body.with(30, 0) } : message,
  )
  .filter(({ sequence }) => sequence !== middle + 9);
/** Threads run what was built. */
const entry = new URL(
  '../../../../../dist/apps/cli/src/audit/replayers/replay-thread.js',
  import.meta.url,
);

let threads: ReplayThreads;
afterEach(() => threads.close());

async function taken(messages: readonly StoredMessage[]): Promise<readonly Replayed[]> {
  const told: Replayed[] = [];
  for (let from = 0; from < messages.length; from += 100) {
    for (const message of messages.slice(from, from + 100)) threads.add(message);
    told.push(...(await threads.replay()));
  }
  return told;
}

/** What one thread tells, in the order of the log: with several, a writer is noted by each of them. */
function alone(messages: readonly StoredMessage[]) {
  const replay = new SlotReplay();
  return messages.map((message) => replay.take(message));
}

const withoutOwn = (all: readonly Replayed[]) =>
  all.map(({ at, remarks }) => ({ at, remarks: remarks.filter(({ kind }) => kind !== 'own') }));

describe('Threads that replay slots', () => {
  it.each([1, 3])('tell what one would, if there are %i', async (count) => {
    threads = new ReplayThreads(count, [], entry);
    expect(withoutOwn(await taken(damaged))).toEqual(withoutOwn(alone(damaged)));
  });

  it('go on where others ended, in another number', async () => {
    threads = new ReplayThreads(2, [], entry);
    const verification = new Verification(0);
    const first = damaged.slice(0, middle + 20);
    for (const [index, told] of (await taken(first)).entries()) {
      verification.note(first[index]!, told);
    }
    const kept = verification.keep(await threads.keep());
    await threads.close();
    threads = new ReplayThreads(3, kept.heads, entry);
    const second = new Verification(0, kept);
    const rest = damaged.slice(middle + 20);
    for (const [index, told] of (await taken(rest)).entries()) second.note(rest[index]!, told);
    const whole = new Verification(0);
    for (const message of damaged) whole.take(message);
    expect(second.report()).toEqual(whole.report());
  });

  it('fail where a thread cannot run', async () => {
    threads = new ReplayThreads(1, [], new URL('./none.js', import.meta.url));
    await expect(taken(log)).rejects.toThrow('none.js');
  });
});

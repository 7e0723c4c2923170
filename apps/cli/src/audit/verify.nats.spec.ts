import { NotPermitted, TransientError, type StoredMessage } from '#kernel';
import { storedLog } from '#testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StoredRegion } from '../../../auditor/test/support/stored-region.js';
import { program } from '../program.js';
import { verifyInThread } from './verify-in-thread.js';

const log: readonly StoredMessage[] = [...storedLog({ slots: 20, sessions: 10 })];
const at = Math.floor(log.length / 2);

/** Threads run what was built. */
const built = new URL('../../../../dist/apps/cli/src/audit/verify-thread.js', import.meta.url);

let folder: string;
let region: StoredRegion;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-audit-'));
  region = await StoredRegion.start();
});
afterAll(async () => {
  await region.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => void (process.exitCode = undefined));
afterEach(async () => {
  process.exitCode = undefined;
  await region.clear();
});

async function verify(...words: readonly string[]) {
  const printed: string[] = [];
  const typed = ['audit', 'verify', '--region', region.name, '--nats', region.url, ...words];
  await program((text) => printed.push(text)).parseAsync(typed, { from: 'user' });
  return { printed: printed.join('\n'), exitCode: process.exitCode };
}

describe('berth audit verify', () => {
  it('finds a log sound, also the part that only the archive has', async () => {
    await region.openLog();
    await region.openArchive();
    await region.store(log);
    await region.archived(log.length);
    await region.manager.streams.purge(region.stream, { filter: log[0]!.subject });
    const { printed, exitCode } = await verify();
    expect(printed).toMatch(
      new RegExp(
        `^sound: ${log.length.toLocaleString('en')} events of 20 slots, 1 to ${log.length}`,
      ),
    );
    expect(printed).toContain(
      `${log.length.toLocaleString('en')} events without the number of the one they follow, which an archive`,
    );
    expect(exitCode).toBeUndefined();
  });

  it('names an event of which one byte was changed', async () => {
    await region.openCopy();
    const changed = log.map((message, index) => {
      if (index !== at) return message;
      const id = Buffer.from(message.body).indexOf('"id":"') + '"id":"'.length;
      return { ...message, body: message.body.with(id, 'X'.charCodeAt(0)) };
    });
    await region.store(changed);
    const { printed, exitCode } = await verify();
    expect(printed).toContain(`WRONG: 1 of ${log.length.toLocaleString('en')} events`);
    expect(printed).toMatch(new RegExp(`^${at + 1} +eu\\.\\S+ +is not what was written`, 'm'));
    expect(exitCode).toBe(1);
  });

  it('names an event that was dropped', async () => {
    await region.openCopy();
    await region.store(log);
    await region.manager.streams.deleteMessage(region.stream, at + 1);
    const { printed, exitCode } = await verify();
    expect(printed).toContain('WRONG: 1 of');
    expect(printed).toMatch(new RegExp(`^${at + 1} +eu\\.\\S+ +is missing: `, 'm'));
    expect(exitCode).toBe(1);
  });

  it('names two events that were swapped', async () => {
    await region.openCopy();
    const one = log[at]!;
    const other = log.find(({ subject, sequence }) => {
      return subject === one.subject && sequence > one.sequence;
    })!;
    await region.store(
      log.map((message) => {
        if (message === one) return { ...message, body: other.body };
        return message === other ? { ...message, body: one.body } : message;
      }),
    );
    const { findings } = JSON.parse((await verify('--json')).printed);
    expect(findings.map(({ sequence }: { sequence: number }) => sequence)).toEqual([
      one.sequence,
      other.sequence,
    ]);
    expect(process.exitCode).toBe(1);
  });

  it('goes on where it ended, and knows another log', async () => {
    const note = ['--resume', join(folder, 'note.json')];
    await region.openCopy();
    await region.store(log.slice(0, at));
    expect((await verify(...note)).printed).toContain(`1 to ${at}`);
    await region.store(log.slice(at));
    expect((await verify(...note)).printed).toContain(`sound: ${log.length.toLocaleString('en')} `);
    await region.manager.streams.delete(region.stream);
    await region.openCopy();
    await region.store([...storedLog({ slots: 21, sessions: 10 })]);
    await expect(verify(...note)).rejects.toThrow(`at ${log.length} stands another event`);
    await writeFile(join(folder, 'note.json'), '{}');
    await expect(verify(...note)).rejects.toThrow('is no note of a verification');
  });

  it('is the same in a thread, which can be interrupted and goes on', async () => {
    await region.openCopy();
    await region.store(log.map((one) => (one === log[at] ? { ...one, body: log[0]!.body } : one)));
    const options = { region: region.name, nats: region.url };
    const reached: number[] = [];
    const meter = {
      begin: () => undefined,
      reach: (done: number) => void reached.push(done),
      end: () => undefined,
    };
    const inThread = (signal: AbortSignal, resume?: string) =>
      verifyInThread({ ...options, ...(resume && { resume }) }, { signal, meter }, built);
    const { report } = await inThread(new AbortController().signal);
    expect(report).toEqual(JSON.parse((await verify('--json')).printed));
    expect(reached).not.toEqual([]);
    const interrupted = await inThread(AbortSignal.abort(), join(folder, 'thread.json'));
    expect(interrupted).toMatchObject({ isWhole: false, report: { events: 0 } });
    const whole = await inThread(new AbortController().signal, join(folder, 'thread.json'));
    expect(whole).toMatchObject({ isWhole: true, report: { events: log.length } });
  });

  it('says what a thread fails of', async () => {
    const nothing = { begin: () => undefined, reach: () => undefined, end: () => undefined };
    const deps = { signal: new AbortController().signal, meter: nothing };
    const entry = new URL('./none.js', import.meta.url);
    await expect(verifyInThread({ region: 'eu' }, deps, entry)).rejects.toThrow('none.js');
    const away = { region: 'eu', nats: 'nats://127.0.0.1:1' };
    await expect(verifyInThread(away, deps, built)).rejects.toBeInstanceOf(TransientError);
  });

  it('says what a thread may not do', async () => {
    const mayNotRead = 'permissions: { publish: { deny: "$JS.API.DIRECT.>" } }';
    const guarded = await StoredRegion.start(
      `authorization { users: [{ user: reader, password: se, ${mayNotRead} }] }\nno_auth_user: reader`,
    );
    try {
      await guarded.openLog();
      await guarded.store(log.slice(0, 10));
      const meter = { begin: () => undefined, reach: () => undefined, end: () => undefined };
      const deps = { signal: new AbortController().signal, meter };
      const options = { region: guarded.name, nats: guarded.url };
      await expect(verifyInThread(options, deps, built)).rejects.toBeInstanceOf(NotPermitted);
    } finally {
      await guarded.stop();
    }
  });

  it('fails where the region has no log', async () => {
    await expect(verify()).rejects.toThrow('region eu has no log');
    await region.openCopy();
    expect((await verify()).printed).toContain('sound: 0 events');
  });
});

import type { FleetAt, VerificationReport, WhatIf } from '#audit';
import { connectNats, StoredLog } from '#jetstream';
import type { StoredMessage } from '#kernel';
import { SystemClock } from '#service-runtime';
import { storedLog } from '#testing';
import { slotsSubject } from '#wire';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { StoredRegion } from '../../../auditor/test/support/stored-region.js';
import { program } from '../program.js';
import { withCopy } from './import.command.js';

const log: readonly StoredMessage[] = dated([...storedLog({ slots: 12, sessions: 8 })]);
const SECRETS = ['"mode":"ctf"', '"secret"'];

let folder: string;
let region: StoredRegion;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'berth-export-'));
  region = await StoredRegion.start();
  await region.openLog();
  await region.store(log);
});
afterAll(async () => {
  await region.stop();
  await rm(folder, { recursive: true, force: true });
});

async function audit(url: string, ...words: readonly string[]): Promise<string> {
  const printed: string[] = [];
  const typed = ['audit', ...words, '--region', region.name, '--nats', url];
  await program((text) => printed.push(text)).parseAsync(typed, { from: 'user' });
  return printed.join('\n');
}

async function exported(name: string, ...words: readonly string[]): Promise<string> {
  const file = join(folder, name);
  await audit(region.url, 'export', file, ...words);
  return file;
}

interface Line {
  readonly document: { readonly time: string };
}

const lines = async (file: string) => (await readFile(file, 'utf8')).trimEnd().split('\n');
const report = async (url: string) =>
  JSON.parse(await audit(url, 'verify', '--json')) as VerificationReport;

const dates = log.map(dateOf);

function dateOf({ body }: StoredMessage): number {
  const { time } = JSON.parse(Buffer.from(body).toString()) as { time: string };
  return Date.parse(time);
}

/** In the order of their dates, as a log is. */
function dated(messages: readonly StoredMessage[]): readonly StoredMessage[] {
  const last = new Map<string, number>();
  return messages
    .toSorted((one, other) => dateOf(one) - dateOf(other))
    .map((message, index) => {
      const expected = last.get(message.subject) ?? 0;
      last.set(message.subject, index + 1);
      return { ...message, sequence: index + 1, expected };
    });
}

describe('berth audit export', () => {
  it('writes a copy that is sound, without payloads and tokens', async () => {
    const file = await exported('all.jsonl');
    const text = await readFile(file, 'utf8');
    for (const secret of SECRETS) {
      expect(text).not.toContain(secret);
      expect(log.some(({ body }) => Buffer.from(body).includes(secret))).toBe(true);
    }
    await withCopy(file, async ({ url }, imported) => {
      expect(imported).toEqual({ region: region.name, events: log.length, leftOut: 0 });
      const { wrong, events, unchained, beginningsGone } = await report(url);
      expect({ wrong, events, unchained, beginningsGone }).toEqual({
        ...{ wrong: 0, events: log.length, unchained: 0, beginningsGone: 0 },
      });
    });
  });

  it('writes every byte where secrets are asked for, for its owner only', async () => {
    const file = await exported('secrets.jsonl', '--secrets');
    expect((await stat(file)).mode & 0o077).toBe(0);
    await withCopy(file, async ({ url }) => {
      const copied = await connectNats({ servers: url, name: 'test' });
      const stored = await StoredLog.open(copied, {
        ...{ stream: region.stream, filter: slotsSubject(region.name) },
        clock: new SystemClock(),
      });
      const copies: StoredMessage[] = [];
      for await (const messages of stored.read(0)) copies.push(...messages);
      expect(copies).toHaveLength(log.length);
      for (const [index, { body, subject }] of copies.entries()) {
        expect(subject).toBe(log[index]!.subject);
        expect(Buffer.compare(body, log[index]!.body)).toBe(0);
      }
      await copied.close();
    });
  });

  it.each(['old.jsonl', 'old.csv', 'old.parquet'])('takes %s for its owner only', async (name) => {
    await writeFile(join(folder, name), 'of before', { mode: 0o644 });
    const file = await exported(name, '--secrets');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, 'utf8')).not.toContain('of before');
  });

  it('says why it cannot write', async () => {
    await expect(exported('nowhere/all.jsonl')).rejects.toThrow('ENOENT: no such file');
    const full = audit(region.url, 'export', '/dev/full', '--format', 'jsonl');
    await expect(full).rejects.toThrow('ENOSPC: no space left');
    expect((await stat('/dev/full')).mode & 0o777).toBe(0o666);
  });

  it('leaves the file as it was when it is interrupted', async () => {
    const file = join(folder, 'kept.jsonl');
    await writeFile(file, 'of before');
    const interrupted = exported('kept.jsonl');
    await setImmediate();
    process.emit('SIGINT');
    await expect(interrupted).rejects.toThrow(`interrupted: ${file} is not written`);
    expect(await readFile(file, 'utf8')).toBe('of before');
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('writes a span of time, in which a copy shows the slots as they stood', async () => {
    const [from, to] = [dates[40]!, dates[200]!];
    const instants = [from, to].map((at) => new Date(at).toISOString());
    const file = await exported('span.jsonl', '--from', instants[0]!, '--to', instants[1]!);
    const within = dates.filter((at) => at >= from && at <= to);
    const documents = (await lines(file)).map((line) => JSON.parse(line) as Line);
    const inSpan = documents.filter(({ document }) => Date.parse(document.time) >= from);
    expect(inSpan).toHaveLength(within.length);
    await withCopy(file, async ({ url }) => {
      expect((await report(url)).wrong).toBe(0);
      for (const instant of instants) {
        const [copy, original] = (await Promise.all(
          [url, region.url].map(
            async (one) => JSON.parse(await audit(one, 'at', instant, '--json')) as FleetAt,
          ),
        )) as [FleetAt, FleetAt];
        const seen = ({ slots }: FleetAt) =>
          slots.map(({ id, status, allocation, at }) => ({ id, status, allocation, at }));
        expect(seen(copy)).toEqual(seen(original));
        expect(seen(original).length).toBeGreaterThan(3);
      }
    });
  });

  it('writes tables: CSV as RFC 4180 has it, and Parquet', async () => {
    const csv = await lines(await exported('all.csv'));
    expect(csv).toHaveLength(log.length + 1);
    expect(csv[0]).toBe(
      'sequence,at,slot,fleet,event,status,allocation,attempt,by,why,source,data',
    );
    const claim = csv.find((line) => line.includes('AllocationRequested'))!;
    expect(claim).toMatch(
      /^\d+,2026-.*Z,eu\.m-\d\.\d+,harbour,AllocationRequested,allocated,match-/,
    );
    expect(claim).toContain('"{""allocationId"":""match-');
    const file = await asyncBufferFromFile(await exported('all.parquet'));
    const rows = await parquetReadObjects({ file });
    expect(rows).toHaveLength(log.length);
    const [first] = rows;
    expect(first).toMatchObject({ sequence: 1n, event: 'SlotRegistered', fleet: 'harbour' });
    expect(first!['at']).toEqual(new Date(dates[0]!));
    expect(JSON.stringify(rows.map(({ data }) => data as string))).not.toContain('ctf');
  });

  it('writes the events of one slot, one fleet, one allocation', async () => {
    const { subject } = log[0]!;
    const slot = await lines(await exported('slot.jsonl', '--slot', subject.slice('slot.'.length)));
    expect(slot).toHaveLength(log.filter((message) => message.subject === subject).length);
    const id = 'match-3-2';
    const allocation = await lines(await exported('allocation.csv', '--allocation', id));
    expect(allocation.slice(1).map((line) => line.split(',')[6])).toEqual(
      Array.from({ length: allocation.length - 1 }, () => id),
    );
    expect(allocation.length).toBeGreaterThan(3);
    expect(await readFile(await exported('none.jsonl', '--fleet', 'other'), 'utf8')).toBe('');
  });

  it('asks for a format where the name tells none', async () => {
    await expect(exported('events.txt')).rejects.toThrow('say --format');
  });
});

describe('berth audit import', () => {
  it('names the line that is none of an export', async () => {
    const file = await exported('broken.jsonl');
    const all = await lines(file);
    await writeFile(file, [...all.slice(0, 4), '{"sequence":5}', ...all.slice(5)].join('\n'));
    await expect(withCopy(file, async () => undefined)).rejects.toThrow(
      /broken\.jsonl, line 5: this is no line of an export/,
    );
  });
});

describe('berth audit replay', () => {
  const replayed = async (...words: readonly string[]) => {
    const printed: string[] = [];
    const typed = ['audit', 'replay', ...words];
    await program((text) => printed.push(text)).parseAsync(typed, { from: 'user' });
    return printed.join('\n');
  };

  it('tells who had been refused with other slots, and how many slots it takes', async () => {
    const file = await exported('day.jsonl');
    const whatIf = JSON.parse(await replayed(file, '--slots', '1', '--json')) as WhatIf;
    expect(whatIf).toMatchObject({ slots: 1, requests: 96, recorded: { slots: 12 } });
    expect(whatIf.served + whatIf.refused.length).toBe(96);
    expect(whatIf.refused.length).toBeGreaterThan(0);
    const text = await replayed(file, '--fleet-size', 'harbour=12');
    expect(text).toMatch(/^refused +not in the log +0$/m);
    expect(text).toContain(`to serve each at once: ${whatIf.needed.slots} slots`);
  });

  it('shows what happens as it does, and refuses a fleet that is not in the record', async () => {
    const file = await exported('day.jsonl', '--slot', log[0]!.subject.slice('slot.'.length));
    expect(await replayed(file, '--speed', '1000000')).toMatch(
      /Z {2}served {3}match-0-1 {2}1 of 1 busy/,
    );
    await expect(replayed(file, '--fleet-size', 'other=3')).rejects.toThrow(
      'no slot of fleet other',
    );
  });
});
